"""What an offer gives this customer month by month, and the prices the customer sees."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.customer import CustomerRecord, ServiceLine
from copilot.money import ZERO, percent_of
from knowledge.rules.offers import Offer
from knowledge.rules.tariff import Plan, TariffFile

ALWAYS = 600  # months of a concession without an end; the horizon cuts it


@dataclass(frozen=True)
class Given:
    """What an offer gives: by month, at once, and the price of the month before, during and after it."""

    monthly: tuple[Decimal, ...]
    upfront: Decimal
    upfront_cost: Decimal
    price_now: Decimal
    price_during: Decimal
    price_after: Decimal
    months: int
    ends_on: date | None
    plan: str = ""
    fee: Decimal = ZERO
    bound_months: int = 0

    def margin_months(self, horizon: int) -> tuple[Decimal, ...]:
        """What each month gives up, for the margin floor: free months are spread over the agreement they buy.

        A free month would leave no margin in itself; the customer who is bound pays for it in the months that follow.
        """
        free = sum(1 for each in self.monthly if each and each == self.price_now)
        if not self.bound_months or not free or self.months:
            return self.monthly[:horizon]
        return (self.price_now * free / self.bound_months,) * min(self.bound_months, horizon)


def concession_of(offer: Offer, customer: CustomerRecord, tariff: TariffFile | None, on: date) -> Given:
    """What an offer comes to for a customer, made on a day.

    A percentage or a price is of the service the offer is for, or of the whole account where it says so. A smaller plan
    gives up the difference in price for good.
    """
    now = monthly_charges(customer)
    rule, service = offer.concession, _charge_of(offer, customer)
    if offer.offer_type == "plan_downgrade":
        return _smaller_plan(customer, tariff, on, now)
    each = _each_month(offer, service if rule.percent_of == "service" or rule.monthly_price is not None else now, now)
    months = rule.months if rule.while_holds is None else ALWAYS
    monthly = tuple([each] * months if each else []) + tuple([now] * rule.free_months)
    fee = _waived(offer, customer, tariff, on)
    ends_on = _end(offer, on)
    return Given(
        monthly,
        rule.upfront + fee,
        rule.cost_once + fee,
        price_now=now,
        price_during=now - each,
        price_after=now,
        months=rule.months,
        ends_on=ends_on,
        fee=fee,
        bound_months=offer.commitment_months,
    )


def monthly_charges(customer: CustomerRecord) -> Decimal:
    """All recurring charges of a month, before taxes."""
    return customer.monthly_charges


def smaller_plan(customer: CustomerRecord, tariff: TariffFile | None, on: date) -> tuple[ServiceLine, Plan] | None:
    """The line that a cheaper plan on sale would cover, with the cheapest such plan; None when none does.

    A line needs a known use of its allowance (`use_percent`), and plans are compared by allowance, else by speed.
    """
    if tariff is None:
        return None
    fits = [
        (line.monthly - other.price, line, other)
        for line in customer.lines
        if line.line_status == "active" and line.use_percent is not None and (plan := tariff.plan_named(line.plan))
        for other in tariff.plans
        if _covers(other, plan, line.use_percent) and _is_sold(other, customer, on)
    ]
    best = max(fits, key=lambda fit: fit[0], default=None)
    return (best[1], best[2]) if best and best[0] > 0 else None


def _covers(other: Plan, plan: Plan, use_percent: int) -> bool:
    if other.service != plan.service or other.is_addon or other.rank >= plan.rank:
        return False
    sizes = ((other.data_gb, plan.data_gb), (other.allowance, plan.allowance), (other.speed_mbps, plan.speed_mbps))
    for size, wanted in sizes:
        if size is not None and wanted is not None:
            return size * 100 >= wanted * use_percent
    return False


def _is_sold(plan: Plan, customer: CustomerRecord, on: date) -> bool:
    return plan.valid_for.holds_on(on) and customer.segment in plan.segment


def _smaller_plan(customer: CustomerRecord, tariff: TariffFile | None, on: date, now: Decimal) -> Given:
    found = smaller_plan(customer, tariff, on)
    if found is None:
        return Given((), ZERO, ZERO, now, now, now, 0, None)
    line, plan = found
    less = (line.monthly - plan.price) * line.quantity
    return Given((less,) * ALWAYS, ZERO, ZERO, now, now - less, now - less, 0, None, plan.name)


def _each_month(offer: Offer, base: Decimal, now: Decimal) -> Decimal:
    rule = offer.concession
    if rule.monthly_amount is not None:
        return min(rule.monthly_amount, now)
    if rule.monthly_percent is not None:
        return percent_of(rule.monthly_percent, base)
    if rule.monthly_price is not None:
        return max(base - rule.monthly_price, ZERO)
    return ZERO


def _charge_of(offer: Offer, customer: CustomerRecord) -> Decimal:
    """The monthly charge of the services an offer is for; of all of them when it names none."""
    lines: Sequence[ServiceLine] = [
        line
        for line in customer.lines
        if line.line_status != "disconnected" and (not offer.services or line.product in offer.services)
    ]
    return sum((line.charge for line in lines), ZERO)


def _waived(offer: Offer, customer: CustomerRecord, tariff: TariffFile | None, on: date) -> Decimal:
    """The fee that is not charged, once: the dearest of the customer's services."""
    if offer.concession.waives_fee is None or tariff is None:
        return ZERO
    fees = (tariff.fee_on(offer.concession.waives_fee, on, line.product) for line in customer.lines)
    return max((fee.amount for fee in fees if fee is not None), default=ZERO)


def _end(offer: Offer, on: date) -> date | None:
    months = max(offer.concession.months + offer.concession.free_months, offer.commitment_months)
    return add_months(on, months) if months else None


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
