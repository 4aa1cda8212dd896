"""The demo pack's offers ready for evaluation, and customers that fit a test."""

from dataclasses import replace
from datetime import date
from typing import Any

from copilot.customer import CustomerRecord, customer_record
from copilot.offers import CallContext, Decision, Desk, Evaluation, evaluate
from copilot.offers.requests import book_of
from knowledge.pack import Pack

TODAY = date(2026, 11, 20)


def a_customer(**changes: Any) -> CustomerRecord:
    """At home in Texas for two and a half years, Fiber 600 at 75.00, costs 31.45 a month, nothing owed."""
    record: dict[str, Any] = {
        "customer_id": "T-1",
        "segment": "home",
        "state": "TX",
        "since": "2024-05-01",
        "flags": {"cpni_approval": "opt_in"},
        "accounts": [{"account_id": "A-1", "services": [fiber()]}],
        "cost": {"variable_cost_monthly": "31.45"},
    }
    return customer_record({**record, **changes})


def fiber(**changes: Any) -> dict[str, Any]:
    line = {"service_id": "S-1", "product": "internet", "plan": "Fiber 600", "monthly": "75.00"}
    return {**line, **changes}


def decide(pack: Pack, customer: CustomerRecord, reason: str = "price", **call: Any) -> Evaluation:
    context = CallContext(reason, **{"auth_level": "authenticated", **call})
    return evaluate(customer, context, without_holdout(pack), TODAY)


def without_holdout(pack: Pack) -> Desk:
    """The desk of a pack in which nobody is left without an offer by chance."""
    book = book_of(pack)
    rails = book.offers.guard_rails.model_copy(update={"holdout_percent": 0})
    return Desk(replace(book, offers=book.offers.model_copy(update={"guard_rails": rails})))


def decision(found: Evaluation, offer_id: str) -> Decision:
    return next(each for each in (*found.ranked, *found.refused) if each.offer_id == offer_id)


def refusals(found: Evaluation, offer_id: str) -> dict[str, str]:
    """The rules that stand in the way of an offer, with their words."""
    return {rule.rule: rule.says for rule in decision(found, offer_id).rules if not rule.holds}
