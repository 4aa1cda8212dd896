"""The endpoint for the agent's own question, and for the caller's last one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from copilot.answers import Answer, answer_question
from copilot.calls.language import detect_language
from copilot.errors import BadInput
from copilot.guard.masking import mask_values
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.reader import Reader
from copilot.store import Gap, Identity
from knowledge.retriever import ContextTurn

router = APIRouter(prefix="/v1/answers", tags=["answers"])


class Question(BaseModel):
    """What to answer: a question, or with `call_id` alone the caller's last one, in the light of the call."""

    question: str | None = Field(default=None, min_length=1, max_length=2000)
    call_id: str | None = Field(default=None, max_length=200)
    as_of: date | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")


@router.post("")
def answer(body: Question, request: Request, identity: Annotated[Identity, Depends(at_least("agent"))]) -> Answer:
    """Answer from the documents, quoted and cited; what they do not hold is kept as a knowledge gap.

    Records of accounts and calls are quoted as far as the caller of the call is verified, without a call for
    supervisors only; `withheld` says what was left out.
    """
    hall: Hall = request.app.state.hall
    live = hall.live(identity.tenant)
    turns = live.turns(body.call_id) if body.call_id else []
    asked = body.question or next((turn.text for turn in reversed(turns) if turn.speaker == "customer"), None)
    if asked is None:
        raise BadInput("Nothing is asked: give a question, or the call_id of a call in which the caller has spoken.")
    question: str = mask_values(asked, live.policy)
    reader = Reader.of(hall, identity, body.call_id)
    found = answer_question(
        hall.retriever(identity.tenant),
        question,
        context=[ContextTurn(turn.text, turn.speaker) for turn in turns if turn.text != asked],
        audiences=reader.audiences,
        on=body.as_of,
        language=body.language or detect_language([question], hall.parts.pack.head.default_language),
        jurisdictions=live.jurisdictions(body.call_id) if body.call_id else (),
        closed=reader.closed,
        of_customer=reader.of_customer,
    )
    if not found.found and not found.withheld:
        hall.gaps(identity.tenant).add(question)
    return found


@router.get("/gaps")
def gaps(request: Request, identity: Annotated[Identity, Depends(at_least("supervisor"))]) -> list[Gap]:
    """Questions the documents did not answer, the most asked first."""
    hall: Hall = request.app.state.hall
    return list(hall.gaps(identity.tenant).most_asked())
