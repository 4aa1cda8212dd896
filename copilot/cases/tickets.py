"""Trouble tickets as TMF621 has them: states, what may follow what, when the customer hears, when the clock stops.

States are those of TMF621 (v4 and v5) with `reopened` of MEF 124. Rules are those of the domain handbook, section 9.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal, get_args

from copilot.errors import BadInput, Conflict
from copilot.guard.dispatch import DispatchConsent, missing_fields
from copilot.store import Obligation
from knowledge.rules.consent import DispatchRules

State = Literal[
    "acknowledged", "rejected", "pending", "held", "inProgress", "resolved", "reopened", "closed", "cancelled"
]
STATES: tuple[State, ...] = get_args(State)
MAY_FOLLOW: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        "acknowledged": frozenset({"inProgress", "rejected", "cancelled"}),
        "inProgress": frozenset({"pending", "held", "resolved", "cancelled"}),
        "pending": frozenset({"inProgress", "cancelled"}),
        "held": frozenset({"inProgress"}),
        "resolved": frozenset({"closed", "reopened"}),
        "reopened": frozenset({"inProgress"}),
        "rejected": frozenset(),
        "closed": frozenset(),
        "cancelled": frozenset(),
    }
)
FINAL = frozenset(state for state, after in MAY_FOLLOW.items() if not after)
BEFORE_EXPECTED = timedelta(hours=4)
TELL_WITHIN = timedelta(hours=2)
DIAGNOSTICS = (
    "power", "reboot", "demarcation", "handset_swap", "line_quality", "registration", "recent_changes", "known_outage",
    "area_cluster",
)  # fmt: skip
TEXT_FIELDS = (
    "id externalId name description ticketType severity priority statusChangeReason requestedResolutionDate"
    " expectedResolutionDate resolutionDate channel observedImpact issueStartDate sellerPriority sellerSeverity"
).split()


def new_ticket(given: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """A ticket in the fields of TMF621, acknowledged.

    Raises:
        BadInput: no name or description, or a state that is none.
    """
    if not str(given.get("name") or given.get("description") or "").strip():
        raise BadInput("The ticket has neither name nor description; allowed is at least one. Say what is wrong.")
    status = given.get("status", "acknowledged")
    if status != "acknowledged":
        raise BadInput(f"A new ticket's status is {status!r}; allowed is 'acknowledged'. Leave it out.")
    ticket = {name: given[name] for name in TEXT_FIELDS if given.get(name) is not None}
    lists = ("note", "relatedEntity", "relatedParty", "attachment", "troubleTicketRelationship", "workOrder")
    ticket |= {name: list(given.get(name) or ()) for name in lists}
    change = {"status": "acknowledged", "changeDate": now.isoformat(), "changeReason": "opened"}
    return {
        **ticket,
        "status": "acknowledged",
        "creationDate": now.isoformat(),
        "lastUpdate": now.isoformat(),
        "statusChange": [change],
        "diagnostics": dict(given.get("diagnostics") or {}),
    }


def changed(ticket: Mapping[str, Any], status: str, reason: str, *, now: datetime) -> dict[str, Any]:
    """The ticket in another state.

    Raises:
        BadInput: no such state.
        Conflict: this state may not follow the present one.
    """
    if status not in STATES:
        raise BadInput(f"status is {status!r}; allowed are: {', '.join(STATES)}. Choose one.")
    present: State = ticket["status"]
    allowed = sorted(MAY_FOLLOW[present])
    if status not in allowed:
        may = f"allowed are: {', '.join(allowed)}" if allowed else "nothing may follow"
        raise Conflict(f"The ticket is {present}; it cannot become {status}; {may}.")
    change = {"status": status, "changeDate": now.isoformat(), "changeReason": reason}
    more = {"resolutionDate": now.isoformat()} if status == "resolved" else {}
    return {
        **ticket,
        **more,
        "status": status,
        "statusChangeReason": reason,
        "lastUpdate": now.isoformat(),
        "statusChange": [*ticket["statusChange"], change],
    }


def updates_due(ticket: Mapping[str, Any], case_id: str, owner: str) -> list[Obligation]:
    """What the customer is to be told, by when: at each change of state, and before the expected end while open."""
    found = []
    for number, change in enumerate(ticket["statusChange"]):
        at = datetime.fromisoformat(change["changeDate"])
        what = f"Tell the customer that the ticket is {change['status']}"
        if change["status"] == "resolved":
            what += ", and ask whether it works"
        found.append(Obligation(f"{case_id}/state-{number}", what, owner, at + TELL_WITHIN, source=f"case:{case_id}"))
    expected = ticket.get("expectedResolutionDate")
    if expected and ticket["status"] not in (*FINAL, "resolved"):
        due = datetime.fromisoformat(str(expected)) - BEFORE_EXPECTED
        what = "Tell the customer how the ticket stands before its expected end"
        found.append(Obligation(f"{case_id}/expected-{expected}", what, owner, due, source=f"case:{case_id}"))
    return found


def time_worked(ticket: Mapping[str, Any], now: datetime) -> timedelta:
    """How long the clock of the service level ran: not while it was pending, nor after it was resolved."""
    total, changes = timedelta(), ticket["statusChange"]
    for change, after in zip(changes, [*changes[1:], None], strict=True):
        if change["status"] in ("pending", "resolved", *FINAL):
            continue
        end = datetime.fromisoformat(after["changeDate"]) if after else now
        total += end - datetime.fromisoformat(change["changeDate"])
    return total


def dispatch(
    ticket: Mapping[str, Any], consent: DispatchConsent | None, rules: DispatchRules, *, now: datetime
) -> dict[str, Any]:
    """The ticket with a visit booked: only after the tests, and with a consent to this window and this charge.

    Raises:
        Conflict: a test is missing, or there is no whole consent that still holds (gate DSP-01).
    """
    untested = [name for name in DIAGNOSTICS if name not in ticket.get("diagnostics", {})]
    if untested:
        raise Conflict(f"Before a visit these tests are logged: {', '.join(untested)}. Log them first.")
    if consent is None:
        raise Conflict("No consent to a visit is on record (DSP-01). Get one: window, contact, possible charge.")
    missing = missing_fields(consent, rules)
    if missing:
        raise Conflict(f"The consent to the visit lacks {', '.join(missing)} (DSP-01). Complete it.")
    if consent.expires_at is not None and consent.expires_at < now:
        raise Conflict("The consent to the visit has expired (DSP-01). Get a new one.")
    order = {
        "state": "open",
        "appointmentRequired": True,
        "windowStart": consent.window_start.isoformat() if consent.window_start else None,
        "windowEnd": consent.window_end.isoformat() if consent.window_end else None,
        "possibleCharge": str(consent.possible_charge) if consent.possible_charge is not None else None,
        "carrier": consent.carrier,
        "siteContact": consent.site_contact,
        "consent": consent.evidence_ref or consent.method,
    }
    waits = (
        changed(ticket, "pending", "appointment booked", now=now) if ticket["status"] == "inProgress" else dict(ticket)
    )
    return {**waits, "workOrder": [*ticket.get("workOrder", ()), order], "lastUpdate": now.isoformat()}


def consent_covers(order: Mapping[str, Any], window_start: str, window_end: str, possible_charge: str | None) -> bool:
    """Whether the consent of a booked visit holds for this window and charge; any other needs a new one."""
    known: Sequence[Any] = (order.get("windowStart"), order.get("windowEnd"), order.get("possibleCharge"))
    return tuple(known) == (window_start, window_end, possible_charge)
