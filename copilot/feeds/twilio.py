"""Twilio Real-Time Transcription: one form POST an event, to the `statusCallbackUrl` of the transcription.

A partial carries no id of its utterance, only a running `SequenceId`; one utterance at a time is spoken on a track, so
partials go by the track and the final that follows ends them. Finals are never corrected; one sent again has its
`SequenceId` and is a duplicate. Which track is the agent's depends on who called whom: it is configured, or given for
each call in the callback address as `agent_track`, never guessed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from copilot.errors import BadInput
from copilot.feeds.events import CallEnded, CallStarted, FeedEvent, Ignored, TurnHeard
from copilot.feeds.messages import (
    LONGEST_ID,
    VendorRecord,
    json_messages,
    moment,
    read_record,
    speaker_of,
    spoken_language,
)
from copilot.feeds.transcript_file import MAX_TURN_CHARACTERS
from copilot.transcript import Place, Transcript, Turn

TRACKS = ("inbound_track", "outbound_track")


class _Event(VendorRecord):
    call_sid: str = Field(alias="CallSid", min_length=1, max_length=LONGEST_ID)
    transcription_sid: str = Field(alias="TranscriptionSid", min_length=1, max_length=LONGEST_ID // 2)
    event: str = Field(alias="TranscriptionEvent")
    timestamp: str | None = Field(default=None, alias="Timestamp")
    language: str | None = Field(default=None, alias="LanguageCode")
    error_code: str | None = Field(default=None, alias="TranscriptionErrorCode")


class _Content(_Event):
    sequence_id: int = Field(alias="SequenceId", ge=0)
    track: Literal["inbound_track", "outbound_track"] = Field(alias="Track")
    final: Literal["true", "false"] = Field(alias="Final")
    content: str = Field(alias="TranscriptionData")


class _Words(VendorRecord):
    transcript: str = Field(max_length=MAX_TURN_CHARACTERS)


def read_twilio(
    form: Mapping[str, str], *, agent_track: str = "", customer_id: str | None = None
) -> Sequence[FeedEvent]:
    """What one callback tells.

    Args:
        form: the posted fields.
        agent_track: `inbound_track` or `outbound_track`; empty: who speaks is unknown.
        customer_id: of the call, where the callback address names it.

    Raises:
        BadInput: a field that is needed is missing or wrong.
    """
    check_track(agent_track)
    event = read_record("Twilio", _Event, form)
    at = moment(event.timestamp)
    call = Transcript(event.call_sid, "voice", spoken_language(event.language), at, customer_id)
    if event.event == "transcription-started":
        return [CallStarted(call)]
    if event.event == "transcription-stopped":
        return [CallEnded(event.call_sid)]
    if event.event == "transcription-content":
        return [_heard(read_record("Twilio", _Content, form), call, at, agent_track)]
    code = f" {event.error_code}" if event.error_code and event.error_code.isdigit() else ""
    return [Ignored(f"Twilio reports a transcription error{code}" if "error" in event.event else "no event we use")]


def check_track(agent_track: str) -> None:
    """Refuse a track Twilio does not have.

    Raises:
        BadInput: naming those it has.
    """
    if agent_track and agent_track not in TRACKS:
        raise BadInput(f"agent_track is {agent_track[:40]!r}; allowed are {', '.join(TRACKS)}. Correct the address.")


def _heard(content: _Content, call: Transcript, at: datetime | None, agent_track: str) -> TurnHeard:
    is_final = content.final == "true"
    stream = f"{content.transcription_sid}-{content.track}"
    turn_id = f"{content.transcription_sid}-{content.sequence_id}" if is_final else stream
    words = read_record(
        "Twilio TranscriptionData", _Words, json_messages("Twilio TranscriptionData", content.content)[0]
    )
    speaker = speaker_of(content.track, agent_track)
    turn = Turn(turn_id, speaker, words.transcript, place=Place(stream, content.sequence_id))
    return TurnHeard(call, turn, is_final=is_final, at=at)
