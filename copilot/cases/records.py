"""Records of disputes, and of orders and changes: what they must hold, and what stands against it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from copilot.errors import BadInput, Conflict
from copilot.money import parse_money
from knowledge.day_counts import add_days

OUTCOMES = ("upheld", "rejected")  # upheld: the customer is right


def dispute(given: Mapping[str, Any], *, opened: datetime, business_days: int) -> dict[str, Any]:
    """A disputed charge: its part of the balance is not collected while it is open.

    Args:
        given: `invoice_id, line, amount, reason`.
        opened: when it was raised.
        business_days: in which it is to be answered (the clock `bill_disputed` of bureaus.yaml).

    Raises:
        BadInput: no invoice, no reason, or no amount above zero.
    """
    for name in ("invoice_id", "reason"):
        if not str(given.get(name) or "").strip():
            raise BadInput(f"The dispute has no {name}; allowed is a text. Say which charge, and why.")
    amount = parse_money(given.get("amount"), "amount")
    if amount <= 0:
        raise BadInput(f"amount is {amount}; a disputed amount is above 0.00. Give what the customer disputes.")
    return {
        "invoice_id": given["invoice_id"],
        "line": given.get("line") or "",
        "amount": str(amount),
        "reason": given["reason"],
        "status": "open",
        "answer_due_at": add_days(opened, business_days, "business").isoformat(),
        "hold_collection": str(amount),
    }


def decided(record: Mapping[str, Any], outcome: str, why: str, *, now: datetime) -> dict[str, Any]:
    """The dispute as decided; nothing of it is held back from collection any more.

    Raises:
        BadInput: another outcome, or no reason.
        Conflict: it is decided already.
    """
    if outcome not in OUTCOMES:
        raise BadInput(f"outcome is {outcome[:40]!r}; allowed are: {', '.join(OUTCOMES)}. Choose one.")
    if not why.strip():
        raise BadInput(f"Say why the dispute is {outcome}: the customer is told.")
    if record["status"] != "open":
        raise Conflict(f"The dispute is {record['status']} already.")
    return {**record, "status": outcome, "decided_at": now.isoformat(), "because": why, "hold_collection": "0.00"}


def collectable(balance: Decimal, open_disputes: list[Mapping[str, Any]]) -> Decimal:
    """What may be collected: the balance without what is disputed, never below zero."""
    held = sum((Decimal(each["hold_collection"]) for each in open_disputes if each["status"] == "open"), Decimal(0))
    return max(Decimal("0.00"), balance - held)


def order_change(given: Mapping[str, Any], current: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """An order or change, from what to what, with what is missing or stands against it.

    Args:
        given: `field, to, effective, confirmed_by`, and `from` where the agent said it.
        current: the record as it is, by field.
        today: a change in the past is a problem.
    """
    problems = [f"{name} is missing" for name in ("field", "to", "effective", "confirmed_by") if not given.get(name)]
    known = current.get(str(given.get("field")))
    if given.get("from") is not None and known is not None and str(given["from"]) != str(known):
        problems.append(f"the record says {known}, the order says it was {given['from']}")
    if known is not None and str(given.get("to")) == str(known):
        problems.append("it changes nothing")
    effective = given.get("effective")
    try:
        if effective and date.fromisoformat(str(effective)) < today:
            problems.append(f"{effective} is over")
    except ValueError:
        problems.append(f"{effective!r} is no date")
    return {
        "field": given.get("field"),
        "from": known if known is not None else given.get("from"),
        "to": given.get("to"),
        "effective": effective,
        "confirmed_by": given.get("confirmed_by"),
        "problems": problems,
    }
