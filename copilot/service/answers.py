"""The endpoint for the agent's own question, and for the caller's last one."""

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from copilot.answers import Answer, Finding, find_answer
from copilot.errors import BadInput
from copilot.guard.masking import mask_values
from copilot.models import LIVE_ANSWER
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.reader import Reader
from copilot.service.slow import SlowPath
from copilot.spoken.language import detect_language
from copilot.store import Gap, Identity
from knowledge.retriever import ContextTurn

router = APIRouter(prefix="/v1/answers", tags=["answers"])


class Question(BaseModel):
    """What to answer: a question, or with `call_id` alone the caller's last one, in the light of the call.

    `wait` for the worded answer or not; without it, one waits exactly when there is no call to send it to.
    """

    question: str | None = Field(default=None, min_length=1, max_length=2000)
    call_id: str | None = Field(default=None, max_length=200)
    as_of: date | None = None
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    wait: bool | None = None


@dataclass(frozen=True)
class _Asked:
    """What was found, for which question; `turn_ids` names the turn the question was taken from, if it was."""

    finding: Finding
    turn_ids: tuple[str, ...]
    may_ask: bool


@router.post("")
async def answer(body: Question, request: Request, identity: Annotated[Identity, Depends(at_least("agent"))]) -> Answer:
    """Answer from the documents, quoted and cited; what they do not hold is kept as a knowledge gap.

    Records of accounts and calls are quoted as far as the caller of the call is verified, without a call for
    supervisors only; `withheld` says what was left out. With a language model the answer is worded, every sentence
    checked: at once where nobody is on the phone, and as an event `answer.ready` of the call where somebody is. `wait`
    says otherwise.
    """
    hall: Hall = request.app.state.hall
    asked = await run_in_threadpool(_look_up, body, hall, identity)
    finding, slow = asked.finding, hall.slow(identity.tenant)
    if slow is None or not finding.answer.found or not asked.may_ask:
        return finding.answer
    waits = body.call_id is None if body.wait is None else body.wait
    if waits:
        return await _worded(slow, finding)
    if body.call_id is None:
        return finding.answer
    named = replace(finding, answer=replace(finding.answer, answer_id=f"a-{uuid4().hex[:12]}"))
    slow.answer(body.call_id, named, asked.turn_ids)
    return named.answer


def _look_up(body: Question, hall: Hall, identity: Identity) -> _Asked:
    live = hall.live(identity.tenant)
    turns = live.turns(body.call_id) if body.call_id else []
    last = next((turn for turn in reversed(turns) if turn.speaker == "customer"), None)
    own = (body.question or "").strip()
    asked = own or (last.text if last else "")
    if not asked.strip():
        raise BadInput("Nothing is asked: give a question, or the call_id of a call in which the caller has spoken.")
    question: str = mask_values(asked, live.policy)
    reader = Reader.of(hall, identity, body.call_id)
    finding = find_answer(
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
    if not finding.answer.found and not finding.answer.withheld:
        hall.gaps(identity.tenant).add(question)
    may_ask = live.snapshot(body.call_id).may_ask if body.call_id else True
    return _Asked(finding, (last.turn_id,) if last and not own else (), may_ask)


async def _worded(slow: SlowPath, finding: Finding) -> Answer:
    """The worded answer within the time of a live answer, else the extractive one; no thread waits for it."""
    try:
        worded = await asyncio.wait_for(asyncio.wrap_future(slow.word(finding)), LIVE_ANSWER.deadline_s)
    except TimeoutError:
        worded = None
    return worded or finding.answer


@router.get("/gaps")
def gaps(request: Request, identity: Annotated[Identity, Depends(at_least("supervisor"))]) -> list[Gap]:
    """Questions the documents did not answer, the most asked first."""
    hall: Hall = request.app.state.hall
    return list(hall.gaps(identity.tenant).most_asked())
