"""What a number is besides a secret: money, a measure, a date, a time, a street number, a count of digits."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from copilot.guard.redaction.cues import Word
from copilot.spoken import MONTHS, ORDINALS, NumberSpan
from copilot.spoken.words import NUMBER_WORDS, SPANISH_NUMBERS, word_set

Reading = Literal["measure", "sum", "date", "time", "place"]

_UNITS: Final = word_set(
    "dollar dollars bucks cent cents percent per euro euros pound pounds peso pesos dolar dolares usd eur centavos"
    " mbps gbps kbps mb gb tb gig gigs gigabytes megs meg megabits gigabit megabytes mega megas mhz ghz hz"
    " month months year years yr yrs day days hour hours hr hrs minute minutes min mins second seconds sec week weeks"
    " night nights am pm oclock o'clock ago time times lines line people users seats phones devices miles mile feet"
    " foot inch inches points stars channels channel tvs boxes items item bars degrees kilometers km meters orders"
    " calls cards accounts visits kids employees percentages thousand million billion hundred digits digit options bits"
    " mes meses ano anos dia dias hora horas minuto minutos semana semanas veces lineas por digitos cuotas personas"
)
# After a longer number these are just the next words of the sentence: "4111 1111 per the card".
_WEAK_UNITS: Final = word_set("per time por line digits digit item second min channel")
_STREETS: Final = word_set(
    "street st avenue ave road rd lane ln drive dr boulevard blvd highway hwy court ct circle place pl way parkway"
    " terrace trail square"
)
_DIRECTIONS: Final = word_set("north south east west")
_COUNTED: Final = word_set("digits digit numbers of")
_COUNTING: Final = word_set("last first final the these those next other only just ultimos primeros los")
_YEAR_CUES: Final = word_set("in since of from until till year through by before after during en desde ano hasta")
_PAID: Final = word_set("went goes cleared posted pasaron paso")
_HOUR = re.compile(r"(?:[1-9]|1[0-2])(?:[0-5]5|[0-5]0)")
_HOUR_CUES: Final = word_set("at by around until till between before after past las")
_HOUR_ENDS: Final = word_set("now today tomorrow tonight in sharp yesterday")
_TYPED_SUM = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:,[0-9]{3})*\.[0-9]{2}")
_ENDINGS: Final = word_set("ending ends end finishing finishes termina terminada terminado acaba")
_MONEY_BEFORE = re.compile(r"(?:[$€£¥₹]|\b(?:usd|eur|rs)\b\.?)\s?$", re.IGNORECASE)
_PERCENT_AFTER = re.compile(r"\s?%|[ap]\.?m\b|\s[ap]\.?\s?m\b", re.IGNORECASE)
_TOLL_FREE = re.compile(r"1?8(?:00|88|77|66|55|44|33)")
_LETTERED = re.compile(r"[\s\-]?[A-Za-z]{3}")
_LONGEST_COUNT = 19


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date in the text; `has_day` tells a birthday from a card's month and year."""

    start: int
    end: int
    has_day: bool


def reading_of(plain: str, number: NumberSpan, after: Sequence[Word], before: Sequence[Word]) -> Reading | None:
    """What the words around a number say it is, or None when they say nothing.

    Args:
        plain: the folded text.
        number: the number in it.
        after: the next words on the same side of any other number, nearest first.
        before: the words before it, nearest first.
    """
    if len(number.digits) <= 5 and _has_street(plain, number, after):
        return "place"
    if before and _is_year(number.digits) and before[0].text in _YEAR_CUES and not _tells_ending(before):
        return "date"
    if _is_hour(plain, number, after, before):
        return "time"
    if after and after[0].text in _PAID and _is_price(plain, number):
        return "measure"
    if _TYPED_SUM.fullmatch(plain, number.start, number.end):
        return "sum"
    is_measure = (
        _MONEY_BEFORE.search(plain, max(0, number.start - 5), number.start)
        or _PERCENT_AFTER.match(plain, number.end)
        or (after and _is_measured(plain, number, after[0]))
        or _is_dialled(plain, number)
        or _is_count(number, after, before)
    )
    return "measure" if is_measure else None


def _is_measured(plain: str, number: NumberSpan, word: Word) -> bool:
    if word.text not in _UNITS or not _is_next(plain, number.end, word.start):
        return False
    return word.text not in _WEAK_UNITS or len(number.digits) <= 2 or (number.spoken and number.is_quantity)


def _is_dialled(plain: str, number: NumberSpan) -> bool:
    """A star code ("*72"), or the figures of a toll-free number in letters ("1-800-FLOWERS")."""
    if len(number.digits) <= 3 and plain[max(0, number.start - 1) : number.start] in ("*", "#"):
        return True
    if number.spoken and len(number.digits) <= 3:
        return False  # "eight seven seven okay"
    return bool(_TOLL_FREE.fullmatch(number.digits)) and bool(_LETTERED.match(plain, number.end))


def _is_next(plain: str, end: int, start: int) -> bool:
    return start - end <= 2 and not plain[end:start].strip(" -")


def _has_street(plain: str, number: NumberSpan, after: Sequence[Word]) -> bool:
    for place, word in enumerate(after[:4]):
        if place == 0 and not _is_next(plain, number.end, word.start) and plain[number.end : word.start].strip(", "):
            return False
        if word.text in _STREETS or (place == 0 and word.text in _DIRECTIONS):
            return True
    return False


def _is_price(plain: str, number: NumberSpan) -> bool:
    """The "ninety three fifty five" of what "went through": a card's digits are read one by one."""
    said = plain[number.start : number.end].lower().replace("-", " ").split()
    return number.spoken and len(number.digits) <= 5 and any(_is_tens(word) for word in said)


def _is_tens(word: str) -> bool:
    return word in NUMBER_WORDS and NUMBER_WORDS[word].part in ("tens", "teen", "hundred", "hundreds")


def _is_hour(plain: str, number: NumberSpan, after: Sequence[Word], before: Sequence[Word]) -> bool:
    """The "eleven thirty" of "at eleven thirty" and "it's eight thirty now"."""
    if not number.spoken or not _HOUR.fullmatch(number.digits) or len(plain[number.start : number.end].split()) > 3:
        return False
    is_told = bool(before) and before[0].text in _HOUR_CUES
    return is_told or (bool(after) and after[0].text in _HOUR_ENDS and _is_next(plain, number.end, after[0].start))


def _tells_ending(before: Sequence[Word]) -> bool:
    """The "ending in" of "my checking account ending in 1961"."""
    return len(before) > 1 and before[1].text in _ENDINGS


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and "1900" <= digits <= "2099"


def _is_count(number: NumberSpan, after: Sequence[Word], before: Sequence[Word]) -> bool:
    """The "four" of "last four of my social" and the "16" of "16 digit number"."""
    if number.value is None or number.value > _LONGEST_COUNT:
        return False
    is_counted = bool(after) and after[0].text in _COUNTED and after[0].start - number.end <= 2
    return is_counted or (bool(before) and before[0].text in _COUNTING and number.spoken)


# --- dates -------------------------------------------------------------------------------------------------------

_NUMERIC_DATE = re.compile(
    r"(?<![0-9/.\-])(?:"
    r"(?P<ymd>(?:19|20)[0-9]{2}([/.\-])(?:0?[1-9]|1[0-2])\2(?:[12][0-9]|3[01]|0?[1-9]))"
    r"|(?P<dmy>(?:[12][0-9]|3[01]|0?[1-9])([/.\-])(?:[12][0-9]|3[01]|0?[1-9])\4(?:(?:19|20)[0-9]{2}|[0-9]{2}))"
    r"|(?P<md>(?:0?[1-9]|1[0-2])/[1-9])"
    r"|(?P<my>(?:0?[1-9]|1[0-2]) ?[/\-] ?(?:20)?[0-9]{2})"
    r"|(?P<time>(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)"
    r")(?![0-9]|[/\-.:][0-9])"
)
_SPANISH_DAYS = "|".join(word for word, number in SPANISH_NUMBERS.items() if 1 <= number.value <= 31)
_DAY_BEFORE = re.compile(
    rf"(?:(?:treinta\s+y\s+uno|{_SPANISH_DAYS})(?=\s+de\s+$)|"
    rf"[0-9]{{1,2}}(?:\s?(?:st|nd|rd|th))?|(?:(?:twenty|thirty)[ -])?(?:{'|'.join(ORDINALS)}))"
    r"(?:\s+(?:of|de))?\s*$",
    re.IGNORECASE,
)
_DAY_AFTER = re.compile(
    rf"\s*(?:the\s+)?(?:[0-9]{{1,2}}(?:st|nd|rd|th)\b|(?:(?:twenty|thirty)[ -])?(?:{'|'.join(ORDINALS)})\b)",
    re.IGNORECASE,
)
_DAY_AND_YEAR = re.compile(r"(?P<day>0?[1-9]|[12][0-9]|3[01])?(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})?")
_YEAR_ONLY = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{2}")
_TO_NEXT_PART = re.compile(r"\s?(?:st|nd|rd|th)?[\s,.]*(?:(?:of|in|de|del|the)\s+)?", re.IGNORECASE)
_WIDEST_DAY = 28  # characters of "the twenty fifth of "


def find_dates(plain: str, words: Sequence[Word], numbers: Sequence[NumberSpan]) -> list[DateSpan]:
    """Dates and times of the day, typed ("12/28/2026", "9:30") or with the month's name, in order."""
    typed = (
        DateSpan(match.start(), match.end(), has_day=match["my"] is None) for match in _NUMERIC_DATE.finditer(plain)
    )
    return sorted([*typed, *_named_dates(plain, words, numbers)], key=lambda date: date.start)


def _named_dates(plain: str, words: Sequence[Word], numbers: Sequence[NumberSpan]) -> Iterator[DateSpan]:
    starts = [number.start for number in numbers]
    for word in words:
        if word.text in MONTHS:
            date = _named_date(plain, word, numbers, starts)
            if date.end - date.start > word.end - word.start:
                yield date


def _named_date(plain: str, month: Word, numbers: Sequence[NumberSpan], starts: Sequence[int]) -> DateSpan:
    start, end, has_day = month.start, month.end, False
    before = _DAY_BEFORE.search(plain, max(0, start - _WIDEST_DAY), start)
    if before is not None:
        start, has_day = before.start(), True
    after = _DAY_AFTER.match(plain, end)
    if after is not None:
        end, has_day = after.end(), True
    joint = _TO_NEXT_PART.match(plain, end)
    place = bisect_left(starts, joint.end() if joint else end)
    for number in numbers[place : place + 2]:
        if not _TO_NEXT_PART.fullmatch(plain, end, number.start):
            break
        parts = (_YEAR_ONLY if has_day else _DAY_AND_YEAR).fullmatch(number.digits)
        if parts is None:
            break
        end, has_day = number.end, True if len(number.digits) != 4 else has_day
    return DateSpan(start, end, has_day)


def date_at(dates: Sequence[DateSpan], number: NumberSpan) -> DateSpan | None:
    """The date that the number is part of."""
    place = bisect_left(dates, number.end, key=lambda date: date.start)
    for date in dates[max(0, place - 2) : place]:
        if date.start <= number.start < date.end and number.end <= date.end + 1:
            return date
    return None
