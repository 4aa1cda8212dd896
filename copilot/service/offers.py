"""The endpoints of save offers: decisions, outcomes, approvals, and what outcomes teach."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from copilot.errors import BadInput, ModelFailed
from copilot.guard.grounding import house_names_of
from copilot.offers import CountedEstimates, Desk, Evaluation, fairness
from copilot.offers.approving import ApprovalDesk
from copilot.offers.exploring import pick
from copilot.offers.export import as_csv, as_xlsx
from copilot.offers.negotiation import corridor, exchanges
from copilot.offers.profit import profit_sheet
from copilot.offers.replay import keep, replay
from copilot.offers.requests import OffersAsked
from copilot.offers.worded import word_offer
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.offer_questions import EvaluateIn, Question, question_of
from copilot.store import Approvals, Decisions, Identity, Outcome, Outcomes, OutcomeStatus, PayingDays

router = APIRouter(prefix="/v1/offers", tags=["offers"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
Supervisor = Annotated[Identity, Depends(at_least("supervisor"))]
NO_MODEL = "none"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OutcomeIn(_Body):
    """What became of an offer; `outcome_id` is the sender's own, and a repeat of it changes nothing."""

    outcome_id: str = Field(min_length=1, max_length=200)
    customer_id: str = Field(min_length=1, max_length=200)
    offer_id: str = Field(min_length=1, max_length=80)
    reason: str = Field(min_length=1, max_length=80)
    status: OutcomeStatus
    tenure_months: int = Field(ge=0, le=2000)
    segment: Literal["home", "business"] = "home"
    call_id: str | None = Field(default=None, max_length=200)
    refusal_reason: str | None = Field(default=None, max_length=500)
    shown_at: datetime | None = None


class PayingIn(_Body):
    """Whether the customer still pays so many days after the offer."""

    days: PayingDays
    paying: bool


class ApprovalIn(_Body):
    """What is asked for: an offer or another action, for a customer, of a role."""

    role: str = Field(min_length=1, max_length=80)
    customer_id: str = Field(min_length=1, max_length=200)
    offer_id: str | None = Field(default=None, max_length=80)
    decision_id: str | None = Field(default=None, max_length=64)
    why: str = Field(default="", max_length=1000)


class ApprovalDecision(_Body):
    """Granted or refused, and why."""

    grant: bool
    why: str = Field(default="", max_length=1000)


class Recorded(BaseModel):
    """Whether it was news."""

    recorded: bool


def _estimates(request: Request, identity: Agent) -> CountedEstimates:
    parts = request.app.state.hall.parts
    return CountedEstimates(Outcomes(parts.engine, identity.tenant).all(), parts.offer_book.offers.economics)


Counted = Annotated[CountedEstimates, Depends(_estimates)]


def _desk(request: Request, counted: Counted) -> Desk:
    hall: Hall = request.app.state.hall
    return Desk(hall.parts.offer_book, counted)


def _outcomes(request: Request, identity: Agent) -> Outcomes:
    return Outcomes(request.app.state.hall.parts.engine, identity.tenant)


def _decisions(request: Request, identity: Agent) -> Decisions:
    return Decisions(request.app.state.hall.parts.engine, identity.tenant)


def _approvals(request: Request, identity: Agent) -> ApprovalDesk:
    parts = request.app.state.hall.parts
    if parts.offer_book.ladder is None:
        raise BadInput("The pack has no rules/approvals.yaml, which says who approves what. Add one.")
    return ApprovalDesk(Approvals(parts.engine, identity.tenant), parts.offer_book.ladder)


OffersDesk = Annotated[Desk, Depends(_desk)]
Known = Annotated[Outcomes, Depends(_outcomes)]
Kept = Annotated[Decisions, Depends(_decisions)]
Asked = Annotated[ApprovalDesk, Depends(_approvals)]


@router.post("/evaluate")
def evaluate(
    body: EvaluateIn, request: Request, identity: Agent, desk: OffersDesk, counted: Counted, kept: Kept
) -> Mapping[str, Any]:
    """What may be offered, best first, "no offer" among it; and what may not, each with every rule and its values.

    `show` is the offer to make: the best, or one that is tried out where the operator has set that. Below the level of
    verification that the account needs, `hidden` is true and nothing of the account is told. With `worded` the line of
    the offer to make comes in the language model's words as well, where there is a model and all it says is borne out;
    the pack's line always stands beside it.
    """
    question = question_of(body, request.app.state.hall.live(identity.tenant), desk)
    found = question.asked.answer(desk, _now().date())
    if not question.permission.allowed:
        return {"decision_id": None, "show": None, **question.shown(found)}
    show = found.best.offer_id
    if request.app.state.hall.parts.settings.offers_explore:
        known = counted.shares(found.reason, found.tenure_months)
        show = pick(found, known, Random())  # noqa: S311 - chance is meant, nothing secret hangs on it
    told = {"decision_id": keep(kept, question.asked, desk, found), "show": show, **question.shown(found)}
    return {**told, "worded": _worded(body, question, found, show, request, identity)} if body.worded else told


def _worded(
    body: EvaluateIn, question: Question, found: Evaluation, show: str, request: Request, identity: Identity
) -> Mapping[str, Any] | None:
    """The line of an offer in the model's words; None without a model, or when what it wrote may not be read out."""
    hall: Hall = request.app.state.hall
    live = hall.live(identity.tenant)
    may_ask = body.call_id is None or live.snapshot(body.call_id).may_ask
    decision = next((each for each in found.ranked if each.offer_id == show), None)
    if decision is None or hall.model.name == NO_MODEL or not may_ask:
        return None
    work = partial(
        word_offer,
        decision=decision,
        reason=found.reason,
        language=question.asked.words_in,
        policy=live.policy,
        gazetteer=hall.parts.gazetteer,
        known_names=house_names_of(hall.parts.pack),
    )
    try:
        made = hall.model.run(work)
    except ModelFailed:
        return None
    return asdict(made) if made is not None else None


@router.post("/negotiate")
def negotiate(body: OffersAsked, desk: OffersDesk) -> Mapping[str, Any]:
    """The room there is: profit sheet, price corridor down to the walk-away floor, what to give and what to get."""
    found = body.answer(desk, _now().date())
    has_autopay = any(account.autopay for account in body.customer.accounts)
    return {
        "profit": profit_sheet(body.customer, desk.book.tariff, found.on).as_json(),
        "corridor": corridor(body.customer, desk, found.best.odds).as_json(),
        "exchanges": [each.as_json() for each in exchanges(found, desk, has_autopay)],
    }


@router.post("/outcomes", status_code=status.HTTP_201_CREATED, responses={200: {"model": Recorded}})
def record_outcome(body: OutcomeIn, known: Known, response: Response) -> Recorded:
    """Record that an offer was shown, accepted or refused; the same again is answered with 200 and changes nothing."""
    outcome = Outcome(**{**body.model_dump(), "shown_at": body.shown_at or _now()})
    is_news = known.record(outcome)
    if not is_news:
        response.status_code = status.HTTP_200_OK
    return Recorded(recorded=is_news)


@router.post("/outcomes/{outcome_id}/paying")
def record_paying(outcome_id: str, body: PayingIn, known: Known) -> Recorded:
    """Record whether the customer still pays 30, 60 or 90 days later: only that is a save."""
    known.still_paying(outcome_id, body.days, paying=body.paying)
    return Recorded(recorded=True)


@router.get("/estimates")
def estimates(request: Request, known: Known, _identity: Supervisor, days: PayingDays = 90) -> list[Mapping[str, Any]]:
    """What is known by reason, offer and tenure, with intervals; "no data" below the pack's minimum."""
    economics = request.app.state.hall.parts.offer_book.offers.economics
    return [cell.as_json() for cell in CountedEstimates(known.all(), economics, days).cells()]


@router.get("/fairness")
def fairness_report(
    known: Known, _identity: Supervisor, by: Literal["segment", "tenure", "reason"] = "segment"
) -> list[Mapping[str, Any]]:
    """How often each group was offered something; groups well below the most favoured one are marked."""
    return [group.as_json() for group in fairness(known.all(), by)]


@router.get("/decisions/{decision_id}")
def stored_decision(decision_id: str, kept: Kept) -> Mapping[str, Any]:
    """A decision made again by the rules of its day, and whether it comes out byte for byte as it did."""
    again = replay(kept.get(decision_id))
    return {"decision_id": decision_id, "same": again.is_same, "answer": again.as_object()}


@router.get("/decisions")
def export(
    kept: Kept, _identity: Supervisor, since: datetime | None = None, form: Literal["csv", "xlsx"] = "csv"
) -> Response:
    """All decisions since a time, a row for each offer of each, as a spreadsheet."""
    stored = kept.since(since or datetime.min.replace(tzinfo=UTC))
    headers = {"Content-Disposition": f'attachment; filename="decisions.{form}"'}
    if form == "xlsx":
        return Response(as_xlsx(stored), media_type=XLSX, headers=headers)
    return Response(as_csv(stored), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/approvals", status_code=status.HTTP_201_CREATED)
def ask_for_approval(body: ApprovalIn, asked: Asked, identity: Agent) -> Mapping[str, Any]:
    """Ask a role to approve an offer or another action."""
    what = body.model_dump(exclude={"role"}, exclude_none=True)
    return asked.request(body.role, identity.name, what, _now()).as_json()


@router.get("/approvals/{approval_id}")
def read_approval(approval_id: str, asked: Asked) -> Mapping[str, Any]:
    """How an approval stands, with every step."""
    return asked.read(approval_id, _now()).as_json()


@router.post("/approvals/{approval_id}/decision")
def decide_approval(approval_id: str, body: ApprovalDecision, asked: Asked, identity: Agent) -> Mapping[str, Any]:
    """Grant or refuse; the role must be high enough, and nobody approves their own."""
    decided = asked.decide(approval_id, identity.role, identity.name, _now(), grant=body.grant, why=body.why)
    return decided.as_json()


@router.post("/approvals/{approval_id}/use")
def use_approval(approval_id: str, asked: Asked, identity: Agent) -> Mapping[str, Any]:
    """Use a granted approval, once and in time."""
    return asked.use(approval_id, identity.name, _now()).as_json()


def _now() -> datetime:
    return datetime.now(UTC)
