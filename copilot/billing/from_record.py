"""Billing questions put to a customer record: the record and the tariff of the day give what the formulas need."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.billing.restore import RestorationFee, RestoreDue, RestoreInput, restore_due
from copilot.customer import CustomerRecord, ServiceLine
from copilot.errors import BadInput, Conflict
from copilot.money import ZERO
from knowledge.rules.tariff import Fee, TariffFile

OPEN_STATES = ("open", "active")


@dataclass(frozen=True)
class Adjustments:
    """What the record does not hold: a deposit asked for, a returned payment, the agent's word on current charges."""

    include_current: bool | None = None
    deposit_required: Decimal = ZERO
    has_returned_payment: bool = False


def restore_due_of(customer: CustomerRecord, tariff: TariffFile, on: date, adjust: Adjustments) -> RestoreDue:
    """What this customer must pay on a day to have their suspended services back.

    Raises:
        Conflict: nothing is suspended, or a line is disconnected and needs a new order.
        BadInput: the tariff has no restoration fee for a service on that day.
    """
    suspended = [line for line in customer.lines if line.line_status == "suspended"]
    if not suspended:
        raise Conflict(f"Customer {customer.customer_id} has no suspended service{_why_not(customer)}")
    rules = tariff.restoration
    if rules is None:
        raise BadInput("The tariff has no `restoration`: nothing says what restoring service costs. Add it there.")
    was_broken = any(each.status == "broken" for each in customer.arrangements)
    by_policy = rules.include_current or (was_broken and rules.include_current_after_broken_arrangement)
    returned = tariff.fee_on("returned-payment", on) if adjust.has_returned_payment else None
    return restore_due(
        RestoreInput(
            past_due=customer.balance.past_due,
            current_due=customer.balance.current_due,
            include_current=by_policy if adjust.include_current is None else adjust.include_current,
            fees=_restoration_fees(suspended, tariff, rules.fee_id, on),
            tax_percent=tariff.tax_percent(customer.state, on),
            deposit_required=adjust.deposit_required,
            returned_payment_fee=returned.amount if returned else ZERO,
            unapplied_credits=customer.balance.unapplied_credits,
            open_disputed=customer.balance.open_disputed if rules.leaves_out_disputed else ZERO,
            source=f"record {customer.customer_id}",
        )
    )


def open_arrangements(customer: CustomerRecord) -> int:
    """How many payment arrangements are open."""
    return sum(each.status in OPEN_STATES for each in customer.arrangements)


def _restoration_fees(suspended: list[ServiceLine], tariff: TariffFile, fee_id: str, on: date) -> list[RestorationFee]:
    units = Counter({line.product: 0 for line in suspended})
    for line in suspended:
        units[line.product] += line.quantity
    fees = []
    for product, count in units.items():
        fee = tariff.fee_on(fee_id, on, product)
        if fee is not None:
            fees.append(
                RestorationFee(fee.amount, _counted(fee, count), fee.taxable, f"{product} {fee.per}", _named(fee))
            )
    if not fees:
        raise BadInput(f"The tariff has no fee {fee_id!r} for {', '.join(units)} on {on}. Add it there.")
    return fees


def _counted(fee: Fee, units: int) -> int:
    return units if fee.max_units is None else min(units, fee.max_units)


def _named(fee: Fee) -> str:
    return f"tariff.yaml {fee.fee_id}, from {fee.valid_for.start}"


def _why_not(customer: CustomerRecord) -> str:
    gone = [line.plan for line in customer.lines if line.line_status == "disconnected"]
    if gone:
        return f"; {', '.join(gone)} is disconnected: that takes a new order, and the number may be lost."
    return ". Nothing needs to be restored."
