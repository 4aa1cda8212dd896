"""Which values of a sentence its evidence does not hold."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from copilot.guard.grounding.text import Reading
from copilot.guard.grounding.values import Kind, Value, plain_number

_NAMES_OF_KIND: dict[Kind, str] = {
    "money": "the amount",
    "percent": "the share",
    "duration": "the time span",
    "time": "the hour",
    "date": "the date",
    "day": "the day",
    "month": "the month",
    "weekday": "the weekday",
    "near_day": "the day",
    "number": "the number",
    "digits": "the number",
}
_LONG_ENOUGH_FOR_A_TAIL = 4


@dataclass
class Known:
    """Every way the values of the evidence may be read."""

    by_kind: dict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set))
    bare: set[str] = field(default_factory=set)
    times: set[tuple[str, str]] = field(default_factory=set)
    business: set[str] = field(default_factory=set)
    of_dates: set[str] = field(default_factory=set)
    named_days: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    years: set[str] = field(default_factory=set)
    strings: list[str] = field(default_factory=list)


def known_in(evidence: Sequence[Reading]) -> Known:
    """The values of all the evidence, each in every reading it allows."""
    known = Known()
    for reading in evidence:
        joined = ""
        for value in reading.values:
            _learn(known, value)
            if value.kind in ("number", "digits") and value.shown:
                joined += value.key.replace(".", "")
        known.strings.append(joined)
    return known


def _learn(known: Known, value: Value) -> None:
    known.by_kind[value.kind].add(value.key)
    if value.kind == "time":
        known.times.add((value.key, value.detail))
    if value.kind == "day" and value.detail:
        known.named_days[value.key].add(value.detail)
    if value.kind == "duration" and value.detail:
        known.business.add(value.key)
    if value.kind == "date":
        month, day = value.key.split("/")
        known.of_dates |= {f"month {month}", f"day {day}"}
        known.years.update({value.detail} - {""})
    if value.kind == "number" and value.shown:
        known.bare.add(value.key)
        known.strings.append(value.key)
    if value.kind == "digits":
        known.strings.append(value.key)
        _learn_string(known, value.key)
    if value.key in known.bare and re.fullmatch(r"(?:19|20)\d\d", value.key):
        known.years.add(value.key)


def _learn_string(known: Known, digits: str) -> None:
    """Keep "eighty eighty three" as 8083 and $80.83, "nine thirty" as 930 and 9:30."""
    if len(digits) <= 6:
        known.bare.add(plain_number(Decimal(digits)))
        if len(digits) >= 3:
            known.bare.add(plain_number(Decimal(digits) / 100))
            known.by_kind["time"].add(f"{int(digits[:-2])}:{digits[-2:]}")
            known.times.add((f"{int(digits[:-2])}:{digits[-2:]}", ""))


def unsupported_values(claims: Iterable[Value], known: Known) -> list[str]:
    """A reason for every value claimed that the evidence does not hold."""
    return [_reason(claim, known) for claim in claims if claim.shown and not _holds(claim, known)]


def _holds(claim: Value, known: Known) -> bool:
    special = _SPECIAL.get(claim.kind)
    if special is not None:
        return special(claim, known)
    return claim.key in known.by_kind[claim.kind] or (claim.kind in _MAY_BE_BARE and claim.key in known.bare)


def _holds_duration(claim: Value, known: Known) -> bool:
    if claim.key in known.by_kind["duration"]:
        return not claim.detail or claim.key in known.business
    return _leading_number(claim.shown) in known.bare


def _leading_number(shown: str) -> str:
    figures = re.match(r"\d+", shown)
    return figures[0] if figures else ""


def _holds_time(claim: Value, known: Known) -> bool:
    halves = {half for key, half in known.times if key == claim.key}
    if halves:
        return not claim.detail or claim.detail in halves or "" in halves
    hour, minute = claim.key.split(":")
    return minute == "00" and (hour in known.bare)


def _holds_date(claim: Value, known: Known) -> bool:
    if claim.detail and known.years and claim.detail not in known.years:
        return False
    if claim.key in known.by_kind["date"]:
        return True
    month, day = claim.key.split("/")
    return month in known.by_kind["month"] and (day in known.by_kind["day"] or day in known.bare)


def _holds_day(claim: Value, known: Known) -> bool:
    """A day alone; "Saturday the 21st" is not Monday the 21st."""
    weekdays = known.named_days[claim.key]
    if claim.detail and weekdays and claim.detail not in weekdays:
        return False
    return claim.key in known.by_kind["day"] or claim.key in known.bare or f"day {claim.key}" in known.of_dates


def _holds_month(claim: Value, known: Known) -> bool:
    return claim.key in known.by_kind["month"] or f"month {claim.key}" in known.of_dates


def _holds_number(claim: Value, known: Known) -> bool:
    key = claim.key
    if re.fullmatch(r"(?:19|20)\d\d", key) and not known.years and known.by_kind["date"]:
        return True  # the year of a date that was said without one
    if any(key in known.by_kind[kind] for kind in ("money", "percent", "day", "number")) or key in known.bare:
        return True
    if f"day {key}" in known.of_dates:
        return True
    if any(time.partition(":")[0] == key for time, _ in known.times):
        return True
    is_span = any(span.partition(" ")[0] in _spans_of(key) for span in known.by_kind["duration"])
    return is_span or (len(key) >= _LONG_ENOUGH_FOR_A_TAIL and _holds_string(claim, known))


def _spans_of(key: str) -> set[str]:
    if "." in key:
        return {key}
    return {str(int(key) * factor) for factor in (1, 12, 60, 1440, 10080)}


def _holds_string(claim: Value, known: Known) -> bool:
    digits = claim.key
    bare = digits.removeprefix("1") if len(digits) == 11 else digits
    for said in known.strings:
        if said == digits or (len(bare) >= _LONG_ENOUGH_FOR_A_TAIL and said.endswith(bare)):
            return True
        if len(bare) >= 6 and bare in said:
            return True
    return any(digits.lstrip("0") in known.by_kind[kind] for kind in ("money", "number"))


_MAY_BE_BARE: Final = ("money", "percent")
_SPECIAL: Final[dict[Kind, Callable[[Value, Known], bool]]] = {
    "duration": _holds_duration,
    "time": _holds_time,
    "date": _holds_date,
    "day": _holds_day,
    "month": _holds_month,
    "number": _holds_number,
    "digits": _holds_string,
}


def _reason(claim: Value, known: Known) -> str:
    if claim.kind == "digits":
        return "gives a number that was not said"  # identifiers stay out of messages
    said = sorted(known.by_kind[claim.kind])
    shown = f"${claim.key}" if claim.kind == "money" else claim.shown.strip()
    said = [f"${key}" for key in said] if claim.kind == "money" else said
    heard = f"; the evidence says {', '.join(said[:3])}" if said else ""
    return f"{_NAMES_OF_KIND[claim.kind]} {shown} is not in the evidence{heard}"
