"""The charge for leaving an agreement early, by the formula of the contract (tariff.yaml: early_termination)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.errors import BadInput
from copilot.money import ZERO, Component, percent_of
from knowledge.rules.base import Segment
from knowledge.rules.tariff import TariffFile


@dataclass(frozen=True)
class Agreement:
    """A running agreement: when it began and ends, and its monthly charges."""

    started_on: date
    ends_on: date
    monthly: Decimal


@dataclass(frozen=True)
class ExitCharge:
    """What leaving on a day costs, and why; `must_tell` are the reasons for which it would be waived."""

    amount: Decimal
    component: Component
    months_left: int

    def as_json(self) -> dict[str, object]:
        """With amounts as texts."""
        return {"amount": str(self.amount), "months_left": self.months_left, "component": self.component.as_json()}


def exit_charge(
    tariff: TariffFile, agreement: Agreement, segment: Segment, on: date, *, waiver: str | None = None
) -> ExitCharge:
    """The early-termination charge of leaving on a day; 0.00 within the free days, with a waiver, or at the end.

    Args:
        tariff: the pack's tariff.
        agreement: what is left early.
        segment: whose formula applies.
        on: the last day of service.
        waiver: id of one of the tariff's exit waivers that has been proven.

    Raises:
        BadInput: the tariff has no such waiver.
    """
    months = months_left(on, agreement.ends_on)
    free = next((each.within_days for each in tariff.free_exit if each.valid_for.holds_on(agreement.started_on)), 0)
    known = [each.id for each in tariff.exit_waivers]
    if waiver is not None and waiver not in known:
        raise BadInput(f"No exit waiver {waiver!r}; the tariff has: {', '.join(known) or 'none'}.")
    if waiver is not None:
        return _free(f"waived: {waiver}", months)
    if (on - agreement.started_on).days <= free:
        return _free(f"within the first {free} days", months)
    rule = next((rule for rule in tariff.early_termination if rule.segment == segment), None)
    if rule is None or months == 0:
        return _free("no charge in the agreement" if rule is None else "the agreement has run its time", months)
    if rule.formula == "amount_per_month_left":
        charge, how = (rule.amount or ZERO) * months, f"{rule.amount} x {months} months left"
    else:
        percent = rule.percent or Decimal(0)
        charge, how = percent_of(percent, agreement.monthly * months), f"{percent} % of {agreement.monthly} x {months}"
    if rule.cap is not None and charge > rule.cap:
        charge, how = rule.cap, f"{how}, at most {rule.cap}"
    return ExitCharge(charge, Component("early_termination", charge, how, "tariff.yaml early_termination"), months)


def months_left(on: date, ends_on: date) -> int:
    """The months of an agreement still to run, a begun one counted as whole; 0 from its last day on."""
    if on >= ends_on:
        return 0
    whole = (ends_on.year - on.year) * 12 + ends_on.month - on.month
    return whole + (ends_on.day > on.day)


def _free(how: str, months: int) -> ExitCharge:
    return ExitCharge(ZERO, Component("early_termination", ZERO, how, "tariff.yaml early_termination"), months)
