"""Quizzes: a sentence of a document in force with one figure left out, and the figures it might be.

Questions are made from the documents and a seed alone, so that a quiz is the same each time it is looked at, and what
is right stands in the document, which the answer cites.
"""

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from copilot.errors import BadInput, Conflict
from copilot.guard.grounding.values import Value, read_values
from knowledge.documents import Document
from knowledge.passages import passages_of

QUESTIONS = 5
OPTIONS = 4
BLANK = "____"
_KINDS = frozenset({"money", "percent", "duration"})
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\S))+[.!?]?")
_SHORTEST, _LONGEST = 30, 240


@dataclass(frozen=True)
class Citation:
    """Where the answer stands."""

    doc_id: str
    passage_id: str
    title: str
    heading: str
    quote: str


@dataclass(frozen=True)
class Question:
    """A sentence with a blank, what may stand there, and where it is said."""

    question_id: str
    text: str
    language: str
    options: Sequence[str]
    right: str
    citation: Citation


@dataclass(frozen=True)
class Answered:
    """One question, what was chosen, and what is right with its source."""

    question_id: str
    chosen: str
    right: str
    is_right: bool
    citation: Citation


def quiz_of(documents: Sequence[Document], seed: str, *, language: str = "en", most: int = QUESTIONS) -> list[Question]:
    """At most so many questions from documents in one language, each from another one; the same for the same seed."""
    drawn, figures = _draw(seed), defaultdict[str, set[str]](set)
    by_document: dict[str, list[tuple[Question, Value]]] = {}
    for each in (each for each in documents if each.language[:2] == language):
        blanks = _blanks(each.doc_id, each.title, each.text, each.language)
        by_document[each.doc_id] = list(blanks)
        for question, value in blanks:
            figures[_sort(question.right, value)].add(question.right)
    order = sorted(by_document)
    drawn.shuffle(order)
    found = (_question(by_document[doc_id], figures, drawn) for doc_id in order)
    return list(islice((each for each in found if each is not None), most))


def _question(
    blanks: list[tuple[Question, Value]], figures: Mapping[str, set[str]], drawn: random.Random
) -> Question | None:
    """One of these that has options enough; None when none has."""
    drawn.shuffle(blanks)
    for question, value in blanks:
        options = _options(question.right, value, figures, drawn)
        if len(options) == OPTIONS:
            return replace(question, options=options)
    return None


def grade(quiz: Sequence[Question], answers: Mapping[str, str]) -> list[Answered]:
    """What is right and what is not; a question without an answer is not right.

    Raises:
        BadInput: an answer that is no option.
        Conflict: an answer to a question the quiz does not have: its document has changed.
    """
    questions = {each.question_id: each for each in quiz}
    if not set(answers) <= set(questions):
        raise Conflict("The documents have changed since this quiz was given. Take another one.")
    for question_id, chosen in answers.items():
        if chosen not in questions[question_id].options:
            options = ", ".join(questions[question_id].options)
            raise BadInput(f"The answer to {question_id} is {chosen[:40]!r}; allowed are: {options}. Choose one.")
    return [
        Answered(each.question_id, chosen, each.right, chosen == each.right, each.citation)
        for each in quiz
        for chosen in [answers.get(each.question_id, "")]
    ]


@lru_cache(maxsize=10_000)
def _blanks(doc_id: str, title: str, text: str, language: str) -> tuple[tuple[Question, Value], ...]:
    """Every sentence of a document with a figure, the figure left out; reading figures is slow, so it is done once."""
    return tuple(_blanks_in(Document(doc_id, title, text, "", language=language)))


def _blanks_in(document: Document) -> Iterator[tuple[Question, Value]]:
    for passage in passages_of(document):
        for found in _SENTENCE.finditer(passage.text):
            sentence = found.group().strip().lstrip("-*> ").replace("**", "")
            if not _SHORTEST <= len(sentence) <= _LONGEST:
                continue
            values = [each for each in read_values(sentence, document.language[:2]) if each.kind in _KINDS]
            keys = [each.key for each in values]
            for value in values:
                shown = sentence[value.start : value.end].strip()
                if keys.count(value.key) > 1 or not re.search(r"\d", shown) or sentence.count(shown) > 1:
                    continue  # the sentence would give it away, or it is written in words
                if re.match(r"[\w.]\d|\w", sentence[value.end :]):
                    continue  # a part of a longer figure
                text = sentence.replace(shown, BLANK)
                place = hashlib.sha256(f"{document.doc_id}\x1f{text}".encode()).hexdigest()[:12]
                cited = Citation(document.doc_id, passage.passage_id, document.title, passage.heading, sentence)
                yield Question(place, text, document.language, (), shown, cited), value


def _options(right: str, value: Value, figures: Mapping[str, set[str]], drawn: random.Random) -> list[str]:
    """The right figure among the nearest others of its sort, in any order; fewer when there are none."""
    others = [each for each in figures[_sort(right, value)] if _amount(each) != _amount(right)]
    near = sorted(others, key=lambda each: (abs(_amount(each) - _amount(right)), each))
    distinct = list({_amount(each): each for each in near}.values())[: OPTIONS - 1]
    options = [right, *distinct]
    drawn.shuffle(options)
    return options


def _sort(shown: str, value: Value) -> str:
    unit = re.sub(r"[\d.,\s-]+", " ", shown).strip().casefold().rstrip("s")
    is_adjective = "-" in shown  # "a 60-minute visit" would stand out among minutes
    return f"{value.kind} {unit} {is_adjective}" if value.kind == "duration" else value.kind


def _amount(shown: str) -> Decimal:
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", shown)
    return Decimal(digits.group().replace(",", "")) if digits else Decimal(0)


def _draw(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a draw of questions, no secret
