"""Finds the time in a promise: which words of a sentence say until when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.calls.note.due_words import CORRECTED, EXACT_HOUR, JOIN, LEAD, PARTS, PAST, PATTERNS, THING

LOOK_BACK = 24  # characters in front of a time that may take it back ("since", "your")
_DAYS = frozenset({"relative", "date", "weekday", "place", "period_end", "next_period"})


@dataclass(frozen=True)
class DuePhrase:
    """A time as it was said, and its parts: (kind, match) in the order of the words."""

    said: str
    start: int
    end: int
    parts: tuple[tuple[str, re.Match[str]], ...]

    @property
    def has_no_day(self) -> bool:
        """Whether it is an hour alone."""
        return all(kind == "clock" for kind, _ in self.parts)


def find_due(text: str, promised_at: int = 0) -> DuePhrase | None:
    """The time until which something is promised in `text`; None when it names none.

    The first time behind the promise counts, else the last before it; an hour takes the day named before it along
    ("Monday the 23rd, I call you by two"). A corrected time ("by Monday, no, sorry, Tuesday") gives way to the one
    after it. A day that belongs to a thing ("your Monday appointment", "the December 1 bill") or to the past ("since
    Monday") is no due.

    Args:
        text: what was said.
        promised_at: where in it the promise begins.
    """
    phrases = list(_phrases(text))
    before = [phrase for phrase in phrases if phrase.end <= promised_at]
    chosen: DuePhrase | None = None
    for phrase in phrases[len(before) :]:
        if chosen is not None and not CORRECTED.search(text, chosen.end, phrase.end):
            break
        chosen = phrase
    if chosen is None:
        return before[-1] if before else None
    return _with_day_of(before[-1], chosen) if before and chosen.has_no_day else chosen


def _with_day_of(earlier: DuePhrase, hour: DuePhrase) -> DuePhrase:
    days = tuple(part for part in earlier.parts if part[0] in _DAYS)
    said = f"{earlier.said}, {hour.said}" if days else hour.said
    return DuePhrase(said, hour.start, hour.end, (*days, *hour.parts))


def _phrases(text: str) -> Iterator[DuePhrase]:
    parts: list[tuple[str, re.Match[str]]] = []
    for match in PARTS.finditer(text):
        kind = next(name for name in PATTERNS if match[name])
        if parts and not JOIN.fullmatch(text, parts[-1][1].end(), match.start()):
            yield from _whole(text, parts)
            parts = []
        parts.append((kind, match))
    yield from _whole(text, parts)


def _whole(text: str, parts: list[tuple[str, re.Match[str]]]) -> Iterator[DuePhrase]:
    """The phrase these neighbouring parts make, with the word that leads it in, if it is one."""
    parts = [part for part in parts if part[0] != "duration" or _is_span_ahead(part[1])]
    if not parts:
        return
    start, end = parts[0][1].start(), parts[-1][1].end()
    kinds = {kind for kind, _ in parts}
    if kinds <= {"window", "day_part"} or PAST.search(text, max(0, start - LOOK_BACK), start) or THING.match(text, end):
        return
    if kinds == {"clock"} and not _is_hour(parts[0][1]):
        return
    lead = LEAD.search(text, max(0, start - LOOK_BACK), start)
    begins = lead.start() if lead else start
    yield DuePhrase(text[begins:end].strip(" ,."), begins, end, tuple(parts))


def _is_span_ahead(match: re.Match[str]) -> bool:
    """Whether a length of time says until when: "in two days", "three to five business days", not "for six months"."""
    if match["lead"] and match["lead"].lower() in ("for", "durante", "over", "after"):
        return "next" in match[0].lower() or "próxim" in match[0].lower()
    return bool(match["lead"] or match["from_now"] or match["working1"] or match["working2"] or match["upto"])


def _is_hour(match: re.Match[str]) -> bool:
    """Whether a bare hour is one: "by noon", "at 3 pm", "a las 10", not "at 5" of "at 5 dollars"."""
    said = (match["hour1"] or match["hour2"]).lower()
    lead = (match["clock_lead"] or "").lower()
    is_sure = bool(EXACT_HOUR.search(said))
    return is_sure or lead in ("by", "before", "a las", "a la", "antes de las", "para las")
