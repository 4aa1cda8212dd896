"""Genesys Cloud transcription notifications, topic `v2.conversations.{id}.transcription`.

They reach us over a notification channel (`eventBody`), or over EventBridge, which wraps the same in `detail`. An
utterance is sent until `isFinal`, and may be sent again: its words correct those its `utteranceId` had. Offsets count
from the start of a session, of which a conversation may have several, so turns are placed by the session's own clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from copilot.errors import BadInput
from copilot.feeds.events import CallEnded, FeedEvent, Ignored, TurnHeard
from copilot.feeds.messages import LONGEST_ID, VendorRecord, json_messages, read_record, speaker_of
from copilot.feeds.transcript_file import MAX_TURN_CHARACTERS
from copilot.transcript import Transcript, Turn

CHANNELS = ("INTERNAL", "EXTERNAL")
_SOURCE = "Genesys"
_WRAPPERS = ("detail", "eventBody")  # EventBridge, the notification channel, or both
_LATEST_MS = 253_402_300_799_000  # the last moment of the year 9999


class _Alternative(VendorRecord):
    transcript: str = Field(max_length=MAX_TURN_CHARACTERS)
    confidence: float = 0.0
    offset_ms: int = Field(default=0, alias="offsetMs", ge=0, le=_LATEST_MS)


class _Utterance(VendorRecord):
    utterance_id: str = Field(alias="utteranceId", min_length=1, max_length=LONGEST_ID)
    is_final: bool = Field(default=True, alias="isFinal")
    channel: str = ""
    alternatives: list[_Alternative] = Field(default_factory=list)


class _Status(VendorRecord):
    status: str = ""


class _Message(VendorRecord):
    conversation_id: str = Field(alias="conversationId", min_length=1, max_length=LONGEST_ID)
    session_start_ms: int | None = Field(default=None, alias="sessionStartTimeMs", ge=0, le=_LATEST_MS)
    transcription_start_ms: int | None = Field(default=None, alias="transcriptionStartTimeMs", ge=0, le=_LATEST_MS)
    transcripts: list[_Utterance] | None = None
    status: _Status | None = None


def read_genesys(body: bytes | str, *, agent_channel: str = "") -> Sequence[FeedEvent]:
    """What one notification, or a list of them, tells.

    Args:
        body: the message as the channel or EventBridge gave it.
        agent_channel: `INTERNAL` or `EXTERNAL`; empty: who speaks is unknown.

    Raises:
        BadInput: it is cut off, or something needed is missing; nothing of it is used then.
    """
    check_channel(agent_channel)
    return [event for fields in json_messages(_SOURCE, body) for event in _read(fields, agent_channel)]


def check_channel(agent_channel: str) -> None:
    """Refuse a channel Genesys does not have.

    Raises:
        BadInput: naming those it has.
    """
    if agent_channel and agent_channel not in CHANNELS:
        raise BadInput(f"agent_channel is {agent_channel[:40]!r}; allowed are {', '.join(CHANNELS)}. Correct it.")


def _read(fields: Mapping[str, Any], agent_channel: str) -> Iterator[FeedEvent]:
    inner = _unwrapped(fields)
    if "conversationId" not in inner and _is_housekeeping(fields, inner):
        yield Ignored("a message of the notification channel itself")
        return
    message = read_record(_SOURCE, _Message, inner)
    began_ms = message.transcription_start_ms or message.session_start_ms
    began = datetime.fromtimestamp(began_ms / 1000, UTC) if began_ms else None
    call = Transcript(message.conversation_id, started_at=began)
    for utterance in message.transcripts or ():
        yield _heard(utterance, call, agent_channel)
    if message.status is not None and message.status.status == "SESSION_ENDED":
        yield CallEnded(message.conversation_id)
    elif not message.transcripts:
        yield Ignored("a keep-alive")


def _unwrapped(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    for wrapper in _WRAPPERS:
        inner = fields.get(wrapper)
        fields = inner if isinstance(inner, Mapping) else fields
    return fields


def _is_housekeeping(fields: Mapping[str, Any], inner: Mapping[str, Any]) -> bool:
    """Whether it is the channel's own heartbeat (`channel.metadata`, `{"message": "WebSocket Heartbeat"}`)."""
    return str(fields.get("topicName", "")).startswith("channel.") or set(inner) == {"message"}


def _heard(utterance: _Utterance, call: Transcript, agent_channel: str) -> FeedEvent:
    if not utterance.alternatives:
        return Ignored("an utterance without words")
    best = max(utterance.alternatives, key=lambda alternative: alternative.confidence)
    customer_channel = next((channel for channel in CHANNELS if channel != agent_channel), None)
    speaker = speaker_of(utterance.channel, agent_channel, customer_channel)
    at = call.started_at + timedelta(milliseconds=best.offset_ms) if call.started_at else None
    turn = Turn(utterance.utterance_id, speaker, best.transcript, None if at else best.offset_ms)
    return TurnHeard(call, turn, is_final=utterance.is_final, corrects=utterance.is_final, at=at)
