"""What people do with trouble tickets: change and move them, log tests, book visits, and say what came of a visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.cases.tickets import amended, changed, moot, updates_due
from copilot.cases.visits import dispatch, owed_after, stepped
from copilot.errors import Conflict
from copilot.guard.dispatch import DispatchConsent
from copilot.guard.masking import mask_values, policy_for
from copilot.store import Case, Cases
from knowledge.pack import Pack


@dataclass(frozen=True)
class TicketDesk:
    """Works on the tickets of one tenant; what the customer is to be told becomes owed with each change."""

    cases: Cases
    pack: Pack

    def get(self, case_id: str) -> Case:
        """A ticket and its case.

        Raises:
            NotFound: there is no such case.
            Conflict: it is no ticket.
        """
        case = self.cases.get(case_id)
        if case.kind != "ticket":
            raise Conflict(f"Case {case_id} is a {case.kind}, no ticket.")
        return case

    def amend(self, case_id: str, given: Mapping[str, Any], *, by: str, now: datetime) -> Case:
        """Change fields: the carrier's reference, the expected end, notes and further entries of its lists.

        Raises:
            BadInput, Conflict: a field that may not change, of another shape; the ticket is at an end.
        """
        case = self.get(case_id)
        ticket = amended(case.body, self._masked(dict(given)), by=by, now=now)
        return self._store(case, ticket, "amended", by, now)

    def move(self, case_id: str, status: str, reason: str, *, by: str, now: datetime) -> Case:
        """Move a ticket to another state; the customer is then to be told.

        Raises:
            BadInput, Conflict: no such state, or it may not follow.
        """
        case = self.get(case_id)
        ticket = changed(case.body, status, self._masked(reason), now=now)
        return self._store(case, ticket, f"ticket_{status}", by, now)

    def add_tests(self, case_id: str, results: Mapping[str, str], *, by: str, now: datetime) -> Case:
        """Log what tests showed, by their name."""
        case = self.get(case_id)
        tests = {**case.body.get("diagnostics", {}), **self._masked(dict(results))}
        ticket = {**case.body, "diagnostics": tests, "lastUpdate": now.isoformat()}
        return self._store(case, ticket, "tested", by, now)

    def book_visit(self, case_id: str, consent: DispatchConsent | None, *, by: str, now: datetime) -> Case:
        """Book a carrier's visit: only after the tests, and with consent to this window and charge (DSP-01).

        Raises:
            Conflict: what is missing is named.
        """
        case = self.get(case_id)
        booked = dispatch(case.body, consent, self.pack.consent.dispatch, now=now)
        return self._store(case, self._masked(booked), "visit_booked", by, now)

    def visit(
        self, case_id: str, order_id: str, step: str, given: Mapping[str, Any], *, by: str, now: datetime
    ) -> Case:
        """Say what came of a visit; one that was missed or failed leaves something owed.

        Raises:
            NotFound, BadInput, Conflict: see `copilot.cases.visits.stepped`.
        """
        case = self.get(case_id)
        ticket = stepped(case.body, order_id, step, given, now=now)
        return self._store(case, ticket, f"visit_{step}", by, now)

    def _store(self, case: Case, ticket: Mapping[str, Any], action: str, by: str, now: datetime) -> Case:
        new = [*updates_due(ticket, case.case_id, case.owner), *owed_after(ticket, case.case_id, case.owner, now)]
        return self.cases.change(
            case.case_id,
            action,
            by=by,
            at=now,
            version=case.version,
            fields={"body": dict(ticket)},
            owed=moot(ticket, case.obligations, case.case_id),
            new=new,
        )

    def _masked(self, value: Any) -> Any:
        return mask_values(value, policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers))
