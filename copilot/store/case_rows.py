"""Cases and what is owed in them, as they are stored and worked with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["complaint", "follow_up", "ticket", "work_order", "dispute", "order_change", "problem", "route"]
ObligationStatus = Literal["open", "done", "withdrawn"]
CaseStatus = Literal["open", "closed"]


@dataclass(frozen=True)
class Obligation:
    """Something somebody owes by a time.

    Attributes:
        obligation_id: chosen by whoever records it, so that the same again changes nothing.
        what: in one sentence.
        owner: a person or a team (a process route).
        due_at: when; None where only "soon" was said.
        channel: how the customer hears of it: call, email, letter …
        source: what it comes from: "call:demo-01/t27", "draft:D-…", "person".
        moved_from: dates it had before.
    """

    obligation_id: str
    what: str
    owner: str
    due_at: datetime | None = None
    channel: str = ""
    source: str = "person"
    status: ObligationStatus = "open"
    done_by: str | None = None
    evidence: str = ""
    moved_from: Sequence[str] = ()

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open and its time is over."""
        return self.status == "open" and self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a case, never changed."""

    seq: int
    at: datetime
    by: str
    action: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A matter with one owner. `body` holds what its kind adds: the fields of a ticket, a dispute, a root cause."""

    case_id: str
    kind: Kind
    title: str
    owner: str
    status: CaseStatus
    customer_id: str | None
    source: str
    body: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
    obligations: Sequence[Obligation] = ()
    history: Sequence[Entry] = ()

    def knows(self, request_id: str | None) -> bool:
        """Whether a change of this id was made already."""
        return bool(request_id) and any(entry.body.get("request_id") == request_id for entry in self.history)

    @property
    def open_obligations(self) -> list[Obligation]:
        """What is still owed."""
        return [each for each in self.obligations if each.status == "open"]
