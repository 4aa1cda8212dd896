"""The endpoints of exact money; every amount in and out is a text, and each answer shows its terms."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from copilot.billing.requests import ArrangeAsked, ProrateAsked, RestoreAsked
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity
from knowledge.rules.tariff import TariffFile

router = APIRouter(prefix="/v1/billing", tags=["billing"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


def _tariff(request: Request, _identity: Agent) -> TariffFile | None:
    hall: Hall = request.app.state.hall
    return hall.parts.pack.rule_file(TariffFile)


Tariff = Annotated[TariffFile | None, Depends(_tariff)]


@router.post("/restore")
def restore(body: RestoreAsked, tariff: Tariff) -> Mapping[str, Any]:
    """What must be paid to put suspended service back, every component shown."""
    return body.answer(tariff, _today()).as_json()


@router.post("/arrange")
def arrange(body: ArrangeAsked, tariff: Tariff) -> Mapping[str, Any]:
    """A payment arrangement; `allowed` says whether the rules of its first day let it be made, `problems` why not."""
    return body.answer(tariff, _today()).as_json()


@router.post("/prorate")
def prorate(body: ProrateAsked, _identity: Agent) -> Mapping[str, Any]:
    """Part of a month, or what a change of plan costs on this bill."""
    change = body.answer()
    return {"amount": str(change.net), **change.as_json()}


def _today() -> date:
    return datetime.now(UTC).date()
