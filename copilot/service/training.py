"""The endpoints of training: changes to acknowledge, quizzes, and how they went."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity
from copilot.training.desk import TrainingDesk

router = APIRouter(prefix="/v1/training", tags=["training"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
Supervisor = Annotated[Identity, Depends(at_least("supervisor"))]


class AcknowledgeIn(BaseModel):
    """That one knows a change."""

    model_config = ConfigDict(extra="forbid")

    doc_id: str = Field(max_length=512)
    digest: str = Field(max_length=64, description="as the change came with it: of the words that were read")


class AnswersIn(BaseModel):
    """The answers to a quiz, by question."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, Annotated[str, Field(max_length=100)]] = Field(max_length=50)


@router.get("/changes")
def changes(request: Request, identity: Agent) -> list[dict[str, Any]]:
    """Documents that came into force, end, or take another's place; what one has not acknowledged comes first."""
    return _desk(request, identity).changes(identity.name, _now().date())


@router.post("/acknowledgements", status_code=204)
def acknowledge(body: AcknowledgeIn, request: Request, identity: Agent) -> None:
    """Say that one knows a change; 404 when its document reads otherwise by now."""
    _desk(request, identity).acknowledge(identity.name, body.doc_id, body.digest, now=_now())


@router.get("/quiz")
def quiz(
    request: Request,
    identity: Agent,
    about: Annotated[str, Query(max_length=20, description="basics or changes")] = "basics",
    language: Annotated[str, Query(max_length=10)] = "en",
) -> dict[str, Any]:
    """One's next quiz: sentences of the documents with a figure left out."""
    return _desk(request, identity).quiz(identity.name, about, language, _now().date())


@router.post("/quiz/{quiz_id}")
def answer(quiz_id: str, body: AnswersIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Answer a quiz, once; each answer comes with its source."""
    return _desk(request, identity).answer(identity.name, quiz_id, body.answers, now=_now())


@router.get("/results")
def results(request: Request, identity: Supervisor) -> list[dict[str, Any]]:
    """Who has acknowledged what, and how quizzes went."""
    return _desk(request, identity).results(_now().date())


def _desk(request: Request, identity: Identity) -> TrainingDesk:
    hall: Hall = request.app.state.hall
    return hall.training(identity.tenant)


def _now() -> datetime:
    return datetime.now(UTC)
