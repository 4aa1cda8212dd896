"""The numbers of one turn with what stands around each: fillers, a noun, a unit, a date."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.guard.redaction.cues import Cue, Word
from copilot.guard.redaction.kinds import Kind
from copilot.guard.redaction.readings import DateSpan, Reading, date_at, find_dates, is_price, reading_of
from copilot.guard.redaction.runs import announced_by, announces, joined_runs
from copilot.guard.redaction.topics import FILLERS
from copilot.spoken import NumberSpan
from copilot.spoken.numbers import numbers_of_plain
from copilot.spoken.words import NUMBER_WORDS

_NO_NOUNS = FILLERS | NUMBER_WORDS.keys()
_HYPHENED = re.compile(r"[0-9]{1,2}(?:-[0-9]{1,4}){1,2}")
_GROUPED = re.compile(r"[0-9]{1,4}(?:[\s.\-‐-―]{1,3}[0-9]{1,4})+")
_OHIO = re.compile(r"OH\s+[0-9]{5}(?:-[0-9]{4})?")  # no zero: a state
_FEWEST_AT_A_DISTANCE = 5  # digits
_STATE = re.compile(
    r"\b(?:A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|PR|RI|S[CD]|T[NX]|UT|V[TA]|"
    r"W[AVIY])[,.]?\s+$"
)
LONGEST_GAP_WORDS = 10  # fillers inside one number


@dataclass(slots=True)
class Numeral:
    """One number of the turn with what its surroundings say."""

    span: NumberSpan
    word: int  # index of the first word after its start
    reading: Reading | None
    date: DateSpan | None
    is_answer: bool  # nothing but fillers around it
    has_noun: bool  # a word of content follows directly
    is_joined: bool  # only fillers since the number before, in this turn
    is_joined_after: bool  # only fillers up to the number after
    kind: Kind | None = None
    is_harmless: bool = False  # its cue announced something that stays
    is_named: bool = False  # it is a part of a name, an amount, a place

    @property
    def size(self) -> int:
        """How many digits it has."""
        return len(self.span.digits)

    @property
    def is_told(self) -> bool:
        """Whether its surroundings say that it is an amount, a measure, a date, a time or a street number."""
        return self.reading is not None or self.date is not None


class Surroundings:
    """A turn's words and numbers, and the look-up from one to the other."""

    def __init__(
        self, plain: str, words: Sequence[Word], cues: Sequence[Cue], language: str, *, is_asked: bool = False
    ) -> None:
        self.plain = plain
        self.words = words
        numbers = numbers_of_plain(plain, language)
        self.dates = find_dates(plain, words, numbers)
        self._starts = [word.start for word in words]
        self.numbers = joined_runs(
            plain,
            numbers,
            self._is_plain_number,
            lambda run: announces(cues, self.word_at(run[0].start), self.word_at(run[-1].end)),
            lambda run: self._is_expected(run, cues, is_asked=is_asked),
        )
        self._cue_places = {place for cue in cues for place in range(cue.first, cue.last + 1)}

    def _is_expected(self, run: Sequence[NumberSpan], cues: Sequence[Cue], *, is_asked: bool) -> bool:
        """Whether the run answers a question, follows a cue directly, or is a long one after it."""
        first = self.word_at(run[0].start)
        if is_asked and self.are_fillers(0, first):
            return True
        cue = announced_by(cues, first)
        size = sum(len(number.digits) for number in run)
        return cue is not None and (size >= _FEWEST_AT_A_DISTANCE or self.are_links(cue.last + 1, first))

    def word_at(self, place: int) -> int:
        """The index of the first word that starts at the place in the text or after it."""
        return bisect_left(self._starts, place)

    def are_fillers(self, first: int, last: int) -> bool:
        """Whether the words [first, last) are few and carry nothing: what may stand inside one number."""
        return last - first <= LONGEST_GAP_WORDS and all(word.text in FILLERS for word in self.words[first:last])

    def are_links(self, first: int, last: int) -> bool:
        """Whether the words [first, last) only link a cue with its number: "is the number ending in"."""
        between = self.words[first:last]
        return len(between) <= 8 and all(word.text in FILLERS or word.text in NUMBER_WORDS for word in between)

    def _is_plain_number(self, span: NumberSpan) -> bool:
        is_decimal = span.value is not None and span.value != int(span.value)
        return not is_decimal and date_at(self.dates, span) is None and self._reading(span) is None

    def _reading(self, span: NumberSpan) -> Reading | None:
        first, after = self.word_at(span.start), self.word_at(span.end)
        return reading_of(self.plain, span, self.words[after : after + 5], self.words[max(0, first - 3) : first][::-1])

    def numeral(self, span: NumberSpan, previous: Numeral | None) -> Numeral:
        """The number with its surroundings; `previous` is the one before it in the turn."""
        first, after = self.word_at(span.start), self.word_at(span.end)
        noun = self.words[after] if after < len(self.words) and self.words[after].start - span.end <= 2 else None
        return Numeral(
            span=span,
            word=first,
            reading=self._reading(span),
            date=date_at(self.dates, span),
            is_answer=self._is_answer(first, after),
            has_noun=noun is not None and noun.text not in _NO_NOUNS and after not in self._cue_places,
            is_joined=previous is not None and self.are_fillers(self.word_at(previous.span.end), first),
            is_joined_after=self._is_followed(span, after),
        )

    def _is_followed(self, span: NumberSpan, after: int) -> bool:
        place = bisect_left(self.numbers, span.end, key=lambda number: number.start)
        return place < len(self.numbers) and self.are_fillers(after, self.word_at(self.numbers[place].start))

    def is_zip(self, span: NumberSpan) -> bool:
        """Whether it is the ZIP code behind the letters of a state: "Dayton, OH 45402"."""
        if _OHIO.fullmatch(self.plain, span.start, span.end):
            return True
        return len(span.digits) in (5, 9) and _STATE.search(self.plain, max(0, span.start - 5), span.start) is not None

    def is_hyphened_answer(self, numeral: Numeral) -> bool:
        """Whether it is typed like a date and is all that the turn says: "01-10-00", a date or a piece of a card."""
        return numeral.is_answer and _HYPHENED.fullmatch(self.plain, numeral.span.start, numeral.span.end) is not None

    def is_grouped_answer(self, numeral: Numeral) -> bool:
        """Whether groups of digits are all that the turn says: a date, a machine's address, or a piece of a card."""
        return numeral.is_answer and _GROUPED.fullmatch(self.plain, numeral.span.start, numeral.span.end) is not None

    def follows(self, numeral: Numeral, words: frozenset[str]) -> bool:
        """Whether one of the words stands right before the number, or one word before it."""
        return any(word.text in words for word in self.words[max(0, numeral.word - 2) : numeral.word])

    def is_price(self, span: NumberSpan) -> bool:
        """Whether it is said as prices are: "sixty four ninety nine"."""
        return is_price(self.plain, span)

    def _is_answer(self, first: int, after: int) -> bool:
        around = [*range(max(0, first - 3), first), *range(after, min(len(self.words), after + 2))]
        return all(
            self.words[place].text in FILLERS or place in self._cue_places or self.words[place].text in NUMBER_WORDS
            for place in around
        )
