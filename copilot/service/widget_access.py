"""Short-lived tokens for widgets, what such a token opens, and which pages may call from a browser."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, status
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.cors import CORSMiddleware

from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity, WidgetTokens

router = APIRouter(prefix="/v1/widget-tokens", tags=["widget"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
METHODS = ("GET", "POST", "PATCH")
HEADERS = ("Authorization", "Content-Type", "Last-Event-ID")


class WidgetTokenIn(BaseModel):
    """For whom a token is: an agent by the name that signs notes, and a call that was announced."""

    model_config = ConfigDict(extra="forbid")

    agent: str = Field(min_length=1, max_length=120, pattern=r"\S")
    call_id: str = Field(min_length=1, max_length=200)
    minutes: int = Field(default=60, ge=1, le=720, description="how long it is good for")


class WidgetTokenMade(BaseModel):
    """The token, which is shown this once, and when it ends."""

    token: str
    agent: str
    call_id: str
    expires_at: datetime


@router.post("", status_code=status.HTTP_201_CREATED)
def mint(body: WidgetTokenIn, request: Request, identity: Agent) -> WidgetTokenMade:
    """A token for the widget of one agent in one call; asked for by the server of the page, never by the page."""
    hall: Hall = request.app.state.hall
    hall.live(identity.tenant).has_ended(body.call_id)  # refuses a call nobody has announced
    agent = body.agent.strip()
    token, expires_at = WidgetTokens(hall.parts.engine).mint(
        tenant=identity.tenant,
        agent=agent,
        call_id=body.call_id,
        minted_by=identity.name,
        now=datetime.now(UTC),
        lifetime=timedelta(minutes=body.minutes),
    )
    return WidgetTokenMade(token=token, agent=agent, call_id=body.call_id, expires_at=expires_at)


def allow_origins(app: FastAPI, ancestors: str) -> None:
    """Let pages of these origins call the API from a browser; without any, only pages of the service itself may."""
    origins = ancestors.split()
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origin_regex=origin_pattern(origins),
            allow_methods=METHODS,
            allow_headers=HEADERS,
            max_age=600,
        )


def origin_pattern(origins: Sequence[str]) -> str:
    """A pattern that matches these origins whole; "https://*.example.com" stands for every name below example.com."""
    below = re.escape("*.")
    return "|".join(re.escape(each.rstrip("/")).replace(below, r"[A-Za-z0-9.-]+\.") for each in origins)
