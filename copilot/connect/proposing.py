"""What a finished note asks to be written elsewhere: the note itself, and the fields that were said to be other now."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.connect.protocol import NOTE

_MARK = re.compile(r"\[[A-Z][A-Z_ ]*\]")  # what was masked stays out of other systems
MAX_VALUE_CHARS = 2000


@dataclass(frozen=True)
class Wanted:
    """One thing to write: `field` is the system's name of it, or "note"; `because` are the turns it rests on."""

    field: str
    old: str | None
    new: str
    because: tuple[str, ...]


def wanted_of_note(
    note: Mapping[str, Any], current: Mapping[str, str | None], fields: Mapping[str, str]
) -> list[Wanted]:
    """What a note asks for.

    Args:
        note: as `AccountNote` gives it as JSON: `text`, `fields [{name, value, turn_ids}]`,
            `actions [{what, from, to, turn_ids}]`. What has another form is passed over.
        current: the present values by the system's field names.
        fields: which field of the note (or what was changed, of an action) goes into which field there.

    Returns:
        The note's text first, then one change a field, the last said value of each, only where it differs from the
        present one. Nothing that was masked, nothing that rests on no turn.
    """
    wanted = [Wanted(NOTE, None, str(note["text"]), _turns(note, "reason"))] if note.get("text") else []
    changes: dict[str, Wanted] = {}
    for name, value, because in (*_said_fields(note), *_said_actions(note)):
        target = fields.get(name)
        if target is None or not because or not value or len(value) > MAX_VALUE_CHARS or _MARK.search(value):
            continue
        changes[target] = Wanted(target, current.get(target), value, because)
    return [*wanted, *(change for change in changes.values() if change.new != (change.old or ""))]


def proposal_id(call_id: str, system: str, kind: str, object_id: str, wanted: Wanted) -> str:
    """The same for the same wish, however often it is made; the key that other systems are given."""
    parts = "\x1f".join((call_id, system, kind, object_id, wanted.field, wanted.new))
    return f"wb-{hashlib.sha256(parts.encode()).hexdigest()[:32]}"


def _said_fields(note: Mapping[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (str(one.get("name", "")), str(one.get("value", "")).strip(), _ids(one)) for one in _objects(note.get("fields"))
    ]


def _said_actions(note: Mapping[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (str(one.get("field") or one.get("what") or ""), str(one["to"]).strip(), _ids(one))
        for one in _objects(note.get("actions"))
        if one.get("to")
    ]


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _turns(note: Mapping[str, Any], part: str) -> tuple[str, ...]:
    statement = note.get(part)
    return _ids(statement) if isinstance(statement, Mapping) else ()


def _ids(one: Mapping[str, Any]) -> tuple[str, ...]:
    ids = one.get("turn_ids")
    return tuple(map(str, ids)) if isinstance(ids, Sequence) and not isinstance(ids, str) else ()
