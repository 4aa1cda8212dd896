"""The endpoints of live calls: start, turns, event stream, hang-up, note, feedback."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Request, Response, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from copilot.calls.live import LiveCalls
from copilot.calls.state import AuthLevel
from copilot.errors import BadInput, NotFound
from copilot.feeds import TranscriptRecord, TurnRecord
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.slow import SlowPath
from copilot.store import Event, Identity
from copilot.transcript import Turn

POLL_S = 2.0
MAX_TURNS_PER_REQUEST = 2000
LAST_TYPES = ("call.ended", "note.updated")  # after one of these a stream waits for no more but the worded note
LINGER_S = 45.0  # for the worded note, at most
JUST_NOW_S = 0.05  # what was appended may be read a moment before the slow path has heard of it

router = APIRouter(prefix="/v1/calls", tags=["calls"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


async def _live(request: Request, identity: Agent) -> LiveCalls:  # async: not worth a thread of the pool
    live: LiveCalls = request.app.state.hall.live(identity.tenant)
    return live


Live = Annotated[LiveCalls, Depends(_live)]


def _known(call_id: str, live: Live) -> str:
    live.has_ended(call_id)  # an unknown call is refused before the stream begins
    return call_id


Known = Annotated[str, Depends(_known)]


class CallCreated(BaseModel):
    """The call that was announced."""

    call_id: str


class TurnsIn(BaseModel):
    """One turn or many."""

    turns: list[TurnRecord] = Field(min_length=1, max_length=MAX_TURNS_PER_REQUEST)


class TurnsAccepted(BaseModel):
    """What became of the turns; all of them are durable."""

    accepted: int
    duplicates: int
    seq: int


class Recorded(BaseModel):
    """The number of the event that now holds it."""

    seq: int


class AuthIn(BaseModel):
    """A verification done elsewhere, by a person or a system."""

    level: AuthLevel
    method: str | None = Field(default=None, max_length=80)


class ConsentIn(BaseModel):
    """A consent given or refused."""

    kind: str = Field(min_length=1, max_length=80)
    given: bool
    wording: str | None = Field(default=None, max_length=2000)


class CaptureIn(BaseModel):
    """Stop taking in what is said, or take it in again."""

    state: Literal["paused", "resumed"]


class FeedbackIn(BaseModel):
    """What the agent thought of a card."""

    verdict: Literal["useful", "not_useful", "dismissed"]
    reason: str | None = Field(default=None, max_length=500)


class NoteEdit(BaseModel):
    """Parts of the note as the agent wants them."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, max_length=20_000)
    reason_code: str | None = Field(default=None, max_length=80)
    outcome_code: str | None = Field(default=None, max_length=80)


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": CallCreated}})
def start_call(record: TranscriptRecord, response: Response, live: Live) -> CallCreated:
    """Announce a call; 200 when it is known already."""
    if "/" in record.call_id:
        raise BadInput(f"call_id {record.call_id!r} holds a slash, so no address could name it. Use another character.")
    if not live.start(record.transcript()):
        response.status_code = status.HTTP_200_OK
    if record.turns:
        live.add_turns(record.call_id, record.transcript().turns)
    return CallCreated(call_id=record.call_id)


@router.get("/{call_id}")
def call_summary(call_id: str, live: Live) -> Mapping[str, Any]:
    """How the call stands: stage, verification, what it is about, open questions, promises."""
    return live.summary(call_id)


@router.post("/{call_id}/turns")
def add_turns(call_id: str, body: TurnsIn, live: Live) -> TurnsAccepted:
    """Take turns in. A turn without an id is new each time; with one, a repeat changes nothing."""
    turns = [
        Turn(record.turn_id or f"t-{uuid4().hex[:12]}", record.speaker, record.text, record.t_ms)
        for record in body.turns
    ]
    return TurnsAccepted(**vars(live.add_turns(call_id, turns)))


@router.get("/{call_id}/events", response_class=EventSourceResponse)
async def stream_events(
    call_id: Known, request: Request, identity: Agent, live: Live, last_event_id: Annotated[int, Header(ge=0)] = 0
) -> AsyncIterator[ServerSentEvent]:
    """The events of a call as they come, from the one after `Last-Event-ID`; ends after the note of an ended call."""
    hall: Hall = request.app.state.hall
    seq, is_over, leave_at = last_event_id, False, 0.0
    async with hall.listening(identity.tenant, call_id) as woken:
        while True:
            woken.clear()
            events = live.recent_events(call_id, seq) or await asyncio.to_thread(live.events, call_id, seq)
            for event in events:
                seq, is_over = event.seq, is_over or event.type in LAST_TYPES
                yield ServerSentEvent(raw_data=_as_json(event), event=event.type, id=str(event.seq))
            if not events and (is_over or await asyncio.to_thread(live.has_ended, call_id)):
                leave_at = leave_at or time.monotonic() + LINGER_S
                if time.monotonic() > leave_at or await _has_all(hall.slow(identity.tenant), live, call_id, seq):
                    return
                await _wait(woken)
            elif not is_over:  # what came since `clear` has set the event again
                await _wait(woken)


@router.post("/{call_id}/end")
def end_call(call_id: str, live: Live) -> Mapping[str, Any]:
    """Hang up and get the note."""
    return live.end(call_id)


@router.get("/{call_id}/note")
def get_note(call_id: str, live: Live) -> Mapping[str, Any]:
    """The note as it stands."""
    return live.note(call_id)


@router.patch("/{call_id}/note")
def edit_note(call_id: str, body: NoteEdit, live: Live, identity: Agent) -> Mapping[str, Any]:
    """Change the note of a call that has ended; the version before stays in the event log."""
    return live.edit_note(call_id, body.model_dump(exclude_none=True), by=identity.role)


@router.post("/{call_id}/auth")
def set_auth(call_id: str, body: AuthIn, live: Live) -> Recorded:
    """Report how far the caller is verified."""
    result = "failed" if body.level == "none" else "passed"
    return Recorded(seq=live.record(call_id, "auth.changed", {**body.model_dump(), "result": result}))


@router.post("/{call_id}/consent")
def set_consent(call_id: str, body: ConsentIn, live: Live) -> Recorded:
    """Report a consent."""
    return Recorded(seq=live.record(call_id, "consent.changed", body.model_dump()))


@router.post("/{call_id}/capture")
def set_capture(call_id: str, body: CaptureIn, live: Live) -> Recorded:
    """Pause or resume taking in what is said; what is said meanwhile is never stored."""
    return Recorded(seq=live.record(call_id, f"capture.{body.state}", {}))


@router.post("/{call_id}/cards/{card_id}/feedback")
def card_feedback(call_id: str, card_id: str, body: FeedbackIn, live: Live) -> Recorded:
    """Say whether a card helped, or dismiss it."""
    if not live.has_card(call_id, card_id):
        raise NotFound(f"Call {call_id!r} has shown no card {card_id!r}. The event stream names the cards.")
    return Recorded(seq=live.record(call_id, "card.dismissed", {"card_id": card_id, **body.model_dump()}))


def _as_json(event: Event) -> str:
    return json.dumps(vars(event), ensure_ascii=False)


async def _has_all(slow: SlowPath | None, live: LiveCalls, call_id: str, seq: int) -> bool:
    """Whether nothing is to come to an ended call after this event; at once without a language model."""
    if slow is None:
        return True
    await asyncio.sleep(JUST_NOW_S)
    return slow.is_settled(call_id) and not await asyncio.to_thread(live.events, call_id, seq)


async def _wait(woken: asyncio.Event) -> None:
    """Until woken, or for a while: another process may have appended without waking us."""
    try:
        await asyncio.wait_for(woken.wait(), POLL_S)
    except TimeoutError:
        return
