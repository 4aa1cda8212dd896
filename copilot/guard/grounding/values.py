"""Amounts, shares, dates, times, durations and digit strings of a text, normalised so that equal means equal."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from copilot.guard.grounding.vocabulary import WEEKDAY_NAMES, WEEKDAYS
from copilot.spoken import MONTHS, ORDINALS, NumberSpan, find_numbers, fold, written_form

Kind = Literal[
    "money", "percent", "duration", "time", "date", "day", "month", "weekday", "near_day", "number", "digits"
]

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_WORDS = "|".join(sorted(ORDINALS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_ISO = re.compile(r"\b(?:19|20)\d\d-(\d{1,2})-(\d{1,2})\b")
_TYPED_DAY = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})\b(?!:)(?:,?\s+((?:19|20)\d\d)\b)?|"
    rf"\b(\d{{1,2}})\s+(?:of\s+|de\s+)?({_MONTH})\b(?:\s+(?:de\s+)?((?:19|20)\d\d)\b)?"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_][^\W\d_])[.!?…]+(?=\s+[^\W\d_])")
_SLASHED = re.compile(r"(?<![\d/])(?!24/7)(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?(?![\d/])")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?:\s*([ap])\.?\s?m\b\.?)?")
_MONEY = re.compile(r"(?:US)?\$\s?(\d[\d,]*(?:\.\d{1,2})?)", re.IGNORECASE)
_WEEKDAYS = re.compile(rf"\b(?:{_WEEKDAY})s?\b")
_NEAR_DAY = re.compile(
    r"\b(tomorrow|yesterday|tonight|ayer|esta noche)\b|(?<!la )(?<!esta )(?<!cada )\b(mañana)\b(?! por la)|"
    r"\b(mañana) por la\b"
)
_NEAR_DAYS: Final = {"mañana": "tomorrow", "ayer": "yesterday", "esta noche": "tonight"}
_NEAR_TIME = re.compile(
    r"\b(last|next) (week|month|year)\b|\b(?:el|la) (semana|mes|año) (pasad[oa]|que viene|próxim[oa])\b|"
    r"\b(próxim[oa]) (semana|mes|año)\b"
)
_ORDERS: Final = {"pasad": "last", "que v": "next", "próxi": "next"}
_NEAR_UNITS: Final = {"semana": "week", "mes": "month", "año": "year"}
_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|of|until|for|by|en|desde|de|hasta|through|last|next|every|the)\s+({_MONTH})\b|"
    rf"\b({'|'.join(name for name in MONTHS if len(name) > 4 and name != 'march')})\b"
)
_ORDINAL_DAY = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\.?\s+(?:the\s+)?)?"
    rf"(?:(?:(?P<tens>twenty|thirty)[ -])?(?P<word>{_DAY_WORDS})|(?P<typed>\d{{1,2}})(?:st|nd|rd|th))\b"
    rf"(?:\s+(?:of\s+|de\s+|day of\s+)?(?P<after>{_MONTH})\b)?"
)
_FIRST_LAST = frozenset("first second third fourth fifth primero".split())

_MONTH_BEFORE = re.compile(rf"\b({_MONTH})\.?,?\s+(?:the\s+|el\s+)?$")
_MONTH_AFTER = re.compile(rf"\s+(?:of\s+|de\s+)?({_MONTH})\b")
_DAY_BEFORE = re.compile(rf"\b(?:el(?: día)?|(?:{_WEEKDAY})(?:,? the)?),?\s+$")
_WEEKDAY_BEFORE = re.compile(rf"\b({_WEEKDAY}),?(?: the| el)?\s+$")
_DOLLARS = re.compile(r"\s*(?:united states |us )?(?:dollars?|bucks?|dólares|dolares|dólar|dolar|usd|pesos)\b")
_CENTS = re.compile(r"\s*(?:cents?|centavos?|¢)")
_PERCENT = re.compile(r"\s*(?:%|percent\b|per cent\b|por ciento\b)")
_UNIT = re.compile(
    r"[\s-]*(?:(full|business|working|calendar|consecutive|more)\s+)?"
    r"(minute|min|hour|hr|day|week|month|year|minuto|hora|d[ií]a|semana|mes|año|yr)(?:s|es)?\b"
)
_HABILES = re.compile(r"\s+(?:hábiles|habiles|laborables)\b")
_HALF_DAY = re.compile(r"\s*([ap])\.?\s?m\b\.?")
_DAY_PART = re.compile(r"\s*(?:de la|in the|por la)\s+(mañana|tarde|noche|morning|afternoon|evening)\b")
_OCLOCK = re.compile(r"\s*(?:o['’]?\s?clock|en punto|sharp)\b")
_Y_MEDIA = re.compile(r"\s+y\s+(media|cuarto)\b")
_HALF_PAST = re.compile(r"\b(half|quarter) past\s+$")
_CON = re.compile(r"\s*(?:d[oó]lares?\s+)?con\s+")
_AND = re.compile(r"\s*,?\s*(?:and|con|y)?\s*")
_RANGE = re.compile(r"\s*(?:to|or|and|-|–|a|o|y|through)\s*")
_SPREADING: Final = ("money", "percent", "duration", "time")
_MONTH_UNITS: Final = {"month": 1, "mes": 1, "year": 12, "yr": 12, "año": 12}
_HOUR_UNITS: Final = {"hour": 60, "hr": 60, "hora": 60, "day": 1440, "día": 1440, "dia": 1440}
_MINUTE_UNITS: Final = {**_HOUR_UNITS, "week": 10080, "semana": 10080, "minute": 1, "min": 1, "minuto": 1}
_WORD_COUNTS = re.compile(
    r"\b(a couple(?: of)?|un par(?: de)?|both|ambos|ambas|a dozen|una docena(?: de)?|half an?|media|an?|una?|twice|"
    r"next|per|every|cada|al|each|el próximo|la próxima|próximo|próxima|this|last|the)\b(?=\s+(?:\w+\s+)?\w)"
)
_SUCH_A = re.compile(
    r"\b(?:the|this|that|an?|another|other|new|next|last|which|each|every|same|old|el|la|otr[oa]|cada|nuev[oa])"
    r"(?: [^\W\d_]+)?\s+$"
)
_NO_NOUN = re.compile(
    r"\s*(?:$|[^\w\s]|(?:is|was|has|had|will|would|that|which|for|with|on|in|to|at|and|or|but|costs?)\b)"
)
_COUNTS: Final = {"couple": 2, "par": 2, "both": 2, "ambos": 2, "ambas": 2, "dozen": 12, "docena": 12, "twice": 2}


@dataclass(frozen=True, slots=True)
class Value:
    """One value: `key` is what is compared, `shown` how it stood; `detail` is the half of the day or the year."""

    kind: Kind
    key: str
    shown: str
    detail: str = ""
    start: int = 0
    end: int = 0


def plain_number(number: Decimal) -> str:
    """A number without trailing zeros or exponent: 20.50 -> "20.5"."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def read_values(text: str, language: str) -> list[Value]:
    """The values of a text; spoken numbers as well as typed ones."""
    plain = fold(text).text.lower()
    if " point " in plain or " punto " in plain:
        plain = written_form(plain)
    values: list[Value] = []
    for read in (_isos, _typed_days, _slashed, _clocks, _typed_money, _ordinal_days, _named_days):
        found = list(read(plain))
        values += found
        plain = _blanked(plain, found)
    # A number does not go on over the end of a sentence: "it is the one. Thirty-two dollars".
    spoken = _SENTENCE_END.sub(" §", plain)
    values += _spoken(spoken, language)
    values += _pieces_of(values, language)
    values += _con_cents(spoken, language)
    return values


def _pieces_of(values: Sequence[Value], language: str) -> Iterator[Value]:
    """The "five" and "one" of "Pocket Five, one line", which are heard as one string: known, never claimed."""
    for value in values:
        if value.kind in ("digits", "number") and ", " in value.shown:
            for piece in value.shown.split(", "):
                for number in find_numbers(piece, language=language):
                    yield Value("number", _amount_of(number), "", "", value.start, value.end)


def _con_cents(plain: str, language: str) -> Iterator[Value]:
    """The amount of "veinticinco con setenta y cuatro": known, never claimed."""
    if " con " not in plain:
        return
    numbers = find_numbers(plain, language=language)
    for dollars, cents in pairwise(numbers):
        is_pair = dollars.value is not None and cents.value is not None and len(cents.digits) == 2
        if is_pair and _CON.fullmatch(plain, dollars.end, cents.start):
            yield Value(
                "money", plain_number(Decimal(f"{dollars.digits}.{cents.digits}")), "", "", dollars.start, cents.end
            )


def _blanked(plain: str, found: Sequence[Value]) -> str:
    """Without what was read already; weekdays stay, as they tell that a number behind them is a date."""
    for value in found:
        if value.kind not in ("weekday", "month", "near_day"):
            plain = f"{plain[: value.start]}{'§' * (value.end - value.start)}{plain[value.end :]}"
    return plain


def _isos(plain: str) -> Iterator[Value]:
    for m in _ISO.finditer(plain):
        yield Value("date", f"{int(m[1])}/{int(m[2])}", m[0], m[0][:4], *m.span())


def _typed_days(plain: str) -> Iterator[Value]:
    for m in _TYPED_DAY.finditer(plain):
        month, day, year = MONTHS[m[1] or m[5]], int(m[2] or m[4]), m[3] or m[6] or ""
        is_amount = (
            plain[max(0, m.start() - 3) : m.start()].rstrip().endswith(("$", ".", ",")) and m[4] is not None
        )  # "$9 de enero"
        if 1 <= day <= 31 and not is_amount:
            yield Value("date", f"{month}/{day}", m[0], year, *m.span())


def _slashed(plain: str) -> Iterator[Value]:
    for m in _SLASHED.finditer(plain):
        first, second = int(m[1]), int(m[2])
        month, day = (second, first) if first > 12 else (first, second)
        if 1 <= month <= 12 and 1 <= day <= 31:
            year = m[3] or ""
            yield Value("date", f"{month}/{day}", m[0], f"20{year}" if len(year) == 2 else year, *m.span())


def _clocks(plain: str) -> Iterator[Value]:
    for m in _CLOCK.finditer(plain):
        part = m[3] or _day_part(plain, m.end())
        yield _time(int(m[1]), int(m[2]), part, m.span(), m[0])


def _time(hour: int, minute: int, half: str, span: tuple[int, int], shown: str) -> Value:
    if hour > 12:
        hour, half = hour - 12, "p"
    return Value("time", f"{hour}:{minute:02d}", shown.strip(), half, *span)


def _day_part(plain: str, place: int) -> str:
    part = _DAY_PART.match(plain, place)
    return "" if part is None else ("a" if part[1] in ("mañana", "morning") else "p")


def _typed_money(plain: str) -> Iterator[Value]:
    for m in _MONEY.finditer(plain):
        yield Value("money", plain_number(Decimal(m[1].replace(",", ""))), m[0], "", *m.span())


def _ordinal_days(plain: str) -> Iterator[Value]:
    for m in _ORDINAL_DAY.finditer(plain):
        month = m["month"] or m["after"]
        day = int(m["typed"]) if m["typed"] else ORDINALS[m["word"]] + (20 if m["tens"] == "twenty" else 0)
        day += 30 if m["tens"] == "thirty" else 0
        if month:
            yield Value("date", f"{MONTHS[month]}/{day}", m[0], "", *m.span())
        elif m["typed"] or m["tens"] or m["word"] not in _FIRST_LAST:
            yield Value("day", str(day), m[0], _weekday_before(plain, m.start()), *m.span())
        else:
            yield Value("day", str(day), "", "", *m.span())  # "the first": read, never claimed


def _weekday_before(plain: str, place: int) -> str:
    """The "Saturday" of "Saturday the 21st"."""
    before = _WEEKDAY_BEFORE.search(plain[max(0, place - 18) : place])
    return WEEKDAY_NAMES[WEEKDAYS[before[1]]] if before else ""


def _named_days(plain: str) -> Iterator[Value]:
    for m in _WEEKDAYS.finditer(plain):
        name = m[0] if m[0] in WEEKDAYS else m[0].removesuffix("s")
        yield Value("weekday", WEEKDAY_NAMES[WEEKDAYS[name]], m[0], "", *m.span())
    for m in _NEAR_DAY.finditer(plain):
        name = m[1] or m[2] or m[3]
        yield Value("near_day", _NEAR_DAYS.get(name, name), name, "", *m.span())
    for m in _NEAR_TIME.finditer(plain):
        order, unit = (m[1], m[2]) if m[1] else (m[4], m[3]) if m[3] else (m[5], m[6])
        yield Value("near_day", f"{_ORDERS.get(order[:5], order)} {_NEAR_UNITS.get(unit, unit)}", m[0], "", *m.span())
    for m in _MONTH_ALONE.finditer(plain):
        name = m[1] or m[2]
        yield Value("month", str(MONTHS[name]), name, "", m.end() - len(name), m.end())


# --- spoken and bare numbers: their unit stands next to them ------------------------------------------------------


def _spoken(plain: str, language: str) -> list[Value]:
    numbers = find_numbers(plain, language=language)
    values = [_with_unit(plain, number) for number in numbers]
    _spread_units(plain, numbers, values)
    return [*_with_cents(plain, values), *_counts_in_words(plain)]


def _with_unit(plain: str, number: NumberSpan) -> Value:
    span, shown = (number.start, number.end), plain[number.start : number.end]
    key = number.digits if number.value is None else plain_number(number.value)
    amount = _amount_of(number)
    if (m := _DOLLARS.match(plain, number.end)) is not None:
        return Value("money", amount, plain[number.start : m.end()], "", number.start, m.end())
    if (m := _CENTS.match(plain, number.end)) is not None and number.value is not None:
        return Value(
            "money", plain_number(number.value / 100), plain[number.start : m.end()], "cents", number.start, m.end()
        )
    if (m := _PERCENT.match(plain, number.end)) is not None:
        return Value("percent", key, plain[number.start : m.end()], "", number.start, m.end())
    if (m := _UNIT.match(plain, number.end)) is not None and number.value is not None:
        return Value(
            "duration",
            _duration(number.value, m[2]),
            plain[number.start : m.end()],
            _days(plain, m),
            *span[:1],
            m.end(),
        )
    if _is_pronoun(plain, number):
        return Value("number", key, "", "", *span)
    return _dated(plain, number) or _timed(plain, number) or _bare(number, key, shown, span)


def _is_pronoun(plain: str, number: NumberSpan) -> bool:
    """Whether it is the "one" of "a new one is sent" or "an international one $45": known, never claimed."""
    if plain[number.start : number.end] not in ("one", "uno", "una"):
        return False
    return (
        _SUCH_A.search(plain[max(0, number.start - 24) : number.start]) is not None
        and _NO_NOUN.match(plain, number.end) is not None
    )


def _amount_of(number: NumberSpan) -> str:
    """Dollars of "eighty eighty three" too: said in pairs, the last two digits are cents only when it says so."""
    return number.digits if number.value is None else plain_number(number.value)


def _duration(amount: Decimal, unit: str) -> str:
    if unit in _MONTH_UNITS:
        return f"{plain_number(amount * _MONTH_UNITS[unit])} months"
    return f"{plain_number(amount * _MINUTE_UNITS[unit])} minutes"


def _days(plain: str, unit: re.Match[str]) -> str:
    """Tell "business" for the days of banks, which are not those of the calendar."""
    is_business = unit[1] in ("business", "working") or _HABILES.match(plain, unit.end()) is not None
    return "business" if is_business else ""


def _dated(plain: str, number: NumberSpan) -> Value | None:
    day, shown = number.value, plain[number.start : number.end]
    before = plain[max(0, number.start - 16) : number.start]
    month = _MONTH_BEFORE.search(before) or _MONTH_AFTER.match(plain, number.end)
    if month is not None and number.value is None:
        return _day_and_year(number, MONTHS[month[1]], shown)
    if day is None or not 1 <= day <= 31 or day % 1:
        return None
    if month is not None:
        return Value("date", f"{MONTHS[month[1]]}/{int(day)}", shown, "", number.start, number.end)
    if _DAY_BEFORE.search(before) and not _DAY_PART.match(plain, number.end):
        return Value("day", str(int(day)), shown, "", number.start, number.end)
    return None


def _day_and_year(number: NumberSpan, month: int, shown: str) -> Value | None:
    """The "5 2026" of "june 5, 2026", which is heard as one string of digits."""
    m = re.fullmatch(r"(\d{1,2})((?:19|20)\d\d)", number.digits)
    if m is None:
        return None
    return Value("date", f"{month}/{int(m[1])}", shown, m[2], number.start, number.end)


def _timed(plain: str, number: NumberSpan) -> Value | None:
    clock = _clock_of(number.digits)
    if clock is None:
        return None
    half_day = _HALF_DAY.match(plain, number.end)
    half = half_day[1] if half_day else _day_part(plain, number.end)
    fraction = _Y_MEDIA.match(plain, number.end)
    past = _HALF_PAST.search(plain[max(0, number.start - 14) : number.start])
    if fraction is not None or past is not None:
        is_half = (fraction[1] == "media") if fraction else (past is not None and past[1] == "half")
        clock = (clock[0], 30 if is_half else 15)
        half = half or (_day_part(plain, fraction.end()) if fraction else "")
    elif not half and not _OCLOCK.match(plain, number.end):
        return None
    return _time(*clock, half, (number.start, number.end), plain[number.start : number.end])


def _clock_of(digits: str) -> tuple[int, int] | None:
    if not digits or len(digits) > 4:
        return None
    hour, minute = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    return (int(hour), int(minute)) if 1 <= int(hour) <= 23 and int(minute) < 60 else None


def _bare(number: NumberSpan, key: str, shown: str, span: tuple[int, int]) -> Value:
    is_string = number.value is None or len(number.digits) >= 5 or number.digits.startswith("0")
    if is_string and "." not in key:
        return Value("digits", number.digits, shown, "spoken" if number.spoken else "", *span)
    return Value("number", key, shown, "", *span)


def _spread_units(plain: str, numbers: Sequence[NumberSpan], values: list[Value]) -> None:
    """Give the "10" of "10 to 15 dollars" its unit."""
    for place in range(len(values) - 2, -1, -1):
        value, after = values[place], values[place + 1]
        between = plain[value.end : after.start]
        if value.kind != "number" or after.kind not in _SPREADING or after.detail == "cents":
            continue
        if _RANGE.fullmatch(between) and (amount := numbers[place].value) is not None:
            if after.kind == "time":
                values[place] = _as_hour(value)
                continue
            unit = _UNIT.match(plain, numbers[place + 1].end)
            key = _duration(amount, unit[2]) if after.kind == "duration" and unit else value.key
            values[place] = Value(after.kind, key, value.shown, after.detail, value.start, value.end)


def _as_hour(value: Value) -> Value:
    """The "nine" of "nine to eleven am"."""
    clock = _clock_of(value.key)
    return _time(*clock, "", (value.start, value.end), value.shown) if clock else value


def _with_cents(plain: str, values: Sequence[Value]) -> list[Value]:
    """Dollars and the cents behind them as one amount."""
    joined: list[Value] = []
    for value in values:
        last = joined[-1] if joined else None
        if last is not None and _is_cents_of(last, value, plain):
            total = plain_number(Decimal(last.key) + Decimal(value.key))
            joined[-1] = Value("money", total, plain[last.start : value.end], "", last.start, value.end)
        else:
            joined.append(value)
    return joined


def _is_cents_of(dollars: Value, cents: Value, plain: str) -> bool:
    is_pair = cents.detail == "cents" and dollars.kind in ("money", "number") and "." not in dollars.key
    return is_pair and _AND.fullmatch(plain, dollars.end, cents.start) is not None


def _counts_in_words(plain: str) -> Iterator[Value]:
    """Read "a couple of days", "a year", "both": known, never claimed (`shown` is empty)."""
    for m in _WORD_COUNTS.finditer(plain):
        count = next((_COUNTS[word] for word in m[0].split() if word in _COUNTS), 1)
        yield Value("number", str(count), "", "", *m.span())
        unit = _UNIT.match(plain, m.end())
        if unit is None:
            continue
        amount = Decimal("0.5") if m[0].startswith(("half", "media")) else Decimal(count)
        yield Value("duration", _duration(amount, unit[2]), "", "", m.start(), unit.end())
