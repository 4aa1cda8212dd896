"""What a case of each kind holds when it is opened, and what is owed in it from the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.cases.problems import root_cause
from copilot.cases.reading import one_object, time_of
from copilot.cases.records import dispute, order_change
from copilot.cases.tickets import new_ticket, updates_due
from copilot.errors import BadInput
from copilot.store import Obligation
from knowledge.pack import Pack
from knowledge.rules.bureaus import BureausFile

KINDS = ("complaint", "follow_up", "ticket", "work_order", "dispute", "order_change", "problem", "route")
DISPUTE_DAYS = 10  # where the pack's clock bill_disputed says nothing

Opened = tuple[dict[str, Any], list[Obligation]]


@dataclass(frozen=True)
class Opening:
    """A case that is being opened; `dispute_days` are business days."""

    kind: str
    case_id: str
    owner: str
    now: datetime
    dispute_days: int = DISPUTE_DAYS


def opened(case: Opening, given: Mapping[str, Any]) -> Opened:
    """The body of the case, and what is owed in it.

    Raises:
        BadInput: what its kind needs is missing or wrong.
    """
    match case.kind:
        case "ticket":
            ticket = new_ticket({"id": case.case_id, **given}, now=case.now)
            return ticket, updates_due(ticket, case.case_id, case.owner)
        case "dispute":
            return _dispute(case, given)
        case "problem":
            record = root_cause(given)
            steps = [("corrective", record["corrective"]), ("preventive", record["preventive"])]
            due = time_of(record["due_at"])
            return record, [Obligation(f"{case.case_id}/{name}", str(what), case.owner, due) for name, what in steps]
        case "order_change":
            record = order_change(given, one_object(given.get("current"), "current"), today=case.now.date())
            return record, to_clear_up(record, case.case_id, case.owner)
    if not str(given.get("title") or "").strip():
        raise BadInput(f"A {case.kind} needs a title. Say in a few words what it is about.")
    return one_object(given.get("body"), "body"), []


def dispute_days_of(pack: Pack) -> int:
    """In how many business days the pack has a dispute answered."""
    bureaus = pack.rule_file(BureausFile)
    clocks = bureaus.clocks if bureaus else ()
    return next((clock.days for clock in clocks if clock.event == "bill_disputed"), DISPUTE_DAYS)


def to_clear_up(record: Mapping[str, Any], case_id: str, owner: str) -> list[Obligation]:
    """What stands against entering an order; nobody enters it before that is cleared up."""
    if not record["problems"]:
        return []
    what = f"Clear up before the order is entered: {'; '.join(record['problems'])}"
    return [Obligation(f"{case_id}/clear-up", what, owner, source=f"case:{case_id}")]


def _dispute(case: Opening, given: Mapping[str, Any]) -> Opened:
    record = dispute(given, opened=case.now, business_days=case.dispute_days)
    what = f"Answer the dispute of {record['amount']} on {record['invoice_id']}"
    due = time_of(record["answer_due_at"])
    return record, [Obligation(f"{case.case_id}/answer", what, "finance", due, source=f"case:{case.case_id}")]
