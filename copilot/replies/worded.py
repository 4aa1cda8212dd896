"""A draft in a model's words: sentence by sentence, each held against the one it replaces; what fails stays as it was.

The model sees only the sentences of the draft that are ours. It never sees the item, so in public nothing of it can
come out; what the customer wrote, and places that are still open, are not given to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel, Field

from copilot.guard.grounding import Evidence
from copilot.guard.redaction import RedactionPolicy
from copilot.guard.wording import check_worded
from copilot.models import DRAFT, Model
from copilot.replies.checks import Checked, check_text, without_quotes
from copilot.replies.model import Check, Draft, DraftSentence, Understanding
from knowledge.pack import Pack

PROMPTS = {"public": "reply_public", "regulator": "reply_regulator", "private": "reply_private"}
WISHES = {None: "plain wording", "shorter": "fewer words", "warmer": "a warmer tone"}


class _Sentence(BaseModel):
    id: str = Field(max_length=10)
    text: str = Field(min_length=1, max_length=600)


class WordedForm(BaseModel):
    """The form the model answers in."""

    statements: list[_Sentence] = Field(max_length=60)


def word_draft(
    model: Model,
    *,
    draft: Draft,
    understanding: Understanding,
    pack: Pack,
    policy: RedactionPolicy,
    now: datetime,
    variant: str | None = None,
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
) -> Draft | None:
    """The draft with sentences reworded; None when none is, or when the whole would fail a check it passed before.

    Args:
        model: asked once, within the limits of a draft.
        draft: the extractive one.
        understanding: of the item.
        pack: for the checks.
        policy: what the pack masks.
        now: for the checks.
        variant: "shorter" or "warmer".
        gazetteer: names of plans, offers and products.
        known_names: names that need no source, such as that of the business.

    Raises:
        ModelFailed: the model gave nothing usable.
    """
    ours = {each.id: each for each in draft.sentences if _is_ours(each)}
    if not ours:
        return None
    prompt = model.prompt(PROMPTS[draft.draft_class])
    values = {
        "statements": "\n".join(f"[{each.id}] {each.text}" for each in ours.values()),
        "language": draft.language,
        "wish": WISHES[variant],
    }
    reply = model.complete(prompt.fill(values, policy=policy, form=WordedForm), task=DRAFT)
    terms, names = tuple(gazetteer), tuple(known_names)
    wording = {
        one.id: one.text.strip()
        for one in reply.output_as(WordedForm).statements
        if one.id in ours and _holds(one.text.strip(), ours[one.id], draft.language, terms, names)
    }
    worded = _put_together(draft, wording)
    checks = _checks(worded, understanding, pack, now)
    failed = {check.id for check in checks if not check.passed}
    if not wording or failed - {check.id for check in draft.checks if not check.passed}:
        return None
    versions = {**draft.versions, "prompt": f"{reply.prompt_name}/{reply.prompt_version}"}
    return replace(
        worded, checks=tuple(checks), provider=reply.model, versions=versions, draft_id=f"{draft.draft_id}-w"
    )


def _is_ours(sentence: DraftSentence) -> bool:
    return "“" not in sentence.text and "«" not in sentence.text and not sentence.text.startswith("[")


def _holds(
    text: str, before: DraftSentence, language: str, gazetteer: Sequence[str], known_names: Sequence[str]
) -> bool:
    """Whether the sentence it replaces bears the new one out, and the other way round: nothing added, nothing lost."""
    if text == before.text or "\n" in text or text.count("[") or without_quotes(text) != text:
        return False
    there = check_worded(
        text, [Evidence("own", before.text)], language=language, gazetteer=gazetteer, known_names=known_names
    )
    back = check_worded(
        before.text, [Evidence("new", text)], language=language, gazetteer=gazetteer, known_names=known_names
    )
    return there.supported and back.supported


def _put_together(draft: Draft, wording: Mapping[str, str]) -> Draft:
    sentences = tuple(replace(each, text=wording.get(each.id, each.text)) for each in draft.sentences)
    text, at = draft.text, 0
    for before, after in zip(draft.sentences, sentences, strict=True):
        place = text.index(before.text, at)
        text = text[:place] + after.text + text[place + len(before.text) :]
        at = place + len(after.text)
    return replace(draft, sentences=sentences, text=text)


def _checks(draft: Draft, understanding: Understanding, pack: Pack, now: datetime) -> list[Check]:
    item = understanding.item
    quotes = [citation.quote for sentence in draft.sentences for citation in sentence.citations]
    evidence = [*quotes, item.text, item.title, item.desired, *item.facts.values()]
    return check_text(Checked(draft.text, evidence, draft.allegations), understanding, pack, now=now)
