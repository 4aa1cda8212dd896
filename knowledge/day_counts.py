"""Counting days as bodies and laws do."""

from datetime import datetime, timedelta

from knowledge.rules.bureaus import DayKind

_SATURDAY = 5


def add_days(start: datetime, days: int, kind: DayKind) -> datetime:
    """So many days later; business days are Monday to Friday, holidays are not known here."""
    if kind == "calendar":
        return start + timedelta(days=days)
    at, left = start, days
    while left:
        at += timedelta(days=1)
        left -= at.weekday() < _SATURDAY
    return at
