"""Part of a month: price x days / days in the billing period, rounded once (domain handbook 5.5)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.errors import BadInput
from copilot.money import Component, round_cents, total_of


def prorate(price: Decimal, days: int, days_in_period: int) -> Decimal:
    """The price for so many days of a period.

    Raises:
        BadInput: days that do not fit into the period.
    """
    if not 0 <= days <= days_in_period or days_in_period < 1:
        raise BadInput(f"{days} of {days_in_period} days; allowed are 0 up to the days of the period. Correct them.")
    return round_cents(price * days / days_in_period)


@dataclass(frozen=True)
class PlanChange:
    """A change of plan inside a period: what the old one gives back, what the new one costs; `net` may be negative."""

    net: Decimal
    components: tuple[Component, ...]

    def as_json(self) -> dict[str, object]:
        """With amounts as texts."""
        return {"net": str(self.net), "components": [component.as_json() for component in self.components]}


def prorate_change(old: Decimal, new: Decimal, changed_on: date, period_start: date, period_end: date) -> PlanChange:
    """What a change of plan costs on this bill, both plans being paid in advance.

    Args:
        old: monthly price until the day before `changed_on`.
        new: monthly price from `changed_on` on.
        changed_on: the first day of the new plan.
        period_start: first day of the billing period.
        period_end: its last day, included.

    Raises:
        BadInput: the day lies outside the period.
    """
    if not period_start <= changed_on <= period_end:
        raise BadInput(f"{changed_on} lies outside the period {period_start} to {period_end}. Give a day within it.")
    length = (period_end - period_start).days + 1
    left = (period_end - changed_on).days + 1
    components = (
        Component("old_plan_credit", -prorate(old, left, length), f"{old} x {left}/{length} days, given back"),
        Component("new_plan_charge", prorate(new, left, length), f"{new} x {left}/{length} days"),
    )
    return PlanChange(total_of(components), components)
