"""Credits owed for time without service (tariff.yaml: outage_credit)."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

from copilot.errors import BadInput
from copilot.money import ZERO, Component, percent_of, round_cents
from knowledge.rules.base import Segment
from knowledge.rules.tariff import OutageCredit

Entitlement = Literal["automatic", "on_request", "none"]


@dataclass(frozen=True)
class CreditDue:
    """A credit, and whether it is given without being asked for."""

    amount: Decimal
    entitlement: Entitlement
    component: Component

    def as_json(self) -> dict[str, object]:
        """With amounts as texts."""
        return {"amount": str(self.amount), "entitlement": self.entitlement, "component": self.component.as_json()}


def outage_credit(
    rules: OutageCredit, segment: Segment, monthly: Decimal, hours: Decimal, days_in_month: int
) -> CreditDue:
    """The credit for an outage of so many hours.

    Homes: one day's price for each begun `unit_hours`. Businesses: a percentage of the monthly price for each begun
    hour beyond the agreed time, up to a cap.

    Args:
        rules: of the tariff.
        segment: home or business.
        monthly: the monthly price of what was out.
        hours: without service.
        days_in_month: of the month of the outage.

    Raises:
        BadInput: hours below zero, or no such month.
    """
    if hours < 0 or not 28 <= days_in_month <= 31:
        raise BadInput(f"{hours} hours in a month of {days_in_month} days; allowed are 0 hours or more, 28 to 31 days.")
    if segment == "business":
        return _business(rules, monthly, hours)
    if hours < rules.on_request_from_hours:
        return _none(f"{hours} hours < {rules.on_request_from_hours}")
    units = _begun(hours / rules.unit_hours)
    amount = min(round_cents(monthly * units / days_in_month), monthly)
    entitlement: Entitlement = "automatic" if hours > rules.automatic_above_hours else "on_request"
    how = f"{monthly} x {units} days of {days_in_month} for {hours} hours"
    return CreditDue(amount, entitlement, Component("outage_credit", amount, how, "tariff.yaml outage_credit"))


def _business(rules: OutageCredit, monthly: Decimal, hours: Decimal) -> CreditDue:
    beyond = _begun(hours - rules.business_beyond_hours)
    if beyond <= 0:
        return _none(f"{hours} hours, not beyond {rules.business_beyond_hours}")
    percent = min(rules.business_percent_per_started_hour * beyond, rules.business_cap_percent)
    amount = percent_of(percent, monthly)
    how = f"{percent} % of {monthly}: {beyond} begun hours beyond {rules.business_beyond_hours}"
    return CreditDue(amount, "automatic", Component("outage_credit", amount, how, "tariff.yaml outage_credit"))


def _begun(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _none(how: str) -> CreditDue:
    return CreditDue(ZERO, "none", Component("outage_credit", ZERO, how, "tariff.yaml outage_credit"))
