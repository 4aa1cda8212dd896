"""The final note's statements in a model's words; each one that fails its checks keeps its own.

The note is taken as JSON, whatever its parts: a statement is an object with `text` and `turn_ids`. Codes, fields,
offers, follow-ups and labels of cues are never given away for rewording.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from copilot.calls.note.text import MAX_SHARE, MAX_WORDS
from copilot.calls.slow_path import Snapshot, evidence_of, turn_line
from copilot.calls.state import CallState
from copilot.guard.grounding import Evidence, check_sentence
from copilot.guard.redaction import RedactionPolicy
from copilot.guard.wording import check_worded
from copilot.models import NOTE_WORDING, Model
from copilot.transcript import Turn

PROMPT = "note_wording"
NEVER_REWORDED = frozenset({"fields", "follow_ups", "offers", "red_flags", "disclosures_read"})
MAX_STATEMENTS = 30
MAX_GROWTH = 1.3
SPARE_CHARACTERS = 20


class _Statement(BaseModel):
    id: str = Field(max_length=20)
    text: str = Field(min_length=1, max_length=1_000)


class RewordedForm(BaseModel):
    """The form the model answers in."""

    statements: list[_Statement] = Field(max_length=2 * MAX_STATEMENTS)


@dataclass(frozen=True)
class RewordedNote:
    """A worded note, not yet shown."""

    made_from: Snapshot
    note: Mapping[str, Any]

    def body(self, state: CallState) -> Mapping[str, Any] | None:
        """The body of its event; None when the note is no longer the one it was made from."""
        return self.note if state.note == self.made_from.note else None


def reword_note(
    model: Model,
    call: Snapshot,
    *,
    policy: RedactionPolicy,
    max_characters: int,
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
) -> RewordedNote | None:
    """The note of an ended call with statements reworded; None when none is, or when it would grow too long.

    A rewording is taken when the turns of its statement bear it out, when the statement itself does so in every figure,
    date, name and negation, and when it loses none of those.

    Args:
        model: asked once, within the limits of a note's wording.
        call: with its note.
        policy: what the pack masks.
        max_characters: the longest `text` the customer system takes.
        gazetteer: names of plans, offers and products.
        known_names: names that need no turn, such as that of the business.

    Raises:
        ModelFailed: the model gave nothing usable.
    """
    turns = {turn.turn_id: turn for turn in call.turns}
    note = call.note or {}
    statements = {f"s{place}": one for place, one in enumerate(_statements(note, turns), start=1)}
    if not statements:
        return None
    short = {turn_id: f"t{place}" for place, turn_id in enumerate(turns, start=1)}
    named = {turn_id for one in statements.values() for turn_id in one.turn_ids}
    prompt = model.prompt(PROMPT)
    values = {
        "statements": "\n".join(_line_of(key, one, short) for key, one in statements.items()),
        "turns": "\n".join(turn_line(short[turn_id], turn) for turn_id, turn in turns.items() if turn_id in named),
        "language": call.language,
        "max_characters": str(max_characters),
    }
    reply = model.complete(prompt.fill(values, policy=policy, form=RewordedForm), task=NOTE_WORDING)
    terms, names = tuple(gazetteer), tuple(known_names)
    wording = {
        statements[one.id].text: one.text.strip()
        for one in reply.output_as(RewordedForm).statements
        if one.id in statements and _holds(one.text.strip(), statements[one.id], turns, call.language, terms, names)
    }
    worded_by = f"{reply.model}/{reply.prompt_name}/{reply.prompt_version}"
    words = sum(len(turn.text.split()) for turn in call.turns)
    return _put_together(call, wording, worded_by, max_characters, max(MAX_WORDS, int(MAX_SHARE * words)))


@dataclass(frozen=True)
class _Own:
    """A statement as the note has it."""

    text: str
    turn_ids: tuple[str, ...]


def _statements(note: Mapping[str, Any], known: Collection[str]) -> Iterable[_Own]:
    found = {
        one["text"]: _Own(one["text"], tuple(one["turn_ids"]))
        for one in _walk(note)
        if all(turn_id in known for turn_id in one["turn_ids"])
    }
    return list(found.values())[:MAX_STATEMENTS]


def _walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every statement below a value, in order."""
    if isinstance(value, Mapping):
        if _is_statement(value):
            yield value
        for key, below in value.items():
            if key not in NEVER_REWORDED:
                yield from _walk(below)
    elif isinstance(value, list):
        for below in value:
            yield from _walk(below)


def _is_statement(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("text"), str) and bool(value["text"].strip()) and bool(value.get("turn_ids"))


def _line_of(key: str, one: _Own, short: Mapping[str, str]) -> str:
    return f"[{key}] {one.text} ({', '.join(short[turn_id] for turn_id in one.turn_ids)})"


def _holds(
    text: str, own: _Own, turns: Mapping[str, Turn], language: str, gazetteer: Sequence[str], names: Sequence[str]
) -> bool:
    if text == own.text or len(text) > MAX_GROWTH * len(own.text) + SPARE_CHARACTERS:
        return False
    evidence = [evidence_of(turn_id, turns[turn_id]) for turn_id in own.turn_ids]
    before, after = [Evidence("own", own.text)], [Evidence("new", text)]
    return (
        check_worded(text, evidence, language=language, gazetteer=gazetteer, known_names=names).supported
        and check_worded(text, before, language=language, gazetteer=gazetteer, known_names=names).supported
        and check_sentence(
            own.text, after, language=language, gazetteer=gazetteer, known_names=names, min_support=0.0
        ).supported
    )


def _put_together(
    call: Snapshot, wording: Mapping[str, str], worded_by: str, max_characters: int, max_words: int
) -> RewordedNote | None:
    note = call.note or {}
    text = _in_text(str(note.get("text", "")), wording)
    too_long = len(text) > max_characters or len(text.split()) > max(max_words, len(str(note.get("text", "")).split()))
    if not wording or too_long:
        return None
    body = {key: value if key in NEVER_REWORDED else _replaced(value, wording) for key, value in note.items()}
    if "reason_detail" in body:
        body["reason_detail"] = body["reason"]["text"]
    return RewordedNote(call, {**body, "text": text, "worded_by": worded_by})


def _in_text(text: str, wording: Mapping[str, str]) -> str:
    """The version to paste, with each statement that stands there whole and once in its new words."""
    for old, new in wording.items():
        if text.count(old) == 1:
            text = text.replace(old, new)
    return text


def _replaced(value: Any, wording: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_replaced(below, wording) for below in value]
    if not isinstance(value, Mapping):
        return value
    replaced = {key: below if key in NEVER_REWORDED else _replaced(below, wording) for key, below in value.items()}
    return {**replaced, "text": wording.get(value["text"], value["text"])} if _is_statement(value) else replaced
