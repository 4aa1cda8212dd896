"""Trouble tickets as TMF621 has them: states, what may follow what, when the customer hears, when the clock stops.

States are those of TMF621 (v4 and v5) with `reopened` of MEF 124. Rules are those of the domain handbook, section 9.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal, get_args

from copilot.cases.reading import objects, one_object, time_of
from copilot.errors import BadInput, Conflict
from copilot.store import Obligation

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
TEXT_FIELDS = (
    "id externalId name description ticketType severity priority statusChangeReason requestedResolutionDate"
    " expectedResolutionDate channel observedImpact issueStartDate sellerPriority sellerSeverity"
).split()
LISTS = ("note", "relatedEntity", "relatedParty", "attachment", "troubleTicketRelationship")
DATES = ("requestedResolutionDate", "expectedResolutionDate", "issueStartDate")
# What MEF 124 allows between carriers; TMF621 leaves its own severity and priority free.
ALLOWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "observedImpact": ("degraded", "intermittent", "down"),
        "sellerSeverity": ("minor", "moderate", "significant", "extensive"),
        "sellerPriority": ("low", "medium", "high", "critical"),
    }
)
CHANGEABLE = (*(name for name in TEXT_FIELDS if name != "id"), *LISTS)


def new_ticket(given: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """A ticket in the fields of TMF621, acknowledged.

    Raises:
        BadInput: no name or description, a state that is none, or a field of another shape.
    """
    if not str(given.get("name") or given.get("description") or "").strip():
        raise BadInput("The ticket has neither name nor description; allowed is at least one. Say what is wrong.")
    status = given.get("status", "acknowledged")
    if status != "acknowledged":
        raise BadInput(f"A new ticket's status is {status!r}; allowed is 'acknowledged'. Leave it out.")
    ticket: dict[str, Any] = _fields(given)
    ticket |= {name: objects(given.get(name), name) for name in LISTS}
    change = {"status": "acknowledged", "changeDate": now.isoformat(), "changeReason": "opened"}
    return {
        **ticket,
        "status": "acknowledged",
        "creationDate": now.isoformat(),
        "lastUpdate": now.isoformat(),
        "statusChange": [change],
        "workOrder": [],
        "diagnostics": one_object(given.get("diagnostics"), "diagnostics"),
    }


def amended(ticket: Mapping[str, Any], given: Mapping[str, Any], *, by: str, now: datetime) -> dict[str, Any]:
    """The ticket with fields changed and entries of its lists added; a note gets its author and date.

    Raises:
        BadInput: a field that is not changed this way, or of another shape.
        Conflict: the ticket is at an end.
    """
    foreign = sorted(set(given) - set(CHANGEABLE))
    if foreign:
        raise BadInput(f"{', '.join(foreign)[:100]} cannot be changed; allowed are: {', '.join(CHANGEABLE)}.")
    if ticket["status"] in FINAL:
        raise Conflict(f"The ticket is {ticket['status']}; nothing of it changes any more.")
    lists = {name: objects(given.get(name), name) for name in LISTS if name in given}
    stamp = {"author": by, "date": now.isoformat()}
    lists |= {"note": [{**stamp, **each} for each in lists["note"]]} if "note" in lists else {}
    added = {name: [*ticket.get(name, ()), *entries] for name, entries in lists.items()}
    return {**ticket, **_fields(given), **added, "lastUpdate": now.isoformat()}


def _fields(given: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name in TEXT_FIELDS:
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise BadInput(f"{name} is {type(value).__name__}; allowed is a text.")
        if name in ALLOWED and value not in ALLOWED[name]:
            raise BadInput(f"{name} is {value[:40]!r}; allowed are: {', '.join(ALLOWED[name])}. Choose one.")
        found[name] = time_of(value, name).isoformat() if name in DATES else value
    return found


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


def moot(ticket: Mapping[str, Any], owed: Iterable[Obligation], case_id: str) -> list[Obligation]:
    """Updates before an expected end that is no longer expected, withdrawn: it was moved, or the ticket is resolved."""
    wanted = {each.obligation_id for each in updates_due(ticket, case_id, "")}
    return [
        replace(each, status="withdrawn", evidence=f"the ticket is {ticket['status']}, or its expected end has moved")
        for each in owed
        if each.status == "open"
        and each.obligation_id.startswith(f"{case_id}/expected-")
        and each.obligation_id not in wanted
    ]


def time_worked(ticket: Mapping[str, Any], now: datetime) -> timedelta:
    """How long the clock of the service level ran: not while it was pending, nor after it was resolved."""
    total, changes = timedelta(), ticket["statusChange"]
    for change, after in zip(changes, [*changes[1:], None], strict=True):
        if change["status"] in ("pending", "resolved", *FINAL):
            continue
        end = datetime.fromisoformat(after["changeDate"]) if after else now
        total += end - datetime.fromisoformat(change["changeDate"])
    return total
