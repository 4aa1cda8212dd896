"""The endpoints of the reviewers: the queue, claims, decisions, the audit log, and what was sent."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from copilot.review.deciding import Action, Asked
from copilot.review.desk import ReviewDesk, as_json, row_json
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity, OutboxRow, Wanted
from copilot.store.outbox import OutboxStatus
from copilot.store.reviews import OPEN, Status

router = APIRouter(prefix="/v1/reviews", tags=["reviews"])
Reviewer = Annotated[Identity, Depends(at_least("reviewer"))]
Supervisor = Annotated[Identity, Depends(at_least("supervisor"))]


class DecisionIn(BaseModel):
    """A decision; `decision_id` is the sender's own, and a repeat of it changes nothing."""

    model_config = ConfigDict(extra="forbid")

    decision_id: str = Field(min_length=1, max_length=100)
    version: int = Field(ge=1, description="of the text that is decided on")
    action: Action
    text: str = Field(default="", max_length=20_000, description="of an edit")
    reasons: list[str] = Field(default_factory=list, max_length=10, description="codes of scorecard.yaml's corrections")
    comment: str = Field(default="", max_length=2000)
    to: str = Field(default="legal", max_length=40, description="where an escalation goes")
    adapter: str = Field(default="file", max_length=40, description="how an approved reply goes out")
    address: str = Field(default="", max_length=320, description="who it goes to, for adapters that need it")


@router.get("")
def queue(
    request: Request,
    identity: Reviewer,
    status: Annotated[list[Status] | None, Query()] = None,
    channel: Annotated[str | None, Query(max_length=40)] = None,
    min_risk: Annotated[int | None, Query(ge=0, le=100)] = None,
    due_before: AwareDatetime | None = None,
    unclaimed: bool = False,
    legal: bool | None = None,
    flag: Annotated[str | None, Query(max_length=40, description="a red flag, e.g. legal_threat")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[dict[str, Any]]:
    """What waits for a decision: due soon first, then by risk, date and age."""
    now = datetime.now(UTC)
    wanted = Wanted(tuple(status or OPEN), channel, min_risk, due_before, now if unclaimed else None, legal, flag)
    rows = _desk(request, identity).reviews.queue(wanted, now=now, limit=limit, offset=offset)
    return [row_json(row) for row in rows]


@router.post("/next")
def claim_next(
    request: Request,
    identity: Reviewer,
    channel: Annotated[str | None, Query(max_length=40)] = None,
    min_risk: Annotated[int | None, Query(ge=0, le=100)] = None,
) -> dict[str, Any] | None:
    """Hold the most pressing draft that nobody holds, for 15 minutes; null when there is none."""
    desk, now = _desk(request, identity), datetime.now(UTC)
    row = desk.claim_next(Wanted(channel=channel, min_risk=min_risk), identity.name, now=now)
    return as_json(desk.reviews.get(row.draft_id)) if row else None


@router.get("/audit")
def audit(
    request: Request,
    identity: Supervisor,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    anchor: Annotated[
        str | None, Query(pattern=r"^[0-9a-f]{64}$", description="a hash of the log kept elsewhere")
    ] = None,
) -> dict[str, Any]:
    """The audit log, of one draft if `subject` names it, and whether all of it is whole."""
    log = _desk(request, identity).reviews.audit
    return {**asdict(log.verify(anchor=anchor)), "log": [asdict(entry) for entry in log.entries(subject)]}


@router.get("/outbox")
def outbox(request: Request, identity: Reviewer, status: OutboxStatus | None = None) -> list[dict[str, Any]]:
    """What is to be sent, was sent, or could not be."""
    hall: Hall = request.app.state.hall
    return [_message(row) for row in hall.outbox(identity.tenant).all(status)]


@router.post("/outbox/{message_id}/requeue", status_code=204)
def requeue(message_id: str, request: Request, identity: Supervisor) -> None:
    """Send a message again that failed for good, after somebody has looked."""
    hall: Hall = request.app.state.hall
    hall.outbox(identity.tenant).requeue(message_id, identity.name, now=datetime.now(UTC))
    hall.send_soon(identity.tenant)


@router.get("/{draft_id}")
def get(draft_id: str, request: Request, identity: Reviewer) -> dict[str, Any]:
    """A draft with the item, every version, every decision, and its audit."""
    reviews = _desk(request, identity).reviews
    item = reviews.get(draft_id)
    return {**as_json(item), "audit": [asdict(entry) for entry in reviews.audit.entries(draft_id)]}


@router.post("/{draft_id}/claim")
def claim(draft_id: str, request: Request, identity: Reviewer) -> dict[str, Any]:
    """Hold a draft for 15 minutes; 409 when somebody else does."""
    return row_json(_desk(request, identity).claim(draft_id, identity.name, now=datetime.now(UTC)))


@router.post("/{draft_id}/release", status_code=204)
def release(draft_id: str, request: Request, identity: Reviewer) -> None:
    """Let go of a draft."""
    _desk(request, identity).reviews.release(draft_id, identity.name)


@router.post("/{draft_id}/decision")
def decide(draft_id: str, body: DecisionIn, request: Request, identity: Reviewer) -> dict[str, Any]:
    """Approve, edit, reject, escalate, withdraw or comment; what is approved is sent."""
    hall: Hall = request.app.state.hall
    fields = body.model_dump(exclude={"decision_id", "version"})
    asked = Asked(by=identity.name, role=identity.role, at=datetime.now(UTC), **fields)
    item, is_new = hall.reply_review(identity.tenant).decide(draft_id, body.decision_id, body.version, asked)
    if item.row.status == "approved":
        hall.send_soon(identity.tenant)
    return {**as_json(item), "new": is_new}


def _desk(request: Request, identity: Identity) -> ReviewDesk:
    hall: Hall = request.app.state.hall
    return hall.reply_review(identity.tenant).review


def _message(row: OutboxRow) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(row).items()}
