"""Answers worded by a language model: every sentence is checked against the passages it names, or left out."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, Field

from copilot.answers.extractive import Answer, AnswerSentence, Finding, Source, source_of
from copilot.guard.grounding import Evidence, check_sentence
from copilot.guard.redaction import RedactionPolicy
from copilot.guard.wording import check_worded
from copilot.models import LIVE_ANSWER, Model
from copilot.spoken import find_numbers
from knowledge.quotes import stems_of
from knowledge.retriever import Hit

PROMPT = "answer"
MAX_PASSAGES = 4
MAX_PASSAGE_CHARACTERS = 3_000
MAX_SENTENCES = 6
WINDOW_SENTENCES = 3

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


class _Sentence(BaseModel):
    text: str = Field(min_length=1, max_length=600)
    passage_ids: list[str] = Field(max_length=8)


class WordedAnswer(BaseModel):
    """The form the model answers in."""

    sentences: list[_Sentence] = Field(max_length=12)


def word_answer(
    model: Model,
    finding: Finding,
    *,
    policy: RedactionPolicy,
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
) -> Answer | None:
    """The answer in a model's words; None when too little of what it wrote is borne out.

    The passages are those the extractive answer rests on, so what is overruled or has lapsed is not among them; its
    conflicts are carried over. A sentence that names an unknown passage, or says what its passages do not, is left out;
    so is one that says something was done in this case, as no passage records that.

    Args:
        model: asked once, within the limits of a live answer.
        finding: the extractive answer and its passages.
        policy: what the pack masks, in what is sent and in what comes back.
        gazetteer: names of plans, offers and products.
        known_names: names that need no passage, such as that of the business.

    Raises:
        ModelFailed: the model gave nothing usable; the extractive answer stands.
    """
    hits = {f"p{place}": hit for place, hit in enumerate(finding.hits[:MAX_PASSAGES], start=1)}
    if not hits:
        return None
    prompt = model.prompt(PROMPT)
    values = {
        "question": finding.answer.question,
        "passages": "\n\n".join(f"[{passage_id}] {_shown(hit)}" for passage_id, hit in hits.items()),
        "language": finding.language,
    }
    reply = model.complete(prompt.fill(values, policy=policy, form=WordedAnswer), task=LIVE_ANSWER)
    written = reply.output_as(WordedAnswer).sentences[:MAX_SENTENCES]
    names = _Names(tuple(gazetteer), tuple(known_names))
    kept = [found for one in written if (found := _checked(one, hits, finding.language, names)) is not None]
    if not kept or 2 * len(kept) < len(written):
        return None
    worded = _assembled(finding, kept, hits)
    return replace(worded, provider=reply.model, prompt=reply.prompt_name, prompt_version=reply.prompt_version)


@dataclass(frozen=True)
class _Names:
    """Names of what the business sells, and names that need no passage."""

    gazetteer: tuple[str, ...]
    known: tuple[str, ...]


def _shown(hit: Hit) -> str:
    return hit.passage.index_text[:MAX_PASSAGE_CHARACTERS]


def _checked(
    written: _Sentence, hits: Mapping[str, Hit], language: str, names: "_Names"
) -> tuple[str, tuple[str, ...], float] | None:
    """The sentence with the ids of its passages and its support; None when it may not be shown."""
    text, named = written.text.strip(), tuple(dict.fromkeys(one.strip("[] ") for one in written.passage_ids))
    if not named or not all(one in hits for one in named):
        return None
    evidence = [Evidence(one, _shown(hits[one])) for one in named]
    checked = check_worded(
        text, evidence, language=language, gazetteer=names.gazetteer, known_names=names.known, needs_record=True
    )
    if not checked.supported or not _is_local(text, [hits[one] for one in named], language, names):
        return None
    return text, named, round(checked.support, 2)


def _is_local(sentence: str, hits: Sequence[Hit], language: str, names: "_Names") -> bool:
    """Whether figures stand where the passages have them: the late fee must not get the amount of another fee.

    One figure must stand in a sentence that shares as many words with the claim as any; several must stand near.
    """
    figures = find_numbers(sentence, language=language)
    if not figures:
        return True
    if len(figures) > 1:
        near = [window for hit in hits for window in _windows(hit, WINDOW_SENTENCES)]
    else:
        near = _nearest(sentence, [window for hit in hits for window in _windows(hit, 1)], language)
    return any(
        check_sentence(
            sentence, [Evidence("", window)], language=language, known_names=names.known, min_support=0.0
        ).supported
        for window in near
    )


def _nearest(sentence: str, windows: Sequence[str], language: str) -> list[str]:
    wanted = stems_of(_without_numbers(sentence, language), language)
    shared = [len(wanted & stems_of(window, language)) for window in windows]
    return [window for window, count in zip(windows, shared, strict=True) if count == max(shared)]


def _without_numbers(text: str, language: str) -> str:
    pieces, done = [], 0
    for number in find_numbers(text, language=language):
        pieces.append(text[done : number.start])
        done = number.end
    return " ".join([*pieces, text[done:]])


def _windows(hit: Hit, size: int) -> Iterator[str]:
    """So many sentences in a row at a time, under their title and heading."""
    passage = hit.passage
    sentences = [part for part in _SENTENCE_END.split(passage.text) if part.strip()]
    for start in range(max(1, len(sentences) - size + 1)):
        yield "\n".join((passage.title, passage.heading, " ".join(sentences[start : start + size])))


def _assembled(finding: Finding, kept: Sequence[tuple[str, tuple[str, ...], float]], hits: Mapping[str, Hit]) -> Answer:
    """The answer with its sources numbered in the order in which they are named."""
    order = list(dict.fromkeys(one for _text, named, _support in kept for one in named))
    sources: tuple[Source, ...] = tuple(source_of(finding.answer.question, hits[one]) for one in order)
    place_of = {one: place for place, one in enumerate(order, start=1)}
    text = " ".join(f"{words} {''.join(f'[{place_of[one]}]' for one in named)}" for words, named, _support in kept)
    sentences = tuple(
        AnswerSentence(words, tuple(hits[one].passage.passage_id for one in named), support)
        for words, named, support in kept
    )
    return replace(finding.answer, text=text, sources=sources, sentences=sentences)
