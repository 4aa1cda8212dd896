"""When a promise is due: what was said, put on the calendar of the call. What cannot be known stays open."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from copilot.calls.note.due_phrases import DuePhrase
from copilot.calls.note.due_words import COUNTS, PLACES, WEEKDAYS
from copilot.spoken import MONTHS

Precision = Literal["exact", "day", "window"]

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
DAY_PARTS = {
    "morning": time(12), "afternoon": time(17), "evening": time(21), "night": time(21),
    "mañana": time(12), "tarde": time(19), "noche": time(21),
}  # fmt: skip
_EARLIEST_MORNING_HOUR = 7  # "at 3" is the afternoon, "at 8" the morning
_MINUTE_WORDS = {"thirty": 30, "fifteen": 15, "forty": 45, "media": 30, "cuarto": 15, "treinta": 30, "quince": 15}
_TO_HOURS = ("to_hour", "to_hour1", "to_hour2")
_DAY_OF = {"month1": ("day1", "year1"), "month2": ("day2", "year2"), "month3": ("day3", "year3")}


@dataclass(frozen=True)
class Due:
    """The latest moment at which a promise is still kept, with its offset.

    exact: an hour was said, or hours or minutes counted. day: a day alone; it ends when the house closes. window: a
    stretch of time ("three to five days", "tomorrow morning", "8 to noon"); `at` is its end.
    """

    at: datetime
    precision: Precision


class _Unclear(Exception):
    """What was said has no day on the calendar, or two."""


def due_at(phrase: DuePhrase, said_at: datetime, *, closes: time) -> Due | None:
    """Put a time that was said on the calendar.

    Args:
        phrase: the time as it was said.
        said_at: when it was said, aware, in the time zone of the house.
        closes: when the house closes; a day without an hour ends then.

    Returns:
        the end of what was said; None where the words contradict each other ("Thursday the 23rd" on a Monday) or name
        a day that is not there.
    """
    parts: dict[str, re.Match[str]] = {}
    for kind, match in phrase.parts:
        parts.setdefault(kind, match)
    try:
        if "duration" in parts:
            return _after(parts["duration"], said_at, closes)
        if "within_unit" in parts:
            return _within(parts["within_unit"], said_at, closes)
        day, is_stretch = _day(phrase, said_at.date())
        return _with_hour(parts, day, is_stretch, said_at, closes)
    except (_Unclear, ValueError, OverflowError):
        return None


def closing_time(hours: str) -> time:
    """When a house with these hours ("7:00-22:00") closes; the end of the day where they are not written so."""
    found = re.search(r"\d{1,2}:\d\d\s*[-–]\s*(\d{1,2}):(\d\d)", hours)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return time(23, 59)
    return time(int(found[1]), int(found[2]))


# --- lengths of time ----------------------------------------------------------------------------------------------


def _after(match: re.Match[str], said_at: datetime, closes: time) -> Due:
    unit = (match["unit"]).lower()
    said = match["count"].lower()
    if said.startswith(("half", "media")):
        if not unit.startswith(("h", "m")):
            raise _Unclear
        minutes = 30 if unit.startswith("h") else 0
        return Due(_later(said_at, timedelta(minutes=minutes)), "exact")
    count = _count(match["upto"] or said)
    precision: Precision = "window" if match["upto"] else "day"
    if unit.startswith(("hour", "hora", "minut")):
        step = timedelta(minutes=count) if unit.startswith("minut") else timedelta(hours=count)
        return Due(_later(said_at, step), "window" if match["upto"] else "exact")
    return Due(
        _at(_days_on(said_at.date(), count, unit, bool(match["working1"] or match["working2"])), closes, said_at),
        precision,
    )


def _days_on(day: date, count: int, unit: str, is_working: bool) -> date:
    if unit.startswith(("week", "semana")):
        return day + timedelta(weeks=count)
    if unit.startswith(("month", "mes")):
        return _months_on(day, count)
    return _working_days_on(day, count) if is_working else day + timedelta(days=count)


def _working_days_on(day: date, count: int) -> date:
    """So many days on, Saturdays and Sundays not counted; holidays are not known."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def _months_on(day: date, count: int) -> date:
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _within(match: re.Match[str], said_at: datetime, closes: time) -> Due:
    unit = (match["one_unit"] or match["one_unit_es"]).lower()
    if unit in ("hour", "hora"):
        return Due(_later(said_at, timedelta(hours=1)), "exact")
    days = {"day": 1, "week": 7, "semana": 7}
    day = said_at.date() + timedelta(days=days[unit]) if unit in days else _months_on(said_at.date(), 1)
    return Due(_at(day, closes, said_at), "window")


# --- days ---------------------------------------------------------------------------------------------------------


def _day(phrase: DuePhrase, today: date) -> tuple[date | None, bool]:
    """The day all parts agree on, None when only an hour was said; and whether it ends a stretch of days."""
    exact = [_named_day(kind, match, today) for kind, match in phrase.parts if kind in ("relative", "date", "place")]
    weekdays = [match for kind, match in phrase.parts if kind == "weekday"]
    days = {day for day in exact if day is not None}
    for match in weekdays:
        numbered = _day_of_month(_place(match["day5"]), today) if match["day5"] else None
        days |= {numbered} if numbered else set()
    names = {WEEKDAYS[match["name"].lower()] for match in weekdays}
    if len(days) > 1 or len(names) > 1:
        raise _Unclear
    if days:
        day = days.pop()
        if names and day.weekday() not in names:
            raise _Unclear
        return day, False
    if weekdays:
        return _weekday(weekdays[0], today), False
    ends = [_period_end(kind, match, today) for kind, match in phrase.parts if kind in ("period_end", "next_period")]
    return ends[0] if ends else (None, False)


def _named_day(kind: str, match: re.Match[str], today: date) -> date | None:
    if kind == "relative":
        return today + timedelta(days=_days_ahead(match[0].lower()))
    if kind == "place":
        return _day_of_month(_place(match["day4"]), today)
    for month, (day, year) in _DAY_OF.items():
        if match[month]:
            number = int(match[month]) if match[month].isdigit() else MONTHS[match[month].lower()]
            return _date(number, _place(match[day]), match[year], today)
    return None


def _days_ahead(said: str) -> int:
    if "after tomorrow" in said or "pasado" in said:
        return 2
    return 1 if said in ("tomorrow", "mañana") else 0


def _date(month: int, day: int, year: str | None, today: date) -> date:
    """The date in the year that was said, else the next time it comes within a year."""
    if year:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    for candidate in (today.year, today.year + 1):
        if day <= calendar.monthrange(candidate, month)[1] and date(candidate, month, day) >= today:
            return date(candidate, month, day)
    raise _Unclear


def _day_of_month(day: int, today: date) -> date:
    """The next such day, today included; a month that has no such day is passed over."""
    first = today.replace(day=1)
    for ahead in range(3):
        month = _months_on(first, ahead)
        if day <= calendar.monthrange(month.year, month.month)[1] and month.replace(day=day) >= today:
            return month.replace(day=day)
    raise _Unclear


def _weekday(match: re.Match[str], today: date) -> date:
    """The coming day of this name. Named on its own day it is a week ahead, with "this" it is today.

    "next Friday" and "el viernes de la próxima semana" are the Friday of the week that begins next Monday;
    "el próximo viernes" and "el viernes que viene" are the coming one.
    """
    wanted = WEEKDAYS[match["name"].lower()]
    of = (match["weekday_of"] or "").lower()
    ahead = (wanted - today.weekday()) % 7
    if of == "next" or "week" in (match["next_week"] or "") or "semana" in (match["next_week"] or ""):
        return today + timedelta(days=7 - today.weekday() + wanted)
    if ahead == 0 and of not in ("this", "este"):
        ahead = 7
    return today + timedelta(days=ahead)


def _period_end(kind: str, match: re.Match[str], today: date) -> tuple[date, bool]:
    said = (match["period"] if kind == "period_end" else match["span"]).lower()
    which = match["next1"] or match["next2"] if kind == "period_end" else match["which"] + (match["coming"] or "")
    is_next = bool(re.search(r"next|próxim|viene|entrante", (which or "").lower()))
    if said in ("day", "business", "día", "dia"):
        return today + timedelta(days=is_next), False
    if said in ("week", "semana", "weekend"):
        last = SUNDAY if said == "weekend" else FRIDAY
        day = today + timedelta(days=(last - today.weekday()) % 7 if not is_next else 7 - today.weekday() + last)
        return day, True
    if said in ("month", "mes"):
        month = _months_on(today.replace(day=1), int(is_next))
        return month.replace(day=calendar.monthrange(month.year, month.month)[1]), kind == "next_period"
    return date(today.year + is_next, 12, 31), False


# --- hours --------------------------------------------------------------------------------------------------------


def _with_hour(
    parts: dict[str, re.Match[str]], day: date | None, is_stretch: bool, said_at: datetime, closes: time
) -> Due | None:
    spoken = " ".join(match[0].lower() for match in parts.values())
    if "window" in parts:
        clock = next(parts["window"][name] for name in _TO_HOURS if parts["window"][name])
        return None if day is None else Due(_at(day, _hour(clock, spoken), said_at), "window")
    if "clock" in parts:
        clock = parts["clock"]["hour1"] or parts["clock"]["hour2"]
        hour = _hour(clock, spoken)
        return Due(_at(day, hour, said_at) if day else _next(hour, clock, said_at, closes), "exact")
    if day is None:
        return None
    part = re.search(r"morning|afternoon|evening|night|tarde|noche|(?<=la )mañana", spoken)
    if part:
        return Due(_at(day, DAY_PARTS[part[0]], said_at), "window")
    return Due(_at(day, closes, said_at), "window" if is_stretch else "day")


def _hour(clock: str, spoken: str) -> time:
    """An hour as said, twelve-hour where nothing says otherwise: 7 to 11 are the morning, 12 to 6 the afternoon."""
    said = clock.lower()
    if re.search(r"\bnoon|midday|medio ?d[ií]a", said):
        return time(12)
    if re.search(r"midnight|medianoche", said):
        return time(23, 59)
    digits = re.match(r"(\d{1,2})(?::(\d\d))?", said)
    hour = int(digits[1]) if digits else _count(re.split(r"[ -]", said)[0])
    minute = int(digits[2] or 0) if digits else 0
    minute = next((value for word, value in _MINUTE_WORDS.items() if re.search(rf"[ -]{word}", said)), minute)
    if hour > 12:
        return time(hour, minute)
    is_late = re.search(
        r"\bp\.?\s?m|afternoon|evening|night|tonight|de la (?:tarde|noche)|esta (?:tarde|noche)", f"{said} {spoken}"
    )
    is_early = re.search(r"a\.?\s?m\b|morning|de la mañana|por la mañana", said)
    if is_early or (not is_late and hour >= _EARLIEST_MORNING_HOUR):
        return time(0 if hour == 12 and is_early else hour, minute)
    return time(hour % 12 + 12, minute)


def _next(hour: time, clock: str, said_at: datetime, closes: time) -> datetime:
    """The next time it is this hour; "at eight" said at nine is the evening, if the house is open then."""
    is_named = re.search(r"m\b|clock|morning|mañana|noon|medi", clock.lower())
    if said_at.time() >= hour and hour.hour < 12 and not is_named and time(hour.hour + 12) <= closes:
        hour = hour.replace(hour=hour.hour + 12)
    day = said_at.date() + timedelta(days=said_at.time() >= hour)
    return _at(day, hour, said_at)


def _count(said: str) -> int:
    words = said.lower().replace("-", " ").split()
    if words[-1] in ("couple", "par"):
        return 2
    if words[0].isdigit():
        return int(words[0])
    return sum(COUNTS[word] for word in words)


def _place(said: str) -> int:
    digits = re.match(r"\d+", said)
    if digits:
        return int(digits[0])
    words = said.lower().replace("-", " ").replace(" y ", " ").split()
    return sum(PLACES.get(word, COUNTS.get(word, 0)) for word in words)


def _at(day: date, hour: time, said_at: datetime) -> datetime:
    """That hour of that day where the house is; one that the clocks skip is an hour later."""
    local = datetime.combine(day, hour, tzinfo=said_at.tzinfo)
    return local.astimezone(UTC).astimezone(said_at.tzinfo)


def _later(said_at: datetime, step: timedelta) -> datetime:
    """So much time later as a watch counts it, whatever the clocks do meanwhile."""
    return (said_at.astimezone(UTC) + step).astimezone(said_at.tzinfo)


def local_time(started_at: str | None, t_ms: int | None, zone: str) -> datetime | None:
    """When a turn was said, in the time zone of the house; None when the call's start is not known.

    A start without an offset is the time of the house.
    """
    if started_at is None:
        return None
    began = datetime.fromisoformat(started_at)
    house = ZoneInfo(zone)
    began = began.replace(tzinfo=house) if began.tzinfo is None else began.astimezone(house)
    return _later(began, timedelta(milliseconds=t_ms or 0)).replace(microsecond=0)
