"""The endpoints of save offers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from copilot.offers.requests import OffersAsked, desk_of
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity

router = APIRouter(prefix="/v1/offers", tags=["offers"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


@router.post("/evaluate")
def evaluate(body: OffersAsked, request: Request, _identity: Agent) -> Mapping[str, Any]:
    """What may be offered, best first, "no offer" among it; and what may not, each with every rule and its values."""
    hall: Hall = request.app.state.hall
    return body.answer(desk_of(hall.parts.pack), datetime.now(UTC).date()).as_json()
