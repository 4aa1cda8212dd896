"""What was promised in a call becomes what is owed: one obligation a promise, known by the turn it was made in."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from copilot.store import Obligation

UNKNOWN_OWNER = "support"


def follow_ups_of(note: Mapping[str, Any]) -> list[Obligation]:
    """The obligations of an account note, in its order.

    Args:
        note: as `copilot note --json` prints it; `follow_ups` of `{promise: {text, turn_ids}, owner, due_at, channel}`.
    """
    call_id = str(note["call_id"])
    found, seen = [], Counter[str]()
    for number, each in enumerate(note.get("follow_ups") or (), start=1):
        turns = "+".join(each["promise"].get("turn_ids") or ()) or str(number)
        seen[turns] += 1
        place = f"{call_id}/{turns}"
        due = each.get("due_at")
        found.append(
            Obligation(
                # a turn may hold several promises; the first keeps the plain name
                obligation_id=place if seen[turns] == 1 else f"{place}.{seen[turns]}",
                what=each["promise"]["text"],
                owner=each.get("owner") or UNKNOWN_OWNER,
                due_at=datetime.fromisoformat(due) if due else None,
                channel=each.get("channel") or "",
                source=f"call:{place}",
            )
        )
    return found


def title_of(note: Mapping[str, Any]) -> str:
    """What a case of this call is called."""
    reason = note.get("reason_label") or note.get("reason_code") or "call"
    name = (note.get("contact") or {}).get("caller_name")
    return f"{reason}: {name}" if name else str(reason)
