"""Who is to be contacted, from customer records: every failed payment, and every agreement about to end."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from copilot.customer import CustomerRecord
from copilot.errors import BadInput
from copilot.insight.facts import Due, Touch

FAILED_SINCE = timedelta(days=60)
ENDS_WITHIN = timedelta(days=60)
LONGEST_ID = 150
_APPROVED = "approved"


def due_of(customer: CustomerRecord, *, now: datetime) -> Iterator[Due]:
    """Each payment that failed in the last FAILED_SINCE, and each agreement that ends in the next ENDS_WITHIN.

    The ids hang on the record alone, so that the same record again makes the same list.
    """
    first = (now - FAILED_SINCE).date()
    failed = [each for each in customer.payments if each.result != _APPROVED and first <= each.paid_on <= now.date()]
    for number, payment in enumerate(sorted(failed, key=lambda each: each.paid_on), start=1):
        due_id = f"{customer.customer_id}/failed/{payment.paid_on}/{number}"
        why = payment.decline_code or payment.result
        at = _midnight(payment.paid_on)
        yield Due(due_id, at, "declined_card", customer.customer_id, payment.amount, why=why[:300])
    ends = {line.agreement.ends_on for line in customer.lines if line.agreement and line.agreement.ends_on}
    for day in sorted(ends):
        if now.date() <= day <= (now + ENDS_WITHIN).date():
            due_id = f"{customer.customer_id}/renewal/{day}"
            yield Due(due_id, _midnight(day) - ENDS_WITHIN, "renewal", customer.customer_id, until=day)


def due_of_risk(given: Mapping[str, Any], *, now: datetime) -> Due:
    """An account that may leave, `{account_id, risk}`: due once a day.

    Raises:
        BadInput: it has no account, or no risk from 0 to 1.
    """
    named = given.get("account_id")
    account = named.strip() if isinstance(named, str) else ""
    try:
        risk = Decimal(str(given.get("risk")))
    except ArithmeticError:
        risk = Decimal(-1)
    if not 0 < len(account) <= LONGEST_ID or not risk.is_finite() or not 0 <= risk <= 1:
        raise BadInput(
            "A line has no account_id with a risk from 0 to 1. `copilot risk list --json` prints such lines."
        )
    return Due(f"{account}/risk/{now.date()}", now, "risk", account, why=f"risk {risk.quantize(Decimal('0.01'))}")


def settled_since(due: Due, customer: CustomerRecord, *, now: datetime) -> Touch | None:
    """The reason why a failed payment needs no contact any more: it was paid, and nothing is past due."""
    if due.list != "declined_card" or customer.balance.past_due:
        return None
    paid = [each.paid_on for each in customer.payments if each.result == _APPROVED and each.paid_on >= due.at.date()]
    return why_not(due, f"paid on {min(paid)}", now=now) if paid else None


def why_not(due: Due, reason: str, *, now: datetime) -> Touch:
    """The reason why somebody is not contacted, as the program found it; one for each who is due."""
    return Touch(why_not_id(due), max(now, due.at), due.fact_id, "not_contacted", reason=reason[:300])


def why_not_id(due: Due) -> str:
    """The id of the program's own reason, which a later look replaces or takes back."""
    return f"{due.fact_id}/why-not"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
