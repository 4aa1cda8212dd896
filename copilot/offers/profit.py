"""What one customer brings and costs a month, each line with its record; and what the service is worth to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.customer import CustomerRecord
from copilot.money import ZERO, Component, round_cents, total_of
from copilot.offers.facts import monthly_discounts
from knowledge.rules.tariff import TariffFile

PERCENT = Decimal("0.1")


@dataclass(frozen=True)
class ProfitSheet:
    """Revenues, expenses below zero, and what is left; taxes and regulatory fees are on neither side."""

    revenues: tuple[Component, ...]
    expenses: tuple[Component, ...]

    @property
    def revenue(self) -> Decimal:
        """All revenues of a month."""
        return total_of(self.revenues)

    @property
    def margin(self) -> Decimal:
        """The contribution margin of a month."""
        return self.revenue + total_of(self.expenses)

    @property
    def margin_percent(self) -> Decimal | None:
        """The margin as a share of the revenue; None without revenue."""
        return (100 * self.margin / self.revenue).quantize(PERCENT) if self.revenue > 0 else None

    def as_json(self) -> dict[str, object]:
        """With amounts as texts."""
        return {
            "revenues": [line.as_json() for line in self.revenues],
            "expenses": [line.as_json() for line in self.expenses],
            "revenue": str(self.revenue),
            "margin": str(self.margin),
            "margin_percent": None if self.margin_percent is None else str(self.margin_percent),
        }


def profit_sheet(customer: CustomerRecord, tariff: TariffFile | None, on: date) -> ProfitSheet:
    """The sheet of a customer on a day: services and discounts against the cost of serving and of contacts."""
    revenues = [
        Component(line.plan, line.charge, f"{line.monthly} x {line.quantity}", f"service {line.service_id}")
        for line in customer.lines
        if line.line_status != "disconnected"
    ]
    invoice = customer.latest_invoice
    discounts = monthly_discounts(customer, tariff, on)
    if discounts and invoice:
        revenues.append(Component("discounts", discounts, "monthly discounts", f"invoice {invoice.invoice_id}"))
    cost, source = customer.cost, f"record {customer.customer_id}, cost"
    contacts = round_cents(cost.contacts_per_month * cost.cost_per_contact)
    expenses = [
        Component("variable_cost", -cost.variable_cost_monthly, "network, carriers, licences, payment fees", source),
        Component("contacts", -contacts, f"{cost.contacts_per_month} x {cost.cost_per_contact}", source),
    ]
    return ProfitSheet(tuple(revenues), tuple(line for line in expenses if line.amount))


@dataclass(frozen=True)
class Benefit:
    """What the service saves or earns the customer a month, and who said so."""

    name: str
    amount: Decimal
    source: str


@dataclass(frozen=True)
class CustomerReturn:
    """What the customer gets for what they pay: net a month, and by how many percent it exceeds the price."""

    price: Decimal
    benefits: tuple[Benefit, ...]

    @property
    def net(self) -> Decimal:
        """Benefits less the price."""
        return sum((benefit.amount for benefit in self.benefits), ZERO) - self.price

    @property
    def roi_percent(self) -> Decimal | None:
        """Net over price, in percent; None for a price of nothing."""
        return (100 * self.net / self.price).quantize(PERCENT) if self.price else None


def customer_return(price: Decimal, benefits: Sequence[Benefit]) -> CustomerReturn:
    """The return of a service for the customer; only benefits with a source count: nothing is assumed for them."""
    return CustomerReturn(price, tuple(benefit for benefit in benefits if benefit.source.strip()))
