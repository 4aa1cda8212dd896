"""The endpoints of cases: who owes what by when, tickets, packets for other teams, reminders."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi import Query as Asked
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from copilot.cases.as_json import case_json, obligation_json
from copilot.cases.calendar import calendar
from copilot.cases.call_facts import facts_of
from copilot.cases.desk import CaseDesk
from copilot.cases.missed import missed_callbacks, missed_in, missed_json
from copilot.cases.problems import Incident, candidates, pareto
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity
from knowledge.rules.flags import FlagsFile

router = APIRouter(prefix="/v1/cases", tags=["cases"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
Reviewer = Annotated[Identity, Depends(at_least("reviewer"))]
ICS = "text/calendar; charset=utf-8"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaseIn(BaseModel):
    """A case to open; its kind says which further fields it needs, see docs/cases.md."""

    model_config = ConfigDict(extra="allow")

    kind: str = Field(max_length=20)


class ObligationIn(_Body):
    """Something owed."""

    what: str = Field(min_length=1, max_length=2000)
    owner: str = Field(min_length=1, max_length=200)
    due_at: AwareDatetime | None = None
    channel: str = Field(default="", max_length=40)
    obligation_id: str | None = Field(default=None, max_length=200, description="yours; a repeat changes nothing")
    source: str = Field(default="person", max_length=300)


RequestId = Annotated[str | None, Asked(max_length=100, description="yours; a repeat changes nothing")]


class SettleIn(_Body):
    """What became of something owed."""

    action: Literal["done", "moved", "withdrawn"]
    why: str = Field(default="", max_length=2000, description="what shows it, or why it is moved or withdrawn")
    to: AwareDatetime | None = Field(default=None, description="the new date of a move")
    request_id: str | None = Field(default=None, max_length=100, description="yours; a repeat changes nothing")


class _ChangeIn(_Body):
    request_id: str | None = Field(default=None, max_length=100, description="yours; a repeat changes nothing")


class CloseIn(_ChangeIn):
    """Closes a case."""

    version: int | None = None


class HandOverIn(_ChangeIn):
    """Gives a case to somebody else."""

    version: int | None = Field(default=None, description="as it was read; 409 when it has moved on since")
    owner: str = Field(min_length=1, max_length=200)
    note: str = Field(default="", max_length=2000)


class DecisionIn(_ChangeIn):
    """Decides a dispute."""

    outcome: Literal["upheld", "rejected"] = Field(description="upheld: the customer is right")
    why: str = Field(min_length=1, max_length=2000)


class PacketIn(_Body):
    """What another team is to be handed of a call."""

    call_id: str = Field(min_length=1, max_length=200)
    route: str = Field(min_length=1, max_length=40)


class IncidentIn(_Body):
    """One contact about a disruption."""

    contact_id: str = Field(min_length=1, max_length=200)
    cause_code: str = Field(min_length=1, max_length=80)
    at: AwareDatetime
    flags: list[str] = Field(default_factory=list, max_length=20)
    revenue_at_risk: Decimal = Decimal(0)


@router.get("")
def find(
    request: Request,
    identity: Agent,
    case_status: Annotated[str, Asked(alias="status", pattern="^(open|closed)$")] = "open",
    kind: Annotated[str | None, Asked(max_length=20)] = None,
    owner: Annotated[str | None, Asked(max_length=200)] = None,
    customer_id: Annotated[str | None, Asked(max_length=200)] = None,
    limit: Annotated[int, Asked(ge=1, le=1000)] = 200,
) -> list[dict[str, Any]]:
    """Cases, the newest change first; what is owed in one, and its history, stand with the case alone."""
    find = _desk(request, identity).cases.find
    found = find(status=case_status, kind=kind, owner=owner, customer_id=customer_id, limit=limit)
    return [case_json(case) for case in found]


@router.post("", status_code=status.HTTP_201_CREATED)
def open_case(body: CaseIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Open a case; the same `case_id` again changes nothing."""
    given = body.model_dump(exclude={"kind"})
    return case_json(_desk(request, identity).open(body.kind, given, by=identity.name, now=_now()))


@router.get("/due")
def due(
    request: Request,
    identity: Agent,
    owner: Annotated[str | None, Asked(max_length=200)] = None,
    before: AwareDatetime | None = None,
    limit: Annotated[int, Asked(ge=1, le=10_000)] = 1000,
) -> list[dict[str, Any]]:
    """One list of what is owed over all teams, the soonest first."""
    now, found = _now(), _desk(request, identity).cases.due(owner=owner, before=before, limit=limit)
    return [{"case_id": case_id, **obligation_json(each), "overdue": each.is_overdue(now)} for case_id, each in found]


@router.get("/collectable")
def may_collect(
    request: Request,
    identity: Agent,
    customer_id: Annotated[str, Asked(min_length=1, max_length=200)],
    balance: Annotated[Decimal, Asked(ge=0, decimal_places=2)],
) -> dict[str, str]:
    """What of a balance may be collected: nothing that an open dispute is about."""
    free = _desk(request, identity).records.collectable(customer_id, balance)
    return {"balance": str(balance), "disputed": str(balance - free), "collectable": str(free)}


@router.get("/calendar.ics")
def reminders(
    request: Request, identity: Agent, owner: Annotated[str | None, Asked(max_length=200)] = None
) -> Response:
    """What is owed as a calendar to subscribe to."""
    found = _desk(request, identity).cases.due(owner=owner)
    return Response(calendar(found, stamp=_now()), media_type=ICS)


@router.post("/packets")
def make_packet(body: PacketIn, request: Request, identity: Agent) -> dict[str, Any]:
    """What a process route needs of a call, filled in, with the words to hand the caller over."""
    hall: Hall = request.app.state.hall
    live = hall.live(identity.tenant)
    events = [{"type": each.type, "body": each.body} for each in live.events(body.call_id)]
    return hall.case_desk(identity.tenant).packet(live.note(body.call_id), events, body.route)


@router.get("/missed")
def missed(
    request: Request, identity: Reviewer, call_id: Annotated[str | None, Asked(max_length=200)] = None
) -> list[dict[str, str]]:
    """Promises whose time is over; with a call, also what was missed in it."""
    hall: Hall = request.app.state.hall
    desk = hall.case_desk(identity.tenant)
    now = _now()
    found = missed_callbacks((each for _, each in desk.cases.due(before=now)), now=now)
    if call_id is not None:
        live = hall.live(identity.tenant)
        events = [{"type": each.type, "body": each.body} for each in live.events(call_id)]
        found = missed_in(facts_of(live.note(call_id), events, desk.pack.rule_file(FlagsFile))) + found
    return [missed_json(each) for each in found]


@router.post("/problems/candidates")
def problems(body: list[IncidentIn], _request: Request, _identity: Agent) -> dict[str, Any]:
    """Problems that incidents show, and the Pareto table of their causes by contacts and by revenue at risk."""
    incidents = [Incident(**{**each.model_dump(), "flags": frozenset(each.flags)}) for each in body]
    return {
        "candidates": [vars(each) for each in candidates(incidents)],
        "by_contacts": [_plain(vars(each)) for each in pareto(incidents)],
        "by_revenue": [_plain(vars(each)) for each in pareto(incidents, by_revenue=True)],
    }


@router.get("/{case_id}")
def get(case_id: str, request: Request, identity: Agent) -> dict[str, Any]:
    """A case with what is owed and what happened."""
    return case_json(_desk(request, identity).cases.get(case_id))


@router.post("/{case_id}/obligations")
def owe(case_id: str, body: ObligationIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Add something owed."""
    given = {**body.model_dump(), "due_at": body.due_at.isoformat() if body.due_at else None}
    return case_json(_desk(request, identity).owe(case_id, given, by=identity.name, now=_now()))


@router.post("/{case_id}/obligations/{obligation_id:path}")
def settle(case_id: str, obligation_id: str, body: SettleIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Do, move or withdraw something owed."""
    return case_json(
        _desk(request, identity).settle(
            case_id,
            obligation_id,
            body.action,
            by=identity.name,
            now=_now(),
            why=body.why,
            to=body.to.isoformat() if body.to else "",
            request_id=body.request_id,
        )
    )


@router.post("/{case_id}/close")
def close(case_id: str, body: CloseIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Close a case; 409 while something is owed."""
    return case_json(
        _desk(request, identity).close(
            case_id, by=identity.name, now=_now(), version=body.version, request_id=body.request_id
        )
    )


@router.post("/{case_id}/owner")
def hand_over(case_id: str, body: HandOverIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Give a case to somebody else; with the version it was read at, only the first of two people does."""
    return case_json(
        _desk(request, identity).hand_over(
            case_id,
            body.owner,
            body.note,
            by=identity.name,
            now=_now(),
            version=body.version,
            request_id=body.request_id,
        )
    )


@router.post("/{case_id}/decision")
def decide(case_id: str, body: DecisionIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Decide a dispute; 409 when it is decided already."""
    desk, now = _desk(request, identity), _now()
    return case_json(
        desk.records.decide(case_id, body.outcome, body.why, by=identity.name, now=now, request_id=body.request_id)
    )


@router.post("/{case_id}/correction")
def correct(
    case_id: str, body: dict[str, Any], request: Request, identity: Agent, request_id: RequestId = None
) -> dict[str, Any]:
    """Correct an order or change; it is checked again."""
    desk = _desk(request, identity)
    return case_json(desk.records.correct(case_id, body, by=identity.name, now=_now(), request_id=request_id))


@router.post("/{case_id}/verify")
def verify(case_id: str, request: Request, identity: Agent, request_id: RequestId = None) -> dict[str, Any]:
    """Mark the cause of a problem as verified."""
    records = _desk(request, identity).records
    return case_json(records.verify(case_id, by=identity.name, now=_now(), request_id=request_id))


def _desk(request: Request, identity: Identity) -> CaseDesk:
    hall: Hall = request.app.state.hall
    return hall.case_desk(identity.tenant)


def _now() -> datetime:
    return datetime.now(UTC)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}
