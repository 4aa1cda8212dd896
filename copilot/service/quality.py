"""The endpoints of quality: scores and contests, calibration sessions, edits over time, cases for the harness."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, status
from pydantic import BaseModel, ConfigDict, Field

from copilot.review.corrections import corrections_of
from copilot.review.edits import burden
from copilot.review.eval_cases import cases_of
from copilot.review.proposing import proposals
from copilot.review.quality import QualityDesk
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Evaluation, Identity, Scores

router = APIRouter(prefix="/v1/quality", tags=["quality"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
Reviewer = Annotated[Identity, Depends(at_least("reviewer"))]
Supervisor = Annotated[Identity, Depends(at_least("supervisor"))]


class MarkIn(BaseModel):
    """A mark of one item; evidence is needed below full."""

    model_config = ConfigDict(extra="forbid")

    item_id: str = Field(max_length=80)
    mark: float | str | None = None
    evidence: list[str] = Field(default_factory=list, max_length=50)
    comment: str = Field(default="", max_length=2000)
    by: Literal["person", "machine"] = "person"


class EvaluationIn(BaseModel):
    """A score of a call, a note or a reply; `evaluation_id` is yours."""

    model_config = ConfigDict(extra="forbid")

    evaluation_id: str = Field(min_length=1, max_length=100)
    subject: str = Field(max_length=20)
    subject_id: str = Field(min_length=1, max_length=200)
    agent: str = Field(min_length=1, max_length=200, description="whose work it is: the name of their token")
    marks: list[MarkIn] = Field(min_length=1, max_length=100)
    comment: str = Field(default="", max_length=5000)


class ContestIn(BaseModel):
    """Why the agent contests."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=5000)


class AnswerIn(BaseModel):
    """The answer to a contest; without marks the score is upheld."""

    model_config = ConfigDict(extra="forbid")

    comment: str = Field(max_length=5000)
    marks: list[MarkIn] | None = Field(default=None, max_length=100)


class RatingIn(BaseModel):
    """One's marks in a calibration session."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(max_length=20)
    subject_id: str = Field(min_length=1, max_length=200)
    marks: list[MarkIn] = Field(min_length=1, max_length=100)


@router.post("/evaluations", status_code=status.HTTP_201_CREATED)
def add(body: EvaluationIn, request: Request, identity: Reviewer) -> dict[str, Any]:
    """Score something."""
    marks = [mark.model_dump() for mark in body.marks]
    place = body.evaluation_id, body.subject, body.subject_id, body.agent, marks
    return _json(_desk(request, identity).add(*place, by=identity.name, now=_now(), comment=body.comment))


@router.get("/evaluations")
def latest(
    request: Request, identity: Agent, agent: Annotated[str | None, Query(max_length=200)] = None
) -> list[dict[str, Any]]:
    """The scores as they stand; an agent sees their own."""
    whose = identity.name if identity.role == "agent" else agent
    return [_json(each) for each in _desk(request, identity).scores.latest(agent=whose)]


@router.post("/evaluations/{evaluation_id}/contest")
def contest(evaluation_id: str, body: ContestIn, request: Request, identity: Agent) -> dict[str, Any]:
    """Contest one's own score, within the days of the pack."""
    return _json(_desk(request, identity).contest(evaluation_id, body.reason, by=identity.name, now=_now()))


@router.post("/evaluations/{evaluation_id}/answer")
def answer(evaluation_id: str, body: AnswerIn, request: Request, identity: Reviewer) -> dict[str, Any]:
    """Answer a contest: uphold the score, or change its marks."""
    marks = None if body.marks is None else [mark.model_dump() for mark in body.marks]
    desk = _desk(request, identity)
    return _json(desk.answer(evaluation_id, by=identity.name, now=_now(), comment=body.comment, marks=marks))


@router.get("/calls/{call_id}/proposals")
def proposed(call_id: str, request: Request, identity: Reviewer) -> list[dict[str, Any]]:
    """Marks a machine proposes for a call, with their evidence; none counts before a person takes it over."""
    hall: Hall = request.app.state.hall
    live, desk = hall.live(identity.tenant), _desk(request, identity)
    events = [{"type": event.type, "body": event.body} for event in live.events(call_id)]
    found = proposals(live.note(call_id), events, desk.card)
    return [{**asdict(each), "mark": None if each.mark is None else str(each.mark)} for each in found]


@router.post("/sessions/{session_id}/marks", status_code=204)
def rate(session_id: str, body: RatingIn, request: Request, identity: Reviewer) -> None:
    """Give one's marks in a calibration session, once."""
    marks = [mark.model_dump() for mark in body.marks]
    desk = _desk(request, identity)
    desk.rate(session_id, body.subject, body.subject_id, marks, by=identity.name, now=_now())


@router.post("/sessions/{session_id}/close")
def close(session_id: str, request: Request, identity: Supervisor) -> dict[str, Any]:
    """Close a session when everybody has rated; its report."""
    return _finite(_desk(request, identity).close(session_id, by=identity.name, now=_now()))


@router.get("/sessions/{session_id}")
def report(session_id: str, request: Request, identity: Reviewer) -> dict[str, Any]:
    """How far the raters of a closed session agree, item by item; 409 while it is open."""
    return _finite(_desk(request, identity).report(session_id))


@router.get("/agreement")
def report_of_all(request: Request, identity: Reviewer) -> dict[str, Any]:
    """How far raters agree over all closed sessions, item by item, with intervals and verdicts."""
    return _finite(_desk(request, identity).report_of_all())


@router.get("/edits")
def edits(
    request: Request, identity: Reviewer, by: Literal["channel", "provider", "prompt_version"] = "channel"
) -> list[dict[str, Any]]:
    """How much reviewers change, by week, and why."""
    return [asdict(each) for each in burden(_corrections(request, identity), by=by)]


@router.get("/cases")
def cases(request: Request, identity: Reviewer) -> list[dict[str, Any]]:
    """Corrections as cases for the eval harness."""
    return cases_of(_corrections(request, identity))


def _corrections(request: Request, identity: Identity) -> list[Any]:
    hall: Hall = request.app.state.hall
    return list(corrections_of(hall.reply_review(identity.tenant).review.reviews, now=_now()))


def _desk(request: Request, identity: Identity) -> QualityDesk:
    hall: Hall = request.app.state.hall
    return QualityDesk(Scores(hall.parts.engine, identity.tenant), hall.parts.pack)


def _now() -> datetime:
    return datetime.now(UTC)


def _json(each: Evaluation) -> dict[str, Any]:
    return {**asdict(each), "at": each.at.isoformat()}


def _finite(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report without NaN, which JSON does not have: null where nothing can be told."""
    items = [
        {name: None if isinstance(value, float) and value != value else value for name, value in item.items()}  # noqa: PLR0124 (NaN)
        for item in report["items"]
    ]
    return {**report, "items": items}
