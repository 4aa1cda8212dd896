"""Objects of a Stripe-like billing system as our invoices, payments and subscriptions; amounts exact, days in UTC."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from copilot.connect.minor_units import in_cents
from copilot.connect.protocol import Subscription, as_field
from copilot.connect.shape import objects_at, value_at
from copilot.customer import Invoice, InvoiceLine, Payment

_STATE_OF = {"draft": "new", "open": "sent", "paid": "settled"}  # to the states of TMF678; others stay
_RESULT_OF = {"succeeded": "approved", "failed": "declined"}
_LATEST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()


def invoice_of(raw: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> Invoice:
    """An invoice; discounts and taxes that come on top are lines of their own, so that lines add up to the total.

    Raises:
        ValueError: a field has another form; nothing of its value stands in the message.
    """
    currency, state = raw.get("currency"), str(raw.get("status"))
    bill_date = _day(raw.get("created"), "created")
    due = raw.get("due_date")
    if state == "open" and raw.get("amount_paid") not in (0, None):
        state = "partiallyPaid"
    told = [
        InvoiceLine(description=str(line.get("description") or "")[:500], amount=in_cents(line.get("amount"), currency))
        for line in lines
    ]
    return Invoice(
        invoice_id=as_field(raw.get("id")) or "",
        bill_date=bill_date,
        due_date=_day(due, "due_date") if due is not None else bill_date,  # charged at once: due when it was made
        lines=(*told, *_on_top(raw, currency)),
        total=in_cents(raw.get("total"), currency),
        state=_STATE_OF.get(state, state),
    )


def declines_of(intents: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """The decline code that each failed charge got from the issuer, by charge id."""
    errors = [error for intent in intents for error in objects_at(intent, "last_payment_error")]
    codes = {as_field(error.get("charge")): as_field(error.get("decline_code")) for error in errors}
    return {charge: code for charge, code in codes.items() if charge is not None and code is not None}


def payment_of(charge: Mapping[str, Any], declines: Mapping[str, str]) -> Payment:
    """A charge, paid or not.

    Raises:
        ValueError: a field has another form.
    """
    status = str(charge.get("status"))
    code = declines.get(str(charge.get("id"))) or value_at(charge, "outcome.reason") or charge.get("failure_code")
    return Payment(
        paid_on=_day(charge.get("created"), "created"),
        amount=in_cents(charge.get("amount"), charge.get("currency")),
        method=_method(value_at(charge, "payment_method_details")),
        result="refunded" if charge.get("refunded") is True else _RESULT_OF.get(status, status),
        decline_code=as_field(code) if status == "failed" else None,
    )


def payments_of_intents(intent: Mapping[str, Any], charges: set[str]) -> Iterator[Payment]:
    """The failed attempt of an intent that came to no charge of those that are known, such as a refused 3-D Secure.

    Raises:
        ValueError: a field has another form.
    """
    for error in objects_at(intent, "last_payment_error"):
        if as_field(error.get("charge")) in charges:
            continue
        yield Payment(
            paid_on=_day(intent.get("created"), "created"),
            amount=in_cents(intent.get("amount"), intent.get("currency")),
            method=_method(error.get("payment_method")),
            result="declined",
            decline_code=as_field(error.get("decline_code") or error.get("code")),
        )


def subscription_of(raw: Mapping[str, Any]) -> Subscription:
    """A subscription in its own words."""
    return Subscription(str(raw.get("id")), str(raw.get("status")), raw.get("cancel_at_period_end") is True)


def _on_top(raw: Mapping[str, Any], currency: object) -> Iterator[InvoiceLine]:
    for discount in objects_at(raw, "total_discount_amounts"):
        yield InvoiceLine(description="discount", amount=-in_cents(discount.get("amount"), currency))
    for tax in [*objects_at(raw, "total_taxes"), *objects_at(raw, "total_tax_amounts")]:
        if tax.get("tax_behavior") != "inclusive" and tax.get("inclusive") is not True:
            yield InvoiceLine(description="tax", amount=in_cents(tax.get("amount"), currency))


def _method(details: object) -> str:
    kind = as_field(value_at(details, "type")) or ""
    brand = as_field(value_at(details, f"{kind}.brand")) if kind else None
    return f"{kind} {brand}" if brand else kind


def _day(seconds: object, name: str) -> date:
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < _LATEST:
        raise ValueError(f"{name} is no time in seconds")
    return datetime.fromtimestamp(seconds, UTC).date()
