"""What people do with records: decide a dispute, correct an order, verify the cause of a problem."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from copilot.cases.opening import to_clear_up
from copilot.cases.problems import verified
from copilot.cases.records import collectable, corrected, decided
from copilot.errors import Conflict
from copilot.guard.masking import mask_values, policy_for
from copilot.store import Case, Cases
from knowledge.pack import Pack


@dataclass(frozen=True)
class RecordDesk:
    """Works on the records of one tenant's cases; the same `request_id` again changes nothing."""

    cases: Cases
    pack: Pack

    def decide(
        self, case_id: str, outcome: str, why: str, *, by: str, now: datetime, request_id: str | None = None
    ) -> Case:
        """Decide a dispute: the amount is collected again, or is not owed; the customer is still to be told.

        Raises:
            BadInput: another outcome, or no reason.
            Conflict: it is no dispute, or is decided already.
        """
        case = self.cases.get(case_id)
        if case.knows(request_id):
            return case
        if case.kind != "dispute":
            raise Conflict(f"Case {case_id} is a {case.kind}, no dispute.")
        record, action = decided(case.body, outcome, self._masked(why), now=now), f"dispute_{outcome}"
        return self.cases.change(
            case_id, action, by=by, at=now, version=case.version, fields={"body": record}, request_id=request_id
        )

    def collectable(self, customer_id: str, balance: Decimal) -> Decimal:
        """What of a customer's balance may be collected: nothing that an open dispute is about."""
        return collectable(balance, [case.body for case in self.cases.find(kind="dispute", customer_id=customer_id)])

    def correct(
        self, case_id: str, given: Mapping[str, Any], *, by: str, now: datetime, request_id: str | None = None
    ) -> Case:
        """Correct an order or change, which is checked again; without problems nothing is left to clear up.

        Raises:
            BadInput: a field that an order does not have.
            Conflict: it is no order.
        """
        case = self.cases.get(case_id)
        if case.knows(request_id):
            return case
        if case.kind != "order_change":
            raise Conflict(f"Case {case_id} is a {case.kind}, no order.")
        record = corrected(case.body, self._masked(dict(given)), today=now.date())
        owed = [each for each in case.obligations if each.obligation_id == f"{case_id}/clear-up"]
        new = [] if owed else to_clear_up(record, case_id, case.owner)
        if record["problems"]:
            what = "".join(each.what for each in to_clear_up(record, case_id, case.owner))
            change = [replace(each, what=what, status="open", done_by=None, evidence="") for each in owed]
        else:
            change = [replace(each, status="done", done_by=by, evidence="corrected") for each in owed]
        return self.cases.change(
            case_id,
            "corrected",
            by=by,
            at=now,
            version=case.version,
            fields={"body": record},
            owed=change,
            new=new,
            request_id=request_id,
        )

    def verify(self, case_id: str, *, by: str, now: datetime, request_id: str | None = None) -> Case:
        """Mark the cause of a problem as verified.

        Raises:
            Conflict: something is owed, or nothing but hypotheses is there.
        """
        case = self.cases.get(case_id)
        if case.knows(request_id):
            return case
        if case.kind != "problem":
            raise Conflict(f"Case {case_id} is a {case.kind}, no problem.")
        steps = {each.obligation_id: each.status for each in case.obligations}
        if steps.get(f"{case_id}/corrective") == "withdrawn":
            raise Conflict("The corrective step was withdrawn, not done; a cause is verified when it is done.")
        record = verified(case.body, open_obligations=len(case.open_obligations), now=now)
        fields = {"body": record}
        return self.cases.change(
            case_id, "verified", by=by, at=now, version=case.version, fields=fields, request_id=request_id
        )

    def _masked(self, value: Any) -> Any:
        return mask_values(value, policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers))
