"""Spoken numbers written the way a note has them: "$25.50", "9:30 am", "july 25", "1293537402"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.spoken import words
from copilot.spoken.numbers import NumberSpan, find_numbers

_SMALLEST_WRITTEN = 10  # "two lines" stays in words, "twelve lines" does not
_DOLLARS = r"(?:united states |us )?(?:dollars?|bucks|dólares|dolares)\b"
_AFTER_DOLLARS = re.compile(rf"\s+{_DOLLARS}", re.IGNORECASE)
_CENTS = re.compile(r"\s*(?:cents?|centavos)\b", re.IGNORECASE)
_BEFORE_CENTS = re.compile(r"\s*,?\s*(?:and|con|y)?\s*", re.IGNORECASE)
_PERCENT = re.compile(r"\s+(?:percent|per cent|por ciento)\b", re.IGNORECASE)
_HALF_DAY = re.compile(r"\s+([ap])\.?\s?m\b\.?", re.IGNORECASE)
_OCLOCK = re.compile(r"\s+o['’]?\s?clock\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_CUE = re.compile(r"\b(?:in|since|of|from|until|year|en|desde|año)\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class _Rewrite:
    start: int
    end: int
    written: str


def written_form(text: str) -> str:
    """`text` with its spoken numbers in digits; what was typed and what is not safely a number stays as it was.

    Money becomes "$25.50", shares "20%", times of the day "9:30 am", dates "july 25 1962", strings of digits
    "1293537402". Quantities below ten stay words, as does what may be a price or an hour ("nine ninety nine").
    """
    numbers = find_numbers(text)
    rewrites = _ordinal_rewrites(text)
    place = 0
    while place < len(numbers):
        rewrite, used = _rewrite(text, numbers, place)
        if rewrite is not None:
            rewrites.append(rewrite)
        place += used
    return _applied(text, rewrites)


def _applied(text: str, rewrites: Sequence[_Rewrite]) -> str:
    pieces: list[str] = []
    done = 0
    for rewrite in sorted(rewrites, key=lambda each: each.start):
        if rewrite.start >= done:
            pieces += [text[done : rewrite.start], rewrite.written]
            done = rewrite.end
    return "".join([*pieces, text[done:]])


def _rewrite(text: str, numbers: Sequence[NumberSpan], place: int) -> tuple[_Rewrite | None, int]:
    """The rewrite of one number and how many numbers it took."""
    number = numbers[place]
    after = numbers[place + 1] if place + 1 < len(numbers) else None
    for reading in (_as_money, _as_decimal):
        taken = reading(text, number, after)
        if taken is not None:
            return taken
    if not number.spoken:
        return None, 1
    for unit in (_as_percent, _as_time, _as_year, _as_plain):
        rewrite = unit(text, number)
        if rewrite is not None:
            return rewrite, 1
    return None, 1


def _as_money(text: str, number: NumberSpan, after: NumberSpan | None) -> tuple[_Rewrite, int] | None:
    """Dollars with or without cents: "twenty five dollars (and) fifty cents"."""
    unit = _AFTER_DOLLARS.match(text, number.end)
    if unit is None or not number.spoken:
        return None
    dollars = number.digits if number.value is None else format(number.value, "f")
    if after is not None and _BEFORE_CENTS.fullmatch(text, unit.end(), after.start):
        cents_unit = _CENTS.match(text, after.end)
        if cents_unit is not None and after.value is not None and after.value < 100 and "." not in dollars:
            written = f"${dollars}.{int(after.value):02d}"
            return _Rewrite(number.start, cents_unit.end(), written), 2
    return _Rewrite(number.start, unit.end(), f"${dollars}"), 1


def _as_decimal(text: str, number: NumberSpan, after: NumberSpan | None) -> tuple[_Rewrite, int] | None:
    """With the point said: "twenty five point five", "fifteen point two dollars"."""
    if after is None or not number.spoken or number.value is None or not after.spoken:
        return None
    if text[number.end : after.start].strip().lower() not in words.POINT_WORDS:
        return None
    if after.value is not None and after.value >= 1000:  # "fifteen point two billion" reads well as it is
        return _Rewrite(number.start, after.end, text[number.start : after.end]), 2
    written = f"{number.digits}.{after.digits}"
    unit = _AFTER_DOLLARS.match(text, after.end)
    if unit is not None:
        return _Rewrite(number.start, unit.end(), f"${written}"), 2
    return _Rewrite(number.start, after.end, written), 2


def _as_percent(text: str, number: NumberSpan) -> _Rewrite | None:
    unit = _PERCENT.match(text, number.end)
    if unit is None or number.value is None:
        return None
    return _Rewrite(number.start, unit.end(), f"{number.digits}%")


def _as_time(text: str, number: NumberSpan) -> _Rewrite | None:
    """Only with its unit ("nine thirty am", "three o'clock"): a bare "nine thirty" may be a price."""
    half_day = _HALF_DAY.match(text, number.end)
    if half_day is not None and (clock := _clock(number.digits)) is not None:
        return _Rewrite(number.start, half_day.end(), f"{clock} {half_day[1].lower()}m")
    oclock = _OCLOCK.match(text, number.end)
    if oclock is not None and number.value is not None and number.value <= 12:
        return _Rewrite(number.start, oclock.end(), f"{number.digits}:00")
    return None


def _clock(digits: str) -> str | None:
    hour, minute = (digits, "") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    if len(digits) > 4 or not 1 <= int(hour) <= 12 or (minute and int(minute) > 59):
        return None
    return f"{int(hour)}:{minute}" if minute else str(int(hour))


def _as_year(text: str, number: NumberSpan) -> _Rewrite | None:
    if not _YEAR.fullmatch(number.digits):
        return None
    before = text[max(0, number.start - 30) : number.start]
    named = _WORD.findall(before.lower())[-3:]
    if _YEAR_CUE.search(before) or any(word in words.MONTHS for word in named):
        return _Rewrite(number.start, number.end, number.digits)
    return None


def _as_plain(text: str, number: NumberSpan) -> _Rewrite | None:
    """Quantities from ten, and strings of digits that nobody takes for a price or an hour."""
    is_scaled = text[number.start].isdigit() and number.is_quantity  # "5 hundred" reads well as it is
    if is_scaled or (number.value is not None and number.value < _SMALLEST_WRITTEN):
        return None
    if number.value is None and len(number.digits) <= 4 and len(text[number.start : number.end].split()) < 3:
        return None
    if number.value is None and _HALF_OF_PRICE.fullmatch(text[number.start : number.end].lower()):
        return None
    return _Rewrite(number.start, number.end, number.digits)


_TENS = "|".join(word for word, number in words.ENGLISH_NUMBERS.items() if number.part == "tens")
_HALF_OF_PRICE = re.compile(rf"\S+ (?:{_TENS})(?:[ -]\S+)?|(?:{_TENS})[ -]\S+ (?:{_TENS})(?:[ -]\S+)?")

# --- dates -------------------------------------------------------------------------------------------------------


_ORDINAL = re.compile(
    rf"\b(?:(twenty|thirty)[ -])?({'|'.join(word for word in words.ORDINALS)})\b",
    re.IGNORECASE,
)


def _ordinal_rewrites(text: str) -> list[_Rewrite]:
    """Ordinals in figures: "july twenty fifth" -> "july 25", "the twenty fifth of" -> "the 25th of"; "first" stays."""
    rewrites = []
    for match in _ORDINAL.finditer(text):
        tens = words.NUMBER_WORDS[match[1].lower()].value if match[1] else 0
        place = tens + words.ORDINALS[match[2].lower()]
        if place > 31 or (tens and words.ORDINALS[match[2].lower()] > 9):
            continue
        written = _written_ordinal(text, match, place)
        if written is not None:
            rewrites.append(_Rewrite(match.start(), match.end(), written))
    return rewrites


def _written_ordinal(text: str, match: re.Match[str], place: int) -> str | None:
    if _month_in(text[max(0, match.start() - 12) : match.start()], -1):
        return str(place)
    if place >= _SMALLEST_WRITTEN or _month_in(text[match.end() : match.end() + 16].removeprefix(" of"), 0):
        return f"{place}{_ending(place)}"
    return None


def _month_in(stretch: str, index: int) -> bool:
    named = _WORD.findall(stretch.lower())
    return bool(named) and named[index] in words.MONTHS


def _ending(place: int) -> str:
    if place in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
