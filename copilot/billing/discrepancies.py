"""Where order, plan, bill and payment of one customer do not agree, each with the records that show it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.billing.invoice import charge_name
from copilot.customer import CustomerRecord, Invoice
from copilot.money import ZERO, percent_of
from knowledge.rules.tariff import TariffFile

SETTLED = "settled"
_RATE = re.compile(r"(\d+(?:\.\d+)?) ?% (?:of|de) (\d+\.\d\d)")


@dataclass(frozen=True)
class Discrepancy:
    """Two records that do not agree: what was expected, what was found, and where."""

    kind: str
    says: str
    expected: Decimal | None
    found: Decimal | None
    evidence: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """With amounts as texts."""
        amounts = {"expected": self.expected, "found": self.found}
        texts = {name: None if amount is None else str(amount) for name, amount in amounts.items()}
        return {"kind": self.kind, "says": self.says, **texts, "evidence": list(self.evidence)}


def discrepancies(customer: CustomerRecord, tariff: TariffFile, on: date) -> list[Discrepancy]:
    """Everything about a customer's records that does not add up on a day; empty when all agrees."""
    found = [*_orders(customer), *_prices(customer, tariff, on), *_payments(customer)]
    for invoice in customer.invoices:
        found += _sums(invoice)
    if customer.latest_invoice is not None:
        found += _billed(customer, customer.latest_invoice, tariff)
    return [*found, *_balance(customer)]


def _orders(customer: CustomerRecord) -> Iterator[Discrepancy]:
    """What was ordered and is not there, or costs another price."""
    for order in customer.orders:
        lines = [line for line in customer.lines if line.plan.casefold() == order.plan.casefold()]
        if not lines:
            says = f"{order.plan} was ordered on {order.ordered_on} and is on no account"
            yield Discrepancy("order_not_on_account", says, order.monthly * order.quantity, None, (order.order_id,))
            continue
        wrong = [line for line in lines if line.monthly != order.monthly]
        if len(wrong) == len(lines):
            says = f"{order.plan} was ordered at {order.monthly} and is on the account at {wrong[0].monthly}"
            evidence = (order.order_id, wrong[0].service_id)
            yield Discrepancy("order_price", says, order.monthly, wrong[0].monthly, evidence)


def _prices(customer: CustomerRecord, tariff: TariffFile, on: date) -> Iterator[Discrepancy]:
    """A price on the account that the tariff does not know."""
    for line in customer.lines:
        plan = tariff.plan_named(line.plan)
        if plan is None or line.line_status in ("paused", "disconnected"):
            continue
        on_sale = tariff.plan_on(plan.plan_id, on) or plan
        if line.monthly not in (on_sale.price, on_sale.low_income_price):
            says = f"{line.plan} is on the account at {line.monthly}; the tariff says {on_sale.price}"
            yield Discrepancy("account_price", says, on_sale.price, line.monthly, (line.service_id, plan.plan_id))


def _sums(invoice: Invoice) -> Iterator[Discrepancy]:
    """A bill whose lines do not add up, or whose tax is not its rate of its base."""
    total = sum((line.amount for line in invoice.lines), ZERO)
    if invoice.lines and total != invoice.total:
        says = f"the lines of {invoice.invoice_id} come to {total}, its total says {invoice.total}"
        yield Discrepancy("invoice_sum", says, total, invoice.total, (invoice.invoice_id,))
    for line in invoice.lines:
        stated = _RATE.search(line.description) if charge_name(line.description) == "Taxes" else None
        if stated is None:
            continue
        tax = percent_of(Decimal(stated[1]), Decimal(stated[2]))
        if tax != line.amount:
            says = f"{stated[1]} % of {stated[2]} is {tax}, the bill says {line.amount}"
            yield Discrepancy("invoice_tax", says, tax, line.amount, (invoice.invoice_id, line.description))


def _billed(customer: CustomerRecord, invoice: Invoice, tariff: TariffFile) -> Iterator[Discrepancy]:
    """Plans on the newest bill that are not on the account, and the other way round."""
    ended = {line.plan.casefold() for line in customer.lines if line.line_status == "disconnected"}
    plans = {plan.name.casefold() for plan in tariff.plans} - ended  # the last bill of what has ended is right
    on_account: Counter[str] = Counter()
    for line in customer.lines:
        on_account[line.plan.casefold()] += int(line.charge * 100)
    on_bill: Counter[str] = Counter()
    for billed in invoice.lines:
        name = charge_name(billed.description).casefold()
        if name in plans:
            on_bill[name] += int(billed.amount * 100)
    for name in sorted({*on_account, *on_bill} & plans):
        expected, found = Decimal(on_account[name]) / 100, Decimal(on_bill[name]) / 100
        if expected != found and (on_bill[name] or customer.invoices[1:]):
            says = f"{name}: {expected:.2f} a month on the account, {found:.2f} on {invoice.invoice_id}"
            yield Discrepancy("plan_billed", says, expected, found, (invoice.invoice_id,))


def _payments(customer: CustomerRecord) -> Iterator[Discrepancy]:
    """The same payment twice on one day, and a bill paid in full that still stands open."""
    approved = [payment for payment in customer.payments if payment.result == "approved"]
    for (day, amount), times in Counter((payment.paid_on, payment.amount) for payment in approved).items():
        if times > 1:
            says = f"{amount} was paid {times} times on {day}"
            yield Discrepancy("paid_twice", says, amount, amount * times, (f"payments of {day}",))
    for invoice in customer.invoices:
        paid = next((p for p in approved if p.amount == invoice.total and invoice.bill_date <= p.paid_on), None)
        is_taken = any(
            other.total == invoice.total and other.state == SETTLED and other.bill_date >= invoice.bill_date
            for other in customer.invoices
            if other is not invoice
        )
        if invoice.state != SETTLED and paid is not None and not is_taken:
            says = f"{invoice.invoice_id} was paid on {paid.paid_on} and is still {invoice.state}"
            yield Discrepancy("paid_but_open", says, ZERO, invoice.total, (invoice.invoice_id, f"{paid.paid_on}"))


def _balance(customer: CustomerRecord) -> Iterator[Discrepancy]:
    """A balance that is not what the open bills come to; partly paid bills are left to a person."""
    if not customer.invoices or any(invoice.state == "partiallyPaid" for invoice in customer.invoices):
        return
    unpaid = [invoice for invoice in customer.invoices if invoice.state != SETTLED]
    expected = sum((invoice.total for invoice in unpaid), ZERO)
    found = customer.balance.past_due + customer.balance.current_due
    if expected != found:
        says = f"the open bills come to {expected}, the balance says {found}"
        yield Discrepancy("balance", says, expected, found, tuple(invoice.invoice_id for invoice in unpaid))
