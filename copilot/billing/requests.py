"""What may be asked about money, as bodies of the API and options of the command line give it; parsed once, here."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from copilot.billing.arrange import Arrangement, Wish, arrange
from copilot.billing.from_record import Adjustments, open_arrangements, restore_due_of
from copilot.billing.prorate import PlanChange, prorate, prorate_change
from copilot.billing.restore import RestorationFee, RestoreDue, RestoreInput, restore_due
from copilot.customer import CustomerRecord
from copilot.errors import BadInput
from copilot.money import ZERO, Amount, Component, parse_percent
from knowledge.rules.tariff import TariffFile


def _percent(value: Any) -> Decimal:
    try:
        return parse_percent(value, "it")
    except BadInput as error:
        raise ValueError(str(error)) from None


Percent = Annotated[Decimal, BeforeValidator(_percent)]


class Asked(BaseModel):
    """A question about money; unknown names are refused, so that no misspelt amount is left out silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The question in these values, those that are None left out.

        Raises:
            BadInput: a value is wrong; the message names the first.
        """
        try:
            return cls.model_validate({name: value for name, value in values.items() if value is not None})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the question"
            raise BadInput(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


class RestoreAsked(Asked):
    """What restoring costs: from a customer record, or from amounts that are given here."""

    customer: CustomerRecord | None = None
    past_due: Amount | None = None
    current_due: Amount = ZERO
    include_current: bool | None = None
    restoration_fee: Amount = ZERO
    lines: int = Field(default=1, ge=0, le=10_000)
    tax_percent: Percent = Decimal(0)
    fee_is_taxable: bool = True
    deposit_required: Amount = ZERO
    returned_payment_fee: Amount = ZERO
    has_returned_payment: bool = False
    unapplied_credits: Amount = ZERO
    open_disputed: Amount = ZERO
    on: date | None = None

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if (self.customer is None) == (self.past_due is None):
            raise ValueError("give either a customer or past_due with the other amounts")
        return self

    def answer(self, tariff: TariffFile | None, today: date) -> RestoreDue:
        """The sum and its components.

        Raises:
            BadInput, Conflict: it cannot be computed; the message says why.
        """
        if self.customer is not None:
            adjust = Adjustments(self.include_current, self.deposit_required, self.has_returned_payment)
            return restore_due_of(self.customer, needed(tariff), self.on or today, adjust)
        fee = RestorationFee(self.restoration_fee, self.lines, self.fee_is_taxable)
        return restore_due(
            RestoreInput(
                past_due=self.past_due or ZERO,
                current_due=self.current_due,
                include_current=bool(self.include_current),
                fees=(fee,),
                tax_percent=self.tax_percent,
                deposit_required=self.deposit_required,
                returned_payment_fee=self.returned_payment_fee,
                unapplied_credits=self.unapplied_credits,
                open_disputed=self.open_disputed,
            )
        )


class ArrangeAsked(Asked):
    """A payment arrangement as the customer would like it."""

    total: Amount
    down_percent: Percent | None = None
    down_payment: Amount | None = None
    instalments: int = 1
    every_days: int | None = None
    start: date | None = None
    hardship: bool = False
    customer: CustomerRecord | None = None

    def answer(self, tariff: TariffFile | None, today: date) -> Arrangement:
        """The arrangement, and what the rules of its first day say against it.

        Raises:
            BadInput: the wish makes no sense, or no rules hold on that day.
        """
        start = self.start or today
        rules = needed(tariff).arrangement_on(start)
        if rules is None:
            raise BadInput(f"The tariff has no arrangement rules for {start}. Add a version that holds then.")
        wish = Wish(self.down_percent, self.down_payment, self.instalments, self.every_days)
        open_now = open_arrangements(self.customer) if self.customer else 0
        return arrange(self.total, wish, rules, start, open_now=open_now, is_hardship=self.hardship)


class ProrateAsked(Asked):
    """Part of a month of one price; or with `new_price` a change of plan on a day of the period."""

    price: Amount
    days: int | None = None
    days_in_period: int | None = None
    new_price: Amount | None = None
    changed_on: date | None = None
    period_start: date | None = None
    period_end: date | None = None

    def answer(self) -> PlanChange:
        """The amount, with its terms.

        Raises:
            BadInput: days or dates are missing or do not fit.
        """
        if self.new_price is not None:
            if self.changed_on is None or self.period_start is None or self.period_end is None:
                raise BadInput("A change of plan needs changed_on, period_start and period_end. Give all three.")
            return prorate_change(self.price, self.new_price, self.changed_on, self.period_start, self.period_end)
        if self.days is None or self.days_in_period is None:
            raise BadInput("Proration needs days and days_in_period. Give both, or new_price with the dates.")
        amount = prorate(self.price, self.days, self.days_in_period)
        how = f"{self.price} x {self.days}/{self.days_in_period} days"
        return PlanChange(amount, (Component("prorated", amount, how),))


def needed(tariff: TariffFile | None) -> TariffFile:
    """The tariff of the pack.

    Raises:
        BadInput: it has none.
    """
    if tariff is None:
        raise BadInput("The pack has no rules/tariff.yaml, which says what things cost. Add one: docs/packs.md.")
    return tariff
