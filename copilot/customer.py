"""A customer record: who they are, what they have, what they were billed and paid, what they were offered.

The form is that of a pack's `customers.jsonl`; what a record holds besides is kept out of the way. A record of another
system comes in through an adapter that writes this form.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from copilot.errors import BadInput
from copilot.money import ZERO, Amount, SignedAmount

LineStatus = Literal["active", "paused", "suspended", "disconnected"]
AccountStatus = Literal["active", "past_due", "suspended", "disconnected"]


def _without_unknown(facts: Any) -> Any:
    """What is null in a record of another system is unknown, as if it were not there."""
    return {name: fact for name, fact in facts.items() if fact is not None} if isinstance(facts, Mapping) else facts


class Record(BaseModel):
    """A part of a record; what is not named here is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ServiceAgreement(Record):
    """A term the customer agreed to."""

    term_months: int = Field(ge=0)
    ends_on: date


class Device(Record):
    """A device bought in instalments."""

    model: str
    bought_on: date
    instalments_left: int = Field(default=0, ge=0)
    instalment: Amount = ZERO


class ServiceLine(Record):
    """One service; `monthly` is the price of one unit, `quantity` the units (seats, lines)."""

    service_id: str
    product: str = Field(description="service id of tariff.yaml")
    plan: str = Field(description="name of the plan, as on the bill")
    monthly: Amount
    quantity: int = Field(default=1, ge=0, le=1_000_000)
    line_status: LineStatus = "active"
    started_on: date | None = None
    agreement: ServiceAgreement | None = None
    device: Device | None = None
    use_percent: int | None = Field(default=None, ge=0, description="average use of the allowance over three bills")

    @property
    def charge(self) -> Decimal:
        """What it costs a month."""
        return self.monthly * self.quantity


class PaymentMethodOnFile(Record):
    """How the account is paid; never more of a card than its last four digits."""

    kind: str
    brand: str | None = None
    last4: str | None = Field(default=None, pattern=r"^\d{4}$")
    expires: str | None = None


class Account(Record):
    """A billing account."""

    account_id: str
    status: AccountStatus = "active"
    bill_day: int = Field(default=1, ge=1, le=31)
    autopay: bool = False
    payment_method: PaymentMethodOnFile | None = None
    services: tuple[ServiceLine, ...] = ()


class Balance(Record):
    """What is owed; `open_disputed` is part of the first two."""

    current_due: Amount = ZERO
    past_due: Amount = ZERO
    unapplied_credits: Amount = ZERO
    open_disputed: Amount = ZERO
    deposit_held: Amount = ZERO
    last_payment_on: date | None = None


class CostToServe(Record):
    """What serving the customer costs a month."""

    variable_cost_monthly: Amount = ZERO
    contacts_per_month: Decimal = Field(default=Decimal(0), ge=0)
    cost_per_contact: Amount = ZERO


class InvoiceLine(Record):
    """A line of a bill; discounts and credits are below zero."""

    description: str
    amount: SignedAmount


class Invoice(Record):
    """A bill (states of TMF678)."""

    invoice_id: str
    bill_date: date
    due_date: date
    lines: tuple[InvoiceLine, ...] = ()
    total: SignedAmount
    state: str = "sent"


class Payment(Record):
    """A payment, or an attempt at one."""

    paid_on: date
    amount: Amount
    method: str = ""
    result: str = "approved"
    decline_code: str | None = None


class PastInstalment(Record):
    """An instalment of an arrangement."""

    due_on: date
    amount: Amount
    paid_on: date | None = None


class PastArrangement(Record):
    """A payment arrangement, open or over."""

    arrangement_id: str
    opened_on: date
    total: Amount
    down_payment: Amount = ZERO
    status: str
    instalments: tuple[PastInstalment, ...] = ()


class PastOffer(Record):
    """An offer that was made before."""

    offer_id: str
    on: date
    outcome: str
    refusal_reason: str | None = None
    ends_on: date | None = None
    value: Amount = ZERO


class Order(Record):
    """What was ordered, at which monthly price for one unit."""

    order_id: str
    ordered_on: date
    plan: str
    monthly: Amount
    quantity: int = Field(default=1, ge=0)


class Ticket(Record):
    """A trouble ticket."""

    ticket_id: str
    opened_on: date | None = None
    status: str = ""
    symptom: str = ""
    fault_proven_on: date | None = Field(default=None, description="when the fault was proven to be ours")


class Flags(Record):
    """What to mind with this customer."""

    vulnerable: bool = False
    medical_dependency: bool = False
    dedicated_rep: bool = False
    cpni_contract_clause: bool = False
    marketing_consent: bool = False
    cpni_approval: str = ""
    do_not_call: bool = False


class CustomerRecord(Record):
    """One customer."""

    customer_id: str = Field(min_length=1)
    name: str = ""
    segment: Literal["home", "business"] = "home"
    language: str = "en"
    state: str = ""
    since: date | None = None
    flags: Flags = Flags()
    accounts: tuple[Account, ...] = ()
    balance: Balance = Balance()
    cost: CostToServe = CostToServe()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    offers_history: tuple[PastOffer, ...] = ()
    arrangements: tuple[PastArrangement, ...] = ()
    orders: tuple[Order, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    has_low_income_proof: bool = False
    sold_online: bool = Field(default=False, description="the sale was made online")
    contract_changed_on: date | None = Field(default=None, description="made, amended or last extended")
    left_on: date | None = Field(default=None, description="when the last service ended")
    facts: Annotated[Mapping[str, int | bool | str | date | tuple[str, ...]], BeforeValidator(_without_unknown)] = (
        Field(
            default_factory=dict, description="facts of conditions by full name; these win over what the record implies"
        )
    )

    @cached_property
    def lines(self) -> tuple[ServiceLine, ...]:
        """The services of all accounts."""
        return tuple(line for account in self.accounts for line in account.services)

    @cached_property
    def monthly_charges(self) -> Decimal:
        """All recurring charges of a month, before taxes."""
        return sum((line.charge for line in self.lines if line.line_status != "disconnected"), ZERO)

    @property
    def latest_invoice(self) -> Invoice | None:
        """The newest bill."""
        return max(self.invoices, key=lambda invoice: invoice.bill_date, default=None)


def customer_record(raw: Mapping[str, Any]) -> CustomerRecord:
    """The record in `raw`.

    Raises:
        BadInput: a field is wrong; the message names the first one, and never what else the record holds.
    """
    try:
        return CustomerRecord.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the record"
        raise BadInput(f"Customer record, {where}: {first['msg']}. docs/packs.md shows the form.") from None
