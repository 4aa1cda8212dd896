"""Two documents on one subject that state different figures in sentences that say the same."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.document_lines import sections_of
from knowledge.documents import Document
from knowledge.words import fold, query_words, stem

Figures = dict[str, frozenset[str]]

_SAME_SUBJECT = 0.5
_SAME_SENTENCE = 0.6
_MIN_SHARED_WORDS = 3
_COMMON_TITLE_WORD = 25
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\S))+")
_MONEY = re.compile(r"\$\s?(\d[\d,]*(?:\.\d+)?)")
_YEAR = re.compile(r"(19|20)\d\d")
_COUNTED = re.compile(r"(?<![\w.$/-])(\d+(?:\.\d+)?)[\s-]?(%|[^\W\d_]{3,})")


@dataclass(frozen=True)
class Claim:
    """A sentence with figures."""

    text: str
    at: int
    """Where it begins in its document."""
    words: frozenset[str]
    figures: Figures


@dataclass(frozen=True)
class Contradiction:
    """What one document says and what a newer one says instead; `unit` is "$", "%" or the stem of a word."""

    unit: str
    older: Claim
    newer: Claim


def same_subject(documents: Sequence[Document]) -> Iterator[tuple[int, int]]:
    """Places of pairs whose titles name the same thing; years and other numbers in a title do not count.

    Titles are compared by their stems; a stem that more than 25 titles share names no subject by itself.
    """
    titles = [_stems(document.title, document.language) for document in documents]
    by_stem: dict[str, list[int]] = defaultdict(list)
    for place, title in enumerate(titles):
        for word in title:
            by_stem[word].append(place)
    for place, title in enumerate(titles):
        rivals = {other for word in title if len(by_stem[word]) <= _COMMON_TITLE_WORD for other in by_stem[word]}
        for other in sorted(rival for rival in rivals if rival > place):
            if len(title & titles[other]) / len(title | titles[other]) >= _SAME_SUBJECT:
                yield place, other


def claims_of(document: Document) -> list[Claim]:
    """The sentences of a document that state a figure with its unit, in order."""
    claims = []
    for section in sections_of(document):
        start = document.text.index(section.text, section.at)
        heading = _stems(section.heading, document.language)
        for sentence in _SENTENCE.finditer(section.text):
            figures = _figures(sentence.group(), document.language)
            if figures:
                about = _stems(sentence.group(), document.language) | heading
                claims.append(Claim(sentence.group().strip(), start + sentence.start(), about, figures))
    return claims


def contradiction(older: Sequence[Claim], newer: Sequence[Claim]) -> Contradiction | None:
    """The two claims that say most nearly the same with no figure of some unit in common, or None.

    A figure of the newer document that the older one also states somewhere speaks of another case and does not count;
    the other way round it does, for a newer document often names the figure it replaces.
    """
    stated_before = _stated(older)
    best, closest = None, 0.0
    for before in older:
        for after in newer:
            shared = len(before.words & after.words)
            closeness = shared / min(len(before.words), len(after.words)) if shared >= _MIN_SHARED_WORDS else 0.0
            if closeness < _SAME_SENTENCE or closeness <= closest:
                continue
            for unit in sorted(before.figures.keys() & after.figures.keys()):
                if before.figures[unit].isdisjoint(after.figures[unit]) and after.figures[unit] - stated_before[unit]:
                    best, closest = Contradiction(unit, before, after), closeness
                    break
    return best


def _stated(claims: Sequence[Claim]) -> dict[str, frozenset[str]]:
    stated: dict[str, frozenset[str]] = defaultdict(frozenset)
    for claim in claims:
        for unit, numbers in claim.figures.items():
            stated[unit] |= numbers
    return stated


def _figures(sentence: str, language: str) -> Figures:
    found: dict[str, set[str]] = defaultdict(set)
    for amount in _MONEY.findall(sentence):
        found["$"].add(_plain(amount))
    for number, unit in _COUNTED.findall(sentence):
        if not _YEAR.fullmatch(number):
            found[unit if unit == "%" else stem(fold(unit), language)].add(_plain(number))
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def _plain(number: str) -> str:
    number = number.replace(",", "")
    return number.rstrip("0").rstrip(".") if "." in number else number


def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in query_words(text, [language]) if not word[0].isdigit())
