"""Save offers: a customer and a reason in; what may be offered, best first, and what may not and why, out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from copilot.customer import customer_record
from copilot.errors import BadInput
from copilot.offers import Decision, Desk, Evaluation
from copilot.offers.law import under_law
from copilot.offers.requests import OffersAsked, book_of
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, parts_of


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return OffersTask(options)


class OffersTask:
    """Decides every offer of the pack; nobody is left without one by chance, as the holdout would do."""

    def __init__(self, options: TaskOptions) -> None:
        self._pack = parts_of(options).pack
        book = book_of(self._pack)
        rails = book.offers.guard_rails.model_copy(update={"holdout_percent": 0})
        self._desk = Desk(replace(book, offers=book.offers.model_copy(update={"guard_rails": rails})))

    def run(self, case: Case, sample: int) -> Any:
        """`ranked` and `refused`, each of {offer_id, gain, cost, approval, rules}; `gate` that closed, if one did."""
        del sample  # decisions have no chance in them
        _, found = self.decided(case.input)
        return {
            "ranked": [_row(decision) for decision in found.ranked],
            "refused": [_row(decision) for decision in found.refused],
            "gate": found.gate.rule if found.gate else None,
            "instead": found.instead,
        }

    def decided(self, given: Mapping[str, Any]) -> tuple[OffersAsked, Evaluation]:
        """What a case asks, and the answer."""
        today = date.fromisoformat(given.get("on", self._pack.head.as_of.isoformat()))
        rest = {name: value for name, value in given.items() if name not in ("on", "customer")}
        asked = OffersAsked(**rest, customer=customer_record(self._record(given)))
        return asked, under_law(asked, self._pack, today).answer(self._desk, today)

    def _record(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The record of the case: its own, or a customer's of the pack, with what `changes` says put over it."""
        customer = given["customer"]
        if isinstance(customer, str):
            if customer not in self._pack.customers:
                raise BadInput(f"The pack has no customer {customer!r}; name one of its customers.jsonl.")
            return self._pack.customers[customer]
        base: Mapping[str, Any] = self._pack.customers[customer["like"]] if "like" in customer else {}
        return {**base, **{name: value for name, value in customer.items() if name != "like"}}


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "offer_id": decision.offer_id,
        "gain": str(decision.value.gain),
        "cost": str(decision.value.cost),
        "approval": decision.approval.role,
        "failed": [rule.rule for rule in decision.rules if not rule.holds],
    }
