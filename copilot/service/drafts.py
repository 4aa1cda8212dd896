"""The endpoints of drafts: an item in, a draft out and in the reviewers' queue."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field

from copilot.errors import BadInput
from copilot.replies.outreach import outreach
from copilot.review.desk import as_json
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


class ItemIn(BaseModel):
    """What a customer wrote, in our form or in a platform's: `text` or `title`, and whatever else is known."""

    model_config = ConfigDict(extra="allow")


@router.post("", status_code=status.HTTP_201_CREATED)
def draft(
    body: ItemIn,
    request: Request,
    identity: Agent,
    channel: Annotated[str | None, Query(max_length=60, description="over what the item says")] = None,
    variant: Annotated[str | None, Query(max_length=20, description="shorter or warmer")] = None,
    extractive: Annotated[bool, Query(description="without the language model, even where there is one")] = False,
) -> dict[str, Any]:
    """Draft an answer and queue it for review; the same item again gives the same draft.

    An item that comes again with a longer thread is drafted anew, and its earlier draft is withdrawn.
    """
    hall: Hall = request.app.state.hall
    given = body.model_dump()
    if not given:
        raise BadInput("The body is empty; allowed is an item with `text` or `title`. docs/replies.md shows its form.")
    desk = hall.reply_review(identity.tenant)
    now = datetime.now(UTC)
    return desk.draft(given, by=identity.name, now=now, channel=channel, variant=variant, extractive=extractive)


class OutreachIn(BaseModel):
    """A message we would begin: to whom, about what, by which way, and what time it is where they are."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=20)
    way: str = Field(max_length=10)
    customer_id: str | None = Field(default=None, max_length=200)
    record: dict[str, Any] | None = None
    local: datetime = Field(description="date and time at their place")
    last_message: str = Field(default="", max_length=2000)


@router.post("/outreach")
def begin(body: OutreachIn, request: Request, _identity: Agent) -> dict[str, Any]:
    """The message for a declined card, a renewal or a customer who left, if we may send it now; else why not."""
    hall: Hall = request.app.state.hall
    pack = hall.parts.pack
    record = body.record or pack.customers.get(body.customer_id or "")
    if record is None:
        raise BadInput(f"customer_id is {body.customer_id!r}, which is not known here. Give a `record`.")
    made = outreach(body.kind, body.way, record, pack, local=body.local, last_message=body.last_message)
    return {**asdict(made), "allowed": made.is_allowed}


@router.get("/{draft_id}")
def get(draft_id: str, request: Request, identity: Agent) -> dict[str, Any]:
    """A draft with its versions, its decisions, and where it stands."""
    hall: Hall = request.app.state.hall
    return as_json(hall.reply_review(identity.tenant).review.reviews.get(draft_id))
