"""Joins replies to cases: a complaint that is drafted opens a case, and its answer is owed until it has been sent."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from copilot.cases.desk import CaseDesk
from copilot.errors import NotFound
from copilot.ids import id_of
from copilot.replies.model import Draft, Understanding
from copilot.store import OutboxRow

OWNER = "support"


@dataclass(frozen=True)
class ComplaintCases:
    """Keeps the cases of one tenant's complaints."""

    desk: CaseDesk

    def opened(self, understood: Understanding, made: Draft, *, by: str, now: datetime) -> None:
        """Open the case of a complaint; the same again changes nothing, and what is no complaint opens none."""
        item = understood.item
        if item.kind != "complaint":
            return
        case_id = case_id_of(item.item_id)
        answer = {
            "obligation_id": _answer(case_id),
            "what": f"Answer the complaint {item.reference or item.item_id}",
            "owner": _owner(made.routes),
            "due_at": made.due_at.isoformat() if made.due_at else None,
            "source": f"item:{item.item_id}"[:300],
        }
        given = {
            "case_id": case_id,
            "title": f"{item.channel}: {item.title or item.reference or item.item_id}",
            "owner": _owner(made.routes),
            "customer_id": item.customer_id,  # only where a person has confirmed who it is
            "source": f"item:{item.item_id}",
            "body": {"item_id": item.item_id, "channel": item.channel, "body_id": item.body_id},
            "obligations": [answer],
        }
        self.desk.open("complaint", given, by=by, now=now)

    def was_sent(self, row: OutboxRow) -> None:
        """Note that a message was sent: the answer of its complaint is no longer owed."""
        message = row.message
        case_id = case_id_of(str(message.get("item_id")))
        with suppress(NotFound):
            owed = {each.obligation_id for each in self.desk.cases.get(case_id).open_obligations}
            if _answer(case_id) not in owed:
                return
            why = f"reply {message.get('draft_id')} was sent, approved by {message.get('approved_by')}"
            self.desk.settle(case_id, _answer(case_id), "done", by="outbox", now=datetime.now(UTC), why=why)


def case_id_of(item_id: str) -> str:
    """The id of the case of an item."""
    return f"complaint-{id_of(item_id)}"


def _answer(case_id: str) -> str:
    return f"{case_id}/answer"


def _owner(routes: Sequence[str]) -> str:
    return routes[0] if routes else OWNER
