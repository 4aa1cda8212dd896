"""The account note: statements that each name the turns they rest on (fields of the trade's common note form)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from copilot.calls.fields import Field


@dataclass(frozen=True)
class Statement:
    """One sentence of a note; `support` is the share of its content words that stand in the turns it names, 0..1."""

    text: str
    turn_ids: tuple[str, ...]
    support: float = 1.0


@dataclass(frozen=True)
class Action(Statement):
    """Something that was done; `from_value`, `to_value` and `amount` where the words name them, exact.

    `amount` is in dollars ("65.00", "119.56"); `system` is "system" for what a system reported itself.
    """

    system: str | None = None
    from_value: str | None = None
    to_value: str | None = None
    amount: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """Something promised: by whom, until when, and how.

    `due` is the time as it was said, `due_at` the latest moment on the calendar (ISO 8601 with offset), None where it
    cannot be known; `due_precision` is exact, day or window; `channel` is call, email, text or mail.
    """

    promise: Statement
    owner: str
    due: str | None = None
    due_at: str | None = None
    due_precision: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class OfferTalk:
    """An offer as the agent put it, and what the customer said to it; `refusal_reason` in the customer's own words.

    `price` are the amounts named with it, `duration` how long it is to last, as said.
    """

    presented: Statement
    outcome: str
    answer: Statement | None = None
    refusal_reason: Statement | None = None
    price: tuple[str, ...] = ()
    duration: str | None = None
    offer_id: str | None = None


@dataclass(frozen=True)
class Verification:
    """How the caller was verified; `attempts_failed` counts the tries that did not match."""

    method: str | None
    result: str
    level: str
    turn_ids: tuple[str, ...]
    attempts_failed: int = 0


@dataclass(frozen=True)
class MissingPart:
    """A part the note of this call should have and has not: why, and what to ask or do before hang-up."""

    part: str
    why: str
    ask: str


@dataclass(frozen=True)
class AccountNote:
    """What happened in a call, ready to be read, edited and signed."""

    call_id: str
    language: str
    contact: Mapping[str, Any]
    verification: Verification
    reason_code: str
    reason_label: str | None
    reason: Statement
    outcome_code: str
    outcome: Statement
    outcome_label: str | None = None
    facts: tuple[Statement, ...] = ()
    told: tuple[Statement, ...] = ()
    actions: tuple[Action, ...] = ()
    offers: tuple[OfferTalk, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    open_questions: tuple[Statement, ...] = ()
    disclosures_read: tuple[Statement, ...] = ()
    red_flags: tuple[Statement, ...] = ()
    ticket_ids: tuple[str, ...] = ()
    fields: tuple[Field, ...] = field(default_factory=tuple)
    missing: tuple[MissingPart, ...] = ()
    call_language: str = "en"
    text: str = ""
    withheld: int = 0  # lines a preview leaves out, because the caller is not verified that far

    def as_json(self) -> dict[str, Any]:
        """The note in the contract's form, ready for JSON."""
        note = asdict(self)
        note["reason_detail"] = note["reason"]["text"]
        note["disposition_code"] = f"{self.reason_code}/{self.outcome_code}"
        note["version"] = 1
        note["actions"] = [_action(action) for action in self.actions]
        return {key: _plain(value) for key, value in note.items()}


def _action(action: Action) -> dict[str, Any]:
    parts = asdict(action)
    values = {"from": parts.pop("from_value"), "to": parts.pop("to_value"), "amount": parts.pop("amount")}
    return {**parts, "what": action.text, **values}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
