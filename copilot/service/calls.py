"""The endpoints of live calls: start, turns, event stream, hang-up, note, feedback."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Request, Response, status
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, model_validator

from copilot.calls.live import Accepted, LiveCalls
from copilot.calls.state import AuthLevel
from copilot.errors import AccessDenied, NotFound
from copilot.feeds import TranscriptRecord, TurnRecord
from copilot.service.access import at_least
from copilot.service.consent import ConsentIn, DispatchRecord
from copilot.service.hall import Hall
from copilot.service.intake import start
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


class LiveTurn(TurnRecord):
    """A turn as it is heard: final, or still being spoken, or in the place of what its id said before."""

    final: bool = True
    corrects: bool = False

    @model_validator(mode="after")
    def _names_its_turn(self) -> "LiveTurn":
        if self.turn_id is None and (self.corrects or not self.final):
            raise ValueError("a partial or a correction names its turn_id")
        if self.corrects and not self.final:
            raise ValueError("a turn is a partial or a correction, not both")
        return self


class TurnsIn(BaseModel):
    """One turn or many."""

    turns: list[LiveTurn] = Field(min_length=1, max_length=MAX_TURNS_PER_REQUEST)


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


class CaptureIn(BaseModel):
    """Stop taking in what is said, or take it in again."""

    state: Literal["paused", "resumed"]


class FeedbackIn(BaseModel):
    """What the agent thought of a card."""

    verdict: Literal["useful", "not_useful", "dismissed"]
    reason: str | None = Field(default=None, max_length=500)


NoteSentence = Annotated[str, Field(min_length=1, max_length=2000)]
NoteSentences = Annotated[list[NoteSentence], Field(max_length=20)]


class FollowUpIn(BaseModel):
    """A promise as the agent wants it noted; `due_at` is ISO 8601 with an offset."""

    model_config = ConfigDict(extra="forbid")

    promise: NoteSentence
    owner: str = Field(default="agent", min_length=1, max_length=120)
    due: str | None = Field(default=None, max_length=200)
    due_at: str | None = Field(default=None, max_length=40)
    due_precision: Literal["exact", "day", "window"] | None = None
    channel: Literal["call", "email", "text", "mail"] | None = None


class NoteEdit(BaseModel):
    """Parts of the note as the agent wants them; what is left out stays. A signed note asks for `edit_reason`."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, max_length=20_000)
    reason_code: str | None = Field(default=None, max_length=80)
    outcome_code: str | None = Field(default=None, max_length=80)
    reason: NoteSentence | None = None
    outcome: NoteSentence | None = None
    facts: NoteSentences | None = None
    told: NoteSentences | None = None
    actions: NoteSentences | None = None
    open_questions: NoteSentences | None = None
    follow_ups: list[FollowUpIn] | None = Field(default=None, max_length=20)
    edit_reason: str | None = Field(default=None, max_length=500)


class SignatureIn(BaseModel):
    """Who signs the note."""

    name: str = Field(min_length=1, max_length=120, pattern=r"\S")


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": CallCreated}})
def start_call(record: TranscriptRecord, response: Response, live: Live) -> CallCreated:
    """Announce a call; 200 when it is known already."""
    if not start(live, record.transcript()):
        response.status_code = status.HTTP_200_OK
    if record.turns:
        live.add_turns(record.call_id, record.transcript().turns)
    return CallCreated(call_id=record.call_id)


@router.get("/{call_id}")
def call_summary(call_id: str, live: Live) -> Mapping[str, Any]:
    """How the call stands: stage, verification, what it is about, open questions, promises."""
    return live.summary(call_id)


@router.get("/{call_id}/script")
def call_script(call_id: str, live: Live) -> Mapping[str, Any]:
    """The script the call is in, step by step, with the must-say lines said, waiting and left out."""
    return live.script(call_id)


@router.post("/{call_id}/turns")
def add_turns(call_id: str, body: TurnsIn, live: Live) -> TurnsAccepted:
    """Take turns in. A turn without an id is new each time; with one, a repeat changes nothing.

    With `"final": false` it is only shown; with `"corrects": true` it replaces what the id said before.
    """
    taken = [_take_in(call_id, live, like, list(group)) for like, group in groupby(body.turns, key=_kind)]
    accepted, duplicates = sum(one.accepted for one in taken), sum(one.duplicates for one in taken)
    return TurnsAccepted(accepted=accepted, duplicates=duplicates, seq=taken[-1].seq)


def _kind(record: LiveTurn) -> tuple[bool, bool]:
    return record.final, record.corrects


def _take_in(call_id: str, live: LiveCalls, kind: tuple[bool, bool], records: Sequence[LiveTurn]) -> Accepted:
    """Take in turns that follow each other and are of one kind."""
    turns = [Turn(one.turn_id or f"t-{uuid4().hex[:12]}", one.speaker, one.text, one.t_ms) for one in records]
    is_final, corrects = kind
    if is_final and not corrects:
        return live.add_turns(call_id, turns)
    each = [live.correct_turn(call_id, turn) if corrects else live.add_partial(call_id, turn) for turn in turns]
    return Accepted(sum(one.accepted for one in each), sum(one.duplicates for one in each), each[-1].seq)


@router.get("/{call_id}/events", response_class=EventSourceResponse)
async def stream_events(
    call_id: Known, request: Request, identity: Agent, live: Live, last_event_id: Annotated[int, Header(ge=0)] = 0
) -> AsyncIterator[ServerSentEvent]:
    """The events of a call as they come, from the one after `Last-Event-ID`; ends after the note of an ended call.

    It also ends when the time of a widget's token is over.
    """
    hall: Hall = request.app.state.hall
    seq, is_over, leave_at = last_event_id, False, 0.0
    async with hall.listening(identity.tenant, call_id) as woken:
        while not identity.is_over(datetime.now(UTC)):  # a widget asks again with a new token
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
    """Change the note of a call that has ended; every version stays in the event log, with what it changed."""
    changes = body.model_dump(exclude_none=True, exclude={"edit_reason"})
    return live.edit_note(call_id, changes, by=identity.person or identity.role, why=body.edit_reason)


@router.post("/{call_id}/note/sign")
def sign_note(call_id: str, body: SignatureIn, live: Live, identity: Agent) -> Mapping[str, Any]:
    """Sign the note; a later edit needs a reason and reopens it. Who has the token of a widget signs by its name."""
    name = body.name.strip()
    if identity.call_id and name != identity.person:
        raise AccessDenied(f"This token is for {identity.person!r}, who alone may sign with it. Sign by that name.")
    return live.sign_note(call_id, name)


@router.get("/{call_id}/note/history")
def note_history(call_id: str, live: Live) -> list[Mapping[str, Any]]:
    """The versions of the note with what each changed, the first one first."""
    return list(live.note_history(call_id))


@router.post("/{call_id}/auth")
def set_auth(call_id: str, body: AuthIn, live: Live) -> Recorded:
    """Report how far the caller is verified; a method can only claim the level it gives."""
    return Recorded(seq=live.report_auth(call_id, body.level, body.method))


@router.post("/{call_id}/consent")
def set_consent(call_id: str, body: ConsentIn, live: Live) -> Recorded:
    """Report a consent. `recording` refused stops the capture, given takes it up; `dispatch` given needs its record."""
    if body.kind == "dispatch" and body.given:
        record = body.record or DispatchRecord()
        return Recorded(seq=live.dispatch_consent(call_id, body.body(), record.consent()))
    return Recorded(seq=live.consent(call_id, body.body()))


@router.post("/{call_id}/capture")
def set_capture(call_id: str, body: CaptureIn, live: Live) -> Recorded:
    """Pause or resume taking in what is said; what is said meanwhile is never stored."""
    return Recorded(seq=live.set_capture(call_id, is_paused=body.state == "paused"))


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
