"""A person corrects and signs a note: every edit keeps what changed, a signature stands until somebody reopens it."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from copilot.calls.note.compose import labels_of
from copilot.calls.note.model import Statement
from copilot.errors import BadInput
from knowledge.pack import Pack
from knowledge.rules.dispositions import DispositionsFile

STATEMENTS = ("reason", "outcome")
LISTS = ("facts", "told", "actions", "open_questions")
CODES = ("reason_code", "outcome_code")
PRECISIONS = ("exact", "day", "window")
OUTCOME_CODES = (
    "RESOLVED",
    "PENDING_INTERNAL",
    "PENDING_CARRIER",
    "PENDING_CUSTOMER",
    "ESCALATED",
    "TRANSFERRED",
    "CALLBACK_SET",
    "UNRESOLVED",
    "CANCELLED",
    "SAVED",
)
_HISTORY_KEYS = ("edited_by", "edited_at", "edit_reason", "signed_by", "signed_at")
_TOKEN = re.compile(r"\s+|\S+")

Note = Mapping[str, Any]


def edited_note(note: Note, changes: Mapping[str, Any], *, by: str, at: str, why: str | None, pack: Pack) -> Note:
    """The note after a person's edit: its next version, with what changed in it.

    Args:
        note: the note as it stands, in the contract's form.
        changes: parts by name: `text`, `reason_code`, `outcome_code`; `reason`, `outcome` as sentences; `facts`,
            `told`, `actions`, `open_questions` as lists of sentences; `follow_ups` as list of objects.
        by: who edits.
        at: when, ISO 8601.
        why: the reason of the edit; needed when the note is signed, whose signature falls with the edit.
        pack: whose codes are allowed.

    Raises:
        BadInput: a code the pack does not have, a due date that is none, or a signed note and no reason.
    """
    if note.get("signed_by") and not (why or "").strip():
        raise BadInput(
            f"The note was signed by {note['signed_by']!r}; an edit reopens it and needs a reason. Give edit_reason."
        )
    _check_codes(changes, pack)
    after = {part: _part(part, value, note.get(part)) for part, value in changes.items()}
    whole = {**note, **after}
    whole.update(labels_of(whole, pack))
    whole["text"] = after.get("text") or _with_codes(note, whole)
    if "reason" in after:
        whole["reason_detail"] = whole["reason"]["text"]
    touched = dict.fromkeys((*after, "text"))
    differences = [diff_of(part, note.get(part), whole[part]) for part in touched if note.get(part) != whole[part]]
    stamp = {"edited_by": by, "edited_at": at, "edit_reason": why, "signed_by": None, "signed_at": None}
    return {**whole, **stamp, "version": version_of(note) + 1, "changes": differences}


def signed_note(note: Note, *, name: str, at: str) -> Note:
    """The same version of the note with a signature; an earlier signature gives way."""
    return {**note, "signed_by": name, "signed_at": at, "version": version_of(note), "changes": []}


def is_settled(note: Note | None) -> bool:
    """Whether a person has edited or signed the note, so that nothing automatic may change it any more."""
    return note is not None and bool(note.get("edited_by") or note.get("signed_by"))


def version_of(note: Note) -> int:
    """Which version a note is; the one written at hang-up is the first."""
    return int(note.get("version", 1))


def history_of(notes: Iterable[tuple[str, Note]]) -> list[dict[str, Any]]:
    """The versions of a note from its stored events, each (at, body), the first one first.

    `action` is written, edited, signed or reworded; `changes` what an edit changed, as {part, before, after} and, for
    text, `diff`.
    """
    return list(_entries(notes))


def diff_of(part: str, before: Any, after: Any) -> dict[str, Any]:
    """What became of a part; for texts the steps from one to the other, word by word."""
    difference = {"part": part, "before": before, "after": after}
    if isinstance(before, str) and isinstance(after, str) and part == "text":
        difference["diff"] = _steps(before, after)
    return difference


def _steps(before: str, after: str) -> list[dict[str, str]]:
    """[{op: equal|delete|insert|replace, before, after}]; the befores joined give the old text, the afters the new."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        {"op": op, "before": "".join(old[start:end]), "after": "".join(new[begin:stop])}
        for op, start, end, begin, stop in steps
    ]


def _entries(notes: Iterable[tuple[str, Note]]) -> Iterator[dict[str, Any]]:
    before: Note | None = None
    for at, note in notes:
        entry = {"version": version_of(note), "at": at, "action": _action(before, note)}
        entry |= {key: note.get(key) for key in _HISTORY_KEYS}
        yield {**entry, "changes": note.get("changes", []), "text": note["text"]}
        before = note


def _action(before: Note | None, note: Note) -> str:
    if before is None:
        return "written"
    if note.get("signed_by") and note.get("signed_at") != before.get("signed_at"):
        return "signed"
    return "edited" if note.get("edited_at") != before.get("edited_at") else "reworded"


def _check_codes(changes: Mapping[str, Any], pack: Pack) -> None:
    for part, allowed in zip(CODES, _allowed_codes(pack), strict=True):
        code = changes.get(part)
        if code is not None and allowed and code not in allowed:
            raise BadInput(f"{part} {code!r} is not a code of the pack; allowed are: {', '.join(allowed)}.")


def _allowed_codes(pack: Pack) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Reason and outcome codes; without a dispositions file any reason, and the outcomes that are always there."""
    dispositions = pack.rules.get("dispositions")
    if not isinstance(dispositions, DispositionsFile):
        return (), OUTCOME_CODES
    reasons = tuple(reason.code for reason in dispositions.reasons)
    outcomes = (*(outcome.code for outcome in dispositions.outcomes), *OUTCOME_CODES)
    return reasons, tuple(dict.fromkeys(outcomes))


def _part(part: str, value: Any, before: Any) -> Any:
    """The value of a part in the note's own form."""
    if part in STATEMENTS:
        return _statement(value, [before] if before else [])
    if part in LISTS:
        more = {"system": None, "from": None, "to": None, "amount": None} if part == "actions" else {}
        sentences = [_statement(text, before or []) for text in value]
        return [{**more, **({"what": each["text"]} if more else {}), **each} for each in sentences]
    if part == "follow_ups":
        return [_follow_up(each, before or []) for each in value]
    return value


def _with_codes(note: Note, whole: Note) -> str:
    """The text with another code or label where codes were edited and the text was not; nothing else changes."""
    text = str(note["text"])
    for part in ("outcome_code", "reason_label"):
        old, new = (str(each.get(part) or "") for each in (note, whole))
        if old and new:
            text = text.replace(f": {old[:1].upper()}{old[1:]}", f": {new[:1].upper()}{new[1:]}", 1)
    return text


def _statement(text: str, before: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sentence as it stood, if it did; else one that rests on the person who wrote it and on no turn."""
    kept = next((dict(statement) for statement in before if statement["text"] == text), None)
    return kept or {**vars(Statement(text, (), 0.0)), "turn_ids": [], "edited": True}


def _follow_up(each: Mapping[str, Any], before: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    old = [follow_up["promise"] for follow_up in before]
    due_at, precision = each.get("due_at"), each.get("due_precision")
    if due_at is not None:
        _check_moment(due_at)
        precision = precision or "exact"
    return {
        "promise": _statement(each["promise"], old),
        "owner": each.get("owner") or "agent",
        "due": each.get("due"),
        "due_at": due_at,
        "due_precision": precision,
        "channel": each.get("channel"),
    }


def _check_moment(due_at: str) -> None:
    try:
        moment = datetime.fromisoformat(due_at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadInput(f"due_at {due_at!r} is not a moment with its offset. Write e.g. 2026-11-24T15:00:00-06:00.")
