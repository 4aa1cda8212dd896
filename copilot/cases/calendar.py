"""Reminders as iCalendar (RFC 5545): one event an obligation, with an alarm before it, the same UID each time."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from copilot.store import Obligation

LENGTH = timedelta(minutes=15)
ALARM = "-PT1H"
_LINE_OCTETS = 75


def calendar(obligations: Iterable[tuple[str, Obligation]], *, stamp: datetime, name: str = "Follow-ups") -> str:
    """A calendar with what is open and has a time.

    Args:
        obligations: each with the id of its case.
        stamp: when the calendar was made.
        name: what programs call it.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Retention Copilot//Cases//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for case_id, each in obligations:
        if each.status == "open" and each.due_at is not None:
            lines += _event(case_id, each, each.due_at, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(case_id: str, each: Obligation, due_at: datetime, stamp: datetime) -> Iterator[str]:
    channel = f" ({each.channel})" if each.channel else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(each.obligation_id)}@retention-copilot"
    yield f"DTSTAMP:{_utc(stamp)}"
    yield f"DTSTART:{_utc(due_at - LENGTH)}"
    yield f"DTEND:{_utc(due_at)}"
    yield f"SUMMARY:{_escaped(f'{each.owner}: {each.what}{channel}')}"
    yield f"DESCRIPTION:{_escaped(f'Case {case_id}, from {each.source}')}"
    yield f"SEQUENCE:{len(each.moved_from)}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(each.what)}"
    yield f"TRIGGER:{ALARM}"
    yield "END:VALARM"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    text = "".join(char for char in text if char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no character cut; each further piece begins with a space."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + octets
    yield piece
