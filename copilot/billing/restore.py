"""What must be paid to put suspended service back, component by component (domain handbook 5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.errors import BadInput
from copilot.money import ZERO, Component, percent_of, total_of


@dataclass(frozen=True)
class RestorationFee:
    """The fee for so many lines or services of one kind."""

    amount: Decimal
    units: int
    is_taxable: bool = True
    unit: str = "line"
    source: str = "given"


@dataclass(frozen=True)
class RestoreInput:
    """What a restoration is computed from; amounts in cents' precision, none below zero.

    `open_disputed` is the part of what is unpaid that the customer disputes: it need not be paid.
    """

    past_due: Decimal
    current_due: Decimal = ZERO
    include_current: bool = False
    fees: Sequence[RestorationFee] = ()
    tax_percent: Decimal = Decimal(0)
    deposit_required: Decimal = ZERO
    returned_payment_fee: Decimal = ZERO
    unapplied_credits: Decimal = ZERO
    open_disputed: Decimal = ZERO
    source: str = "given"


@dataclass(frozen=True)
class RestoreDue:
    """The sum to be paid, never below zero, and its components, which add up to `total - credit_left`."""

    total: Decimal
    credit_left: Decimal
    components: tuple[Component, ...]

    def as_json(self) -> dict[str, object]:
        """With amounts as texts, and what the agent reads back."""
        return {
            "total": str(self.total),
            "credit_left": str(self.credit_left),
            "components": [component.as_json() for component in self.components],
            "say": {
                "en": f"The total to restore the service is ${self.total}.",
                "es": f"El total para restablecer el servicio es ${self.total}.",
            },
        }


def restore_due(given: RestoreInput) -> RestoreDue:
    """Past due (+ current) + fees + tax on taxable fees + deposit + returned-payment fee - credits - disputed.

    Each component is rounded once, half up; a component of zero is left out, past due apart.

    Raises:
        BadInput: more is disputed than is unpaid.
    """
    unpaid = given.past_due + given.current_due
    if given.open_disputed > unpaid:
        raise BadInput(
            f"open_disputed {given.open_disputed} exceeds what is unpaid, {unpaid} (past due and current). Correct it."
        )
    components = tuple(part for part in _components(given) if part.amount or part.name == "past_due")
    due = total_of(components)
    return RestoreDue(max(due, ZERO), max(-due, ZERO), components)


def _components(given: RestoreInput) -> list[Component]:
    source = given.source
    counted = given.past_due + (given.current_due if given.include_current else ZERO)
    disputed = min(given.open_disputed, counted)  # a dispute takes nothing off fees or deposit
    return [
        Component("past_due", given.past_due, "unpaid and beyond its due date", source),
        Component("current_due", given.current_due if given.include_current else ZERO, "current charges", source),
        *(
            Component("restoration_fee", fee.amount * fee.units, f"{fee.amount} x {fee.units} {fee.unit}", fee.source)
            for fee in given.fees
        ),
        _tax(given),
        Component("deposit_required", given.deposit_required, "security deposit", source),
        Component("returned_payment_fee", given.returned_payment_fee, "a payment came back", source),
        Component("unapplied_credits", -given.unapplied_credits, "credits not yet applied", source),
        Component("open_disputed", -disputed, "disputed, so not due now", source),
    ]


def _tax(given: RestoreInput) -> Component:
    taxable = sum((fee.amount * fee.units for fee in given.fees if fee.is_taxable), ZERO)
    tax = percent_of(given.tax_percent, taxable)
    return Component("tax_on_fees", tax, f"{given.tax_percent} % of {taxable}", given.source)
