"""The endpoints of other systems: finding a customer there, and writing notes and changes after a person confirmed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from copilot.connect.protocol import FindBy, ObjectKind, Refused
from copilot.errors import Conflict, NotFound
from copilot.service.access import at_least
from copilot.service.connect_desk import ConnectDesk, now
from copilot.service.hall import Hall
from copilot.store import Identity
from copilot.store.writebacks import WAITS_FOR_A_PERSON, WritebackStatus
from copilot.writeback import propose_note

router = APIRouter(prefix="/v1/connect", tags=["connect"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProposeIn(_Body):
    """The note of a finished call, and where it goes."""

    call_id: str = Field(min_length=1, max_length=200)
    system: str = Field(min_length=1, max_length=63)
    object: ObjectKind = "customer"
    object_id: str = Field(min_length=1, max_length=200)


class RejectIn(_Body):
    """Why it is not to be written."""

    reason: str = Field(default="", max_length=400)


class EventTaken(BaseModel):
    """How many objects the event named."""

    objects: int


def _hall(request: Request) -> Hall:
    hall: Hall = request.app.state.hall
    return hall


def _desk(request: Request, identity: Agent) -> ConnectDesk:
    return _hall(request).connect_desk(identity.tenant)


Desk = Annotated[ConnectDesk, Depends(_desk)]


@router.get("/systems")
def systems(desk: Desk) -> list[Mapping[str, Any]]:
    """The systems by name, and what each can do; nothing is asked of them."""
    return [{"system": name, **asdict(system.can)} for name, system in desk.connections.systems.items()]


@router.get("/customers")
def find_customer(
    desk: Desk, value: Annotated[str, Query(max_length=200)], system: str, by: FindBy = "id"
) -> list[Mapping[str, Any]]:
    """The customers of a system that fit: who they are, and nothing of their accounts."""
    found = desk.connections.get(system).find(by, value)
    return [
        {"object_id": one.object_id, **one.record.model_dump(include={"customer_id", "name", "language"})}
        for one in found
    ]


@router.post("/proposals", status_code=status.HTTP_201_CREATED)
def propose(body: ProposeIn, request: Request, desk: Desk, identity: Agent) -> list[Mapping[str, Any]]:
    """Propose what the note of a call that has ended asks to be written; the same again changes nothing."""
    live = _hall(request).live(identity.tenant)
    if not live.has_ended(body.call_id):
        raise Conflict(f"The call {body.call_id!r} has not ended; its note may still change. End the call first.")
    note = {**live.note(body.call_id), "call_id": body.call_id}
    wanted = propose_note(note, desk.connections, body.system, body.object, body.object_id)
    desk.proposals.propose(wanted, now=now())
    return [desk.proposals.get(one.proposal_id).as_json() for one in wanted]


@router.get("/proposals")
def proposals(
    desk: Desk,
    status: Annotated[list[WritebackStatus] | None, Query()] = None,
    call_id: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[Mapping[str, Any]]:
    """The proposals that changed last, oldest change first; of some statuses or of a call."""
    return [row.as_json() for row in desk.proposals.all(*(status or ()), call_id=call_id, limit=limit)]


@router.get("/dead")
def dead(desk: Desk) -> list[Mapping[str, Any]]:
    """What failed, was given up, or may be written or not: each waits for a person."""
    return [row.as_json() for row in desk.proposals.all(*WAITS_FOR_A_PERSON)]


@router.post("/proposals/{proposal_id}/confirm")
def confirm(proposal_id: str, desk: Desk, identity: Agent) -> Mapping[str, Any]:
    """Confirm a proposal; it is written within seconds, if the value is still the one it started from."""
    row = desk.proposals.confirm(proposal_id, identity.name, now=now())
    desk.write_soon()
    return row.as_json()


@router.post("/proposals/{proposal_id}/reject")
def reject(proposal_id: str, body: RejectIn, desk: Desk, identity: Agent) -> Mapping[str, Any]:
    """Reject a proposal, or close one that failed: it is not written any more."""
    return desk.proposals.reject(proposal_id, identity.name, body.reason, now=now()).as_json()


@router.post("/proposals/{proposal_id}/requeue")
def requeue(proposal_id: str, desk: Desk, identity: Agent) -> Mapping[str, Any]:
    """Put up again what waits for a person; one that failed must be confirmed once more."""
    row = desk.proposals.requeue(proposal_id, identity.name, now=now())
    desk.write_soon()
    return row.as_json()


@router.post("/{system}/events", status_code=status.HTTP_202_ACCEPTED)
async def event(system: str, request: Request, background: BackgroundTasks) -> EventTaken:
    """Take a signed event of a system: what is proposed for the object it names is compared with what is there now."""
    hall, body = _hall(request), await request.body()
    desk = await run_in_threadpool(hall.connect_desk, hall.parts.settings.tenant)
    there = desk.connections.systems.get(system)
    try:
        changed = there.changed(dict(request.headers), body, now()) if there is not None else None
    except Refused:
        changed = None
    if changed is None:  # whoever is not signed in is not told which systems there are
        raise NotFound(f"No system {system[:63]!r} sends events here.")
    for kind, object_id in changed:
        background.add_task(desk.look_again, system, kind, object_id)
    return EventTaken(objects=len(changed))
