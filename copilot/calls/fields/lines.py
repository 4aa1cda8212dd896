"""A turn made ready for reading: noise gone, spoken numbers in digits, cut into words that know their punctuation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from copilot.spoken import find_numbers
from copilot.transcript import Speaker, Turn

MAX_TURN_CHARS = 100_000  # an hour of undiarised talk is about half of this; what is longer is not a turn

_NOISE = re.compile(r"\[[a-z][a-z _-]*\]|<[a-z_]+>|~")
_WORD = re.compile(
    r"\[[A-Z][A-Z_]*\]"  # what redaction left: [PIN]
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
    r"|[$€£]?\d+(?:[.,:/-]\d+)*[$€£]?[^\W\d_]*"
    r"|[^\W_]+(?:'[^\W_]+)*"
)
_HARD = re.compile(r"[.!?;\n…¿¡]|--| - ")
_ABBREVIATIONS = frozenset({"dr", "mr", "mrs", "ms", "st", "dra", "sr", "sra", "ave", "apt"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number, e-mail address or mask at [start, end) of its line's text.

    `key` is the word in lower case; `before` the punctuation in front of it: "" none, "," a pause, "." an end.
    `string` marks digits said one after the other, not as a quantity; `spoken` is the word of a number below ten.
    """

    key: str
    start: int
    end: int
    before: str
    string: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as words over its written text."""

    index: int
    turn_id: str
    speaker: Speaker
    text: str
    words: tuple[Word, ...]
    has_case: bool
    starts: tuple[int, ...]  # for every word the first place of its sentence
    ends: tuple[int, ...]  # for every word the place after the last word of its sentence

    def said(self, start: int, end: int) -> str:
        """The text of the words [start, end), as written."""
        return self.text[self.words[start].start : self.words[end - 1].end] if start < end else ""

    def worded(self, start: int, end: int) -> str:
        """The words [start, end) with numbers below ten as they were said: "the blue one", not "the blue 1"."""
        parts: list[str] = []
        for place in range(start, end):
            word = self.words[place]
            gap = self.text[self.words[place - 1].end : word.start] if place > start else ""
            parts.append(gap + (word.spoken or self.text[word.start : word.end]))
        return "".join(parts)

    def is_question_at(self, place: int) -> bool:
        """Whether the sentence that holds the word at `place` ends with a question mark."""
        end = self.ends[place]
        stop = self.words[end].start if end < len(self.words) else len(self.text)
        return "?" in self.text[self.words[end - 1].end : stop]


Range = tuple[int, int]
"""Words [first, second) of a line."""

Piece = tuple[Line, int, int]
"""A range of words and the line they are of."""


def free_ranges(line: Line, claims: Sequence[Range]) -> list[Range]:
    """The ranges of the line's words that no claim holds."""
    ranges: list[Range] = []
    start = 0
    for first, stop in sorted(claims):
        if start < first:
            ranges.append((start, first))
        start = max(start, stop)
    if start < len(line.words):
        ranges.append((start, len(line.words)))
    return ranges


def read_lines(turns: Sequence[Turn], language: str) -> list[Line]:
    """The turns as lines, in their order."""
    return [read_line(index, turn, language) for index, turn in enumerate(turns)]


def read_line(index: int, turn: Turn, language: str) -> Line:
    """A turn, the `index`th of its call, as a line; one that holds nothing but noise is a line without words."""
    text = _NOISE.sub(" ", turn.text[:MAX_TURN_CHARS].replace("’", "'")).strip()
    written, strings, small = _in_digits(text, language)
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(written):
        key = match.group().lower()
        gap = written[end : match.start()]
        before = _punctuation(gap, words[-1].key if words else "")
        words.append(
            Word(key, match.start(), match.end(), before, match.start() in strings, small.get(match.start(), ""))
        )
        end = match.end()
    has_case = any(char.isupper() for char in text)
    return Line(index, turn.turn_id, turn.speaker, written, tuple(words), has_case, *_sentences(words))


def _sentences(words: Sequence[Word]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """For every word the first place of its sentence, and the place after the last."""
    borders = [0, *(place for place in range(1, len(words)) if words[place].before == "."), len(words)]
    starts = [start for start, end in pairwise(borders) for _ in range(start, end)]
    ends = [end for start, end in pairwise(borders) for _ in range(start, end)]
    return tuple(starts), tuple(ends)


def _punctuation(gap: str, previous: str) -> str:
    if _HARD.search(gap) and not (gap.startswith(".") and gap.count(".") == 1 and _is_abbreviation(previous)):
        return "."
    return "," if "," in gap or ":" in gap or "(" in gap else ""


def _is_abbreviation(word: str) -> bool:
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _in_digits(text: str, language: str) -> tuple[str, set[int], dict[int, str]]:
    """The text with spoken numbers in digits; where in it digits stand that were said one by one; the small numbers."""
    parts: list[str] = []
    strings: set[int] = set()
    small: dict[int, str] = {}
    done = length = 0
    for span in find_numbers(text, language=language):
        if not span.spoken:
            continue
        digits = format(span.value, "f") if span.is_quantity and span.value is not None else span.digits
        parts += [text[done : span.start], digits]
        length += span.start - done
        if not span.is_quantity:
            strings.add(length)
        elif len(digits) == 1:
            small[length] = text[span.start : span.end]
        length += len(digits)
        done = span.end
    return "".join([*parts, text[done:]]), strings, small


_Payload = TypeVar("_Payload")


class Phrases(Generic[_Payload]):
    """Phrases of one or more words, looked up at a place in a list of words; the longest one wins."""

    def __init__(self, phrases: Mapping[str, _Payload]) -> None:
        self.entries = dict(phrases)
        self._by_first: dict[str, list[tuple[tuple[str, ...], _Payload]]] = {}
        for phrase, payload in phrases.items():
            keys = tuple(word.group() for word in _WORD.finditer(phrase.lower())) or (phrase,)
            self._by_first.setdefault(keys[0], []).append((keys, payload))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, words: Sequence[Word], place: int, end: int | None = None) -> tuple[int, _Payload] | None:
        """How many words the longest phrase at `place` has, and what it stands for; not over the end of a sentence."""
        limit = len(words) if end is None else end
        for keys, payload in self._by_first.get(words[place].key, ()) if place < limit else ():
            stop = place + len(keys)
            if stop <= limit and all(
                words[place + step].key == key and (step == 0 or words[place + step].before != ".")
                for step, key in enumerate(keys)
            ):
                return len(keys), payload
        return None

    def anywhere(self, words: Sequence[Word], start: int = 0, end: int | None = None) -> bool:
        """Whether any of the phrases stands in [start, end)."""
        return self.first(words, start, end) is not None

    def first(self, words: Sequence[Word], start: int = 0, end: int | None = None) -> tuple[int, int, _Payload] | None:
        """The first phrase in [start, end): its place, its end, what it stands for."""
        for place in range(start, len(words) if end is None else end):
            found = self.at(words, place, end)
            if found:
                return place, place + found[0], found[1]
        return None
