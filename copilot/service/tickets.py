"""The endpoints of trouble tickets, in and out in the fields of TMF621."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from copilot.cases.ticket_desk import TicketDesk
from copilot.cases.tickets import time_worked
from copilot.guard.dispatch import DispatchConsent
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Case, Identity

router = APIRouter(prefix="/v1/cases/tickets", tags=["cases"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TicketIn(BaseModel):
    """A ticket in the fields of TMF621, with those MEF 124 adds; see docs/cases.md."""

    model_config = ConfigDict(extra="allow")

    id: str | None = Field(default=None, max_length=100, description="yours; the same again changes nothing")
    name: str | None = Field(default=None, max_length=300)
    description: str | None = Field(default=None, max_length=5000)


class StatusIn(_Body):
    """Moves a ticket to another state of TMF621."""

    status: str = Field(max_length=30)
    reason: str = Field(default="", max_length=500)


class ConsentIn(_Body):
    """A customer's consent to a visit, all of it."""

    ticket_id: str | None = Field(default=None, max_length=100)
    carrier: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=500)
    window_start: AwareDatetime | None = None
    window_end: AwareDatetime | None = None
    site_contact: str | None = Field(default=None, max_length=200)
    access_notes: str | None = Field(default=None, max_length=500)
    possible_charge: Decimal | None = Field(default=None, ge=0, decimal_places=2)
    charge_disclosed: bool | None = None
    given_by: str | None = Field(default=None, max_length=200)
    relationship: str | None = Field(default=None, max_length=80)
    auth_level: str | None = Field(default=None, max_length=40)
    given_at: AwareDatetime | None = None
    method: str | None = Field(default=None, max_length=40)
    evidence_ref: str | None = Field(default=None, max_length=200)
    expires_at: AwareDatetime | None = None


class VisitIn(_Body):
    """What happened to a visit; for "confirmed" what the carrier confirmed, where it differs."""

    order_id: str = Field(min_length=1, max_length=200, description="id in the ticket's workOrder")
    step: str = Field(max_length=20, description="confirmed, inProgress, completed, missed, failed or cancelled")
    windowStart: AwareDatetime | None = None  # noqa: N815 - names of the standard
    windowEnd: AwareDatetime | None = None  # noqa: N815 - names of the standard
    possibleCharge: str | None = Field(default=None, max_length=20)  # noqa: N815 - names of the standard


@router.post("", status_code=status.HTTP_201_CREATED)
def open_ticket(body: TicketIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Open a ticket; the same `id` again changes nothing."""
    hall: Hall = request.app.state.hall
    given = {name: value for name, value in body.model_dump().items() if value is not None}
    asked = {"case_id": given.pop("id")} if "id" in given else {}
    return ticket_json(hall.case_desk(identity.tenant).open("ticket", {**given, **asked}, by=identity.name, now=_now()))


@router.get("/{ticket_id}")
def get(ticket_id: str, request: Request, identity: Agent) -> dict[str, Any]:
    """A ticket."""
    return ticket_json(_desk(request, identity).get(ticket_id))


@router.get("/{ticket_id}/clock")
def clock(ticket_id: str, request: Request, identity: Agent) -> dict[str, Any]:
    """How long the clock of the service level has run, in seconds: not while it was pending or resolved."""
    ticket = _desk(request, identity).get(ticket_id).body
    return {"status": ticket["status"], "worked_s": round(time_worked(ticket, _now()).total_seconds())}


@router.patch("/{ticket_id}")
def amend(ticket_id: str, body: dict[str, Any], request: Request, identity: Agent) -> dict[str, Any]:
    """Change fields of a ticket, add notes and entries of its lists; 409 when it is at an end."""
    return ticket_json(_desk(request, identity).amend(ticket_id, body, by=identity.name, now=_now()))


@router.post("/{ticket_id}/status")
def move(ticket_id: str, body: StatusIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Move a ticket; 409 names what may follow."""
    desk = _desk(request, identity)
    return ticket_json(desk.move(ticket_id, body.status, body.reason, by=identity.name, now=_now()))


@router.post("/{ticket_id}/tests")
def add_tests(ticket_id: str, body: dict[str, str], request: Request, identity: Agent) -> dict[str, Any]:
    """Log what tests showed."""
    return ticket_json(_desk(request, identity).add_tests(ticket_id, body, by=identity.name, now=_now()))


@router.post("/{ticket_id}/visit")
def book_visit(ticket_id: str, body: ConsentIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Book a carrier's visit with the customer's consent; 409 names what is missing."""
    consent = DispatchConsent(**body.model_dump())
    return ticket_json(_desk(request, identity).book_visit(ticket_id, consent, by=identity.name, now=_now()))


@router.post("/{ticket_id}/visit/step")
def visit(ticket_id: str, body: VisitIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Say what came of a visit; 409 when the carrier's window or charge is not the one consented to."""
    given = body.model_dump(mode="json", exclude={"order_id", "step"}, exclude_none=True)
    desk = _desk(request, identity)
    return ticket_json(desk.visit(ticket_id, body.order_id, body.step, given, by=identity.name, now=_now()))


def ticket_json(case: Case) -> dict[str, Any]:
    """A ticket as TMF621 has it, with its id, and where it is found here."""
    fields: Mapping[str, Any] = case.body
    return {**fields, "id": case.case_id, "href": f"/v1/cases/tickets/{case.case_id}"}


def _desk(request: Request, identity: Identity) -> TicketDesk:
    hall: Hall = request.app.state.hall
    desk = hall.case_desk(identity.tenant)
    return TicketDesk(desk.cases, desk.pack)


def _now() -> datetime:
    return datetime.now(UTC)
