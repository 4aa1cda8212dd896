"""A carrier's visits: booked after the tests and with consent, confirmed only as consented, told to the customer.

States of a work order and of its appointment are those of MEF 137 (domain handbook, section 9): `missed` is the
carrier's fault, `failed` means no access or a wrong place. A new window or a new charge needs a new consent.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from copilot.cases.reading import time_of
from copilot.cases.tickets import FINAL, TELL_WITHIN, changed
from copilot.errors import BadInput, Conflict, NotFound
from copilot.guard.dispatch import DispatchConsent, missing_fields, needs_new_consent
from copilot.money import parse_money
from copilot.store import Obligation
from knowledge.rules.consent import DispatchRules

DIAGNOSTICS = (
    "power", "reboot", "demarcation", "handset_swap", "line_quality", "registration", "recent_changes", "known_outage",
    "area_cluster",
)  # fmt: skip
# What an appointment may become, and the state its work order then has.
STEPS: Mapping[str, tuple[frozenset[str | None], str]] = MappingProxyType(
    {
        "confirmed": (frozenset({None}), "planned"),
        "inProgress": (frozenset({"confirmed"}), "inProgress"),
        "completed": (frozenset({"confirmed", "inProgress"}), "completed"),
        "missed": (frozenset({"confirmed"}), "unableToComplete"),
        "failed": (frozenset({"confirmed", "inProgress"}), "unableToComplete"),
        "cancelled": (frozenset({None, "confirmed"}), "cancelled"),
    }
)
OVER = frozenset({"completed", "unableToComplete", "cancelled"})
_AFTER = {
    "missed": "Apologise for the missed visit, apply the credit rule, and book a new visit with a new consent",
    "failed": "Confirm access and address with the site contact, then book a new visit with a new consent",
}


def dispatch(
    ticket: Mapping[str, Any], consent: DispatchConsent | None, rules: DispatchRules, *, now: datetime
) -> dict[str, Any]:
    """The ticket with a visit booked: only after the tests, and with a consent to this window and this charge.

    Raises:
        Conflict: a test is missing, there is no whole consent that still holds (gate DSP-01), a visit is booked
            already, or the ticket is at an end.
    """
    if ticket["status"] in (*FINAL, "resolved"):
        raise Conflict(f"The ticket is {ticket['status']}; nobody is sent for it. Reopen it first.")
    waiting = [order["id"] for order in ticket.get("workOrder", ()) if order["state"] not in OVER]
    if waiting:
        raise Conflict(f"Work order {waiting[0]} is booked already. Cancel it before another is booked.")
    untested = [name for name in DIAGNOSTICS if name not in ticket.get("diagnostics", {})]
    if untested:
        raise Conflict(f"Before a visit these tests are logged: {', '.join(untested)}. Log them first.")
    agreed = _held(ticket, consent, rules, now)
    order = {
        "id": f"{ticket['id']}/visit-{len(ticket.get('workOrder', ())) + 1}",
        "state": "open",
        "appointmentRequired": True,
        "appointment": None,
        "windowStart": agreed.window_start.isoformat() if agreed.window_start else None,
        "windowEnd": agreed.window_end.isoformat() if agreed.window_end else None,
        "possibleCharge": str(agreed.possible_charge) if agreed.possible_charge is not None else None,
        "expiresAt": agreed.expires_at.isoformat() if agreed.expires_at else None,
        "carrier": agreed.carrier,
        "siteContact": agreed.site_contact,
        "accessNotes": agreed.access_notes,
        "consent": agreed.evidence_ref or agreed.method,
    }
    waits = ticket
    if ticket["status"] == "inProgress":
        waits = changed(ticket, "pending", "appointment booked", now=now)
    return {**waits, "workOrder": [*ticket.get("workOrder", ()), order], "lastUpdate": now.isoformat()}


def stepped(
    ticket: Mapping[str, Any], order_id: str, step: str, given: Mapping[str, Any], *, now: datetime
) -> dict[str, Any]:
    """The ticket after something happened to a visit; when the visit is over, a pending ticket goes on.

    Args:
        ticket: as stored.
        order_id: the id in its `workOrder`.
        step: one of STEPS.
        given: for "confirmed" what the carrier confirmed, `windowStart, windowEnd, possibleCharge`, where it differs
            from what was booked; `note` for the rest.
        now: when.

    Raises:
        NotFound: no such work order.
        BadInput: no such step, or a time or amount that is none.
        Conflict: the step may not follow, or the window or charge is not the one consented to (DSP-01).
    """
    if step not in STEPS:
        raise BadInput(f"step is {step[:40]!r}; allowed are: {', '.join(STEPS)}. Choose one.")
    order = next((each for each in ticket.get("workOrder", ()) if each.get("id") == order_id), None)
    if order is None:
        raise NotFound(f"No work order {order_id[:80]!r} in the ticket. `copilot cases show` lists them.")
    before, state = STEPS[step]
    if order["state"] in OVER or order["appointment"] not in before:
        raise Conflict(f"The visit is {order['appointment'] or order['state']}; it cannot become {step}.")
    if step == "confirmed":
        _refuse_unagreed(order, given, now)
    orders = [{**each, "state": state, "appointment": step} if each is order else each for each in ticket["workOrder"]]
    after: Mapping[str, Any] = ticket
    if state in OVER and ticket["status"] == "pending":
        after = changed(ticket, "inProgress", f"visit {step}", now=now)
    return {**after, "workOrder": orders, "lastUpdate": now.isoformat()}


def owed_after(ticket: Mapping[str, Any], case_id: str, owner: str, now: datetime) -> list[Obligation]:
    """What is owed for the visits that did not take place."""
    found = []
    for order in ticket.get("workOrder", ()):
        what = _AFTER.get(order.get("appointment") or "")
        if what:
            name = f"{order['id']}/{order['appointment']}"
            found.append(Obligation(name, what, owner, now + TELL_WITHIN, "call", f"case:{case_id}"))
    return found


def _held(
    ticket: Mapping[str, Any], consent: DispatchConsent | None, rules: DispatchRules, now: datetime
) -> DispatchConsent:
    if consent is None:
        raise Conflict("No consent to a visit is on record (DSP-01). Get one: window, contact, possible charge.")
    missing = missing_fields(consent, rules)
    if missing:
        raise Conflict(f"The consent to the visit lacks {', '.join(missing)} (DSP-01). Complete it.")
    if consent.ticket_id != ticket["id"]:
        raise Conflict(f"The consent is for ticket {consent.ticket_id}, not {ticket['id']} (DSP-01). Get one for this.")
    if consent.given_at is not None and consent.given_at > now + timedelta(minutes=5):
        raise Conflict("The consent to the visit was given in the future (DSP-01). Correct given_at.")
    if consent.expires_at is not None and consent.expires_at <= now:
        raise Conflict("The consent to the visit has expired (DSP-01). Get a new one.")
    if consent.window_end is not None and consent.window_end <= now:
        raise Conflict("The window consented to is over (DSP-01). A new window needs a new consent.")
    return consent


def _refuse_unagreed(order: Mapping[str, Any], given: Mapping[str, Any], now: datetime) -> None:
    agreed = DispatchConsent(
        window_start=time_of(order["windowStart"], "windowStart"),
        window_end=time_of(order["windowEnd"], "windowEnd"),
        possible_charge=Decimal(order["possibleCharge"]) if order["possibleCharge"] is not None else None,
        expires_at=time_of(order["expiresAt"], "expiresAt") if order.get("expiresAt") else None,
    )
    charge = given.get("possibleCharge", order["possibleCharge"])
    if needs_new_consent(
        agreed,
        window_start=time_of(given.get("windowStart") or order["windowStart"], "windowStart"),
        window_end=time_of(given.get("windowEnd") or order["windowEnd"], "windowEnd"),
        possible_charge=parse_money(charge if charge is not None else "0", "possibleCharge"),
        at=now,
    ):
        raise Conflict(
            "The carrier's window or charge is not the one consented to (DSP-01). "
            "Cancel the visit, get a new consent, and book it again."
        )
