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
class FollowUp:
    """Something promised: by whom, and until when as it was said."""

    promise: Statement
    owner: str
    due: str | None = None


@dataclass(frozen=True)
class OfferTalk:
    """An offer as the agent put it, and what the customer said to it."""

    presented: Statement
    outcome: str
    answer: Statement | None = None


@dataclass(frozen=True)
class Verification:
    """How the caller was verified."""

    method: str | None
    result: str
    level: str
    turn_ids: tuple[str, ...]


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
    facts: tuple[Statement, ...] = ()
    told: tuple[Statement, ...] = ()
    actions: tuple[Statement, ...] = ()
    offers: tuple[OfferTalk, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    open_questions: tuple[Statement, ...] = ()
    disclosures_read: tuple[Statement, ...] = ()
    red_flags: tuple[Statement, ...] = ()
    ticket_ids: tuple[str, ...] = ()
    fields: tuple[Field, ...] = field(default_factory=tuple)
    text: str = ""
    withheld: int = 0  # lines a preview leaves out, because the caller is not verified that far

    def as_json(self) -> dict[str, Any]:
        """The note in the contract's form, ready for JSON."""
        note = asdict(self)
        note["reason_detail"] = note["reason"]["text"]
        note["disposition_code"] = f"{self.reason_code}/{self.outcome_code}"
        return {key: _plain(value) for key, value in note.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
