"""Days that stand beside each other or beside today: "Monday, December 3" for a Thursday, "today" for tomorrow."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from copilot.guard.grounding.text import Reading
from copilot.guard.grounding.values import Value
from copilot.guard.grounding.vocabulary import word_set

_BESIDE: Final = 8  # characters between a weekday and its date: "Monday, the 3rd"
_DAYS: Final = ("weekday", "date", "day")
_NEAR: Final = {
    "today": word_set("today tonight hoy"),
    "tomorrow": word_set("tomorrow manana"),
    "yesterday": word_set("yesterday ayer anoche"),
}
_NOW: Final = word_set("now currently ahora ya just already immediately momento")  # may be told as "today"
_AFTER_NEXT: Final = re.compile(r"\b(?:day after tomorrow|day before yesterday|pasado manana|antes de ayer|anteayer)\b")
_IN_THE_MORNING: Final = re.compile(r"\b(?:la|esta|por la|de la|cada) manana\b")
_AT_LEAST: Final = 2  # meanings a sentence must share to be about the same


def wrong_days(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    """A reason for the first day that the evidence has otherwise.

    Args:
        claim: the sentence to be shown.
        sentences: the sentences of the evidence, one by one.
    """
    return _wrong_weekdays(claim, sentences) or _wrong_near_days(claim, sentences)


def _wrong_weekdays(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    said: dict[str, set[str]] = {}
    for reading in sentences:
        for weekday, date in _pairs(reading.values):
            said.setdefault(date, set()).add(weekday)
    wrong = [(weekday, date) for weekday, date in _pairs(claim.values) if weekday not in said.get(date, {weekday})]
    return [f"says {weekday} of a date that the evidence has on another weekday" for weekday, _ in wrong[:1]]


def _pairs(values: Sequence[Value]) -> list[tuple[str, str]]:
    """Weekdays with the date right behind or before them."""
    days = sorted((value for value in values if value.kind in _DAYS and value.shown), key=lambda value: value.start)
    pairs = []
    for one, other in pairwise(days):
        if {one.kind, other.kind} in ({"weekday", "date"}, {"weekday", "day"}) and other.start - one.end <= _BESIDE:
            weekday, date = (one, other) if one.kind == "weekday" else (other, one)
            pairs.append((weekday.key, date.key))
    return pairs


def _wrong_near_days(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    ours = _near_days(claim)
    theirs = {day for reading in sentences for day in _near_days(reading)}
    about = [each for each in sentences if len(each.meanings & claim.meanings) >= min(_AT_LEAST, len(claim.meanings))]
    if any(reading.words & _NOW for reading in about):
        theirs.add("today")
    rivals = {day for reading in about for day in _near_days(reading)} - ours
    wrong = sorted(ours - theirs)
    return [f"says {wrong[0]}, the evidence says {min(rivals)}"] if wrong and rivals else []


def _near_days(reading: Reading) -> set[str]:
    plain = _IN_THE_MORNING.sub(" ", reading.canonical)
    found = {"in two days"} if _AFTER_NEXT.search(plain) else set()
    words = set(_AFTER_NEXT.sub(" ", plain).split())
    return found | {day for day, names in _NEAR.items() if words & names}
