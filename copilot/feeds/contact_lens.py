"""Amazon Connect Contact Lens real-time segments, voice (version 1) and chat (version 2), as they stand on Kinesis.

An `Utterance` is a partial of the `Transcript` whose id its `TranscriptId` gives. Records come at least once and a
Transcript may come again with better words, so a transcript always corrects what its id had before. Where chat sends
the raw and the redacted words, the raw ones are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import AliasChoices, Field

from copilot.feeds.events import CallEnded, CallStarted, FeedEvent, Ignored, TurnHeard
from copilot.feeds.messages import LONGEST_ID, VendorRecord, json_messages, moment, read_record, spoken_language
from copilot.feeds.transcript_file import MAX_TURN_CHARACTERS
from copilot.transcript import Speaker, Transcript, Turn

_SPEAKERS: Mapping[str, Speaker] = {"AGENT": "agent", "CUSTOMER": "customer", "SYSTEM": "system"}
_ENDS = ("COMPLETED", "FAILED")
_SOURCE = "Contact Lens"


class _Settings(VendorRecord):
    output: str = Field(default="", alias="Output")
    language: str | None = Field(default=None, alias="LanguageCode")


class _Message(VendorRecord):
    contact_id: str = Field(alias="ContactId", min_length=1, max_length=LONGEST_ID)
    channel: str = Field(default="VOICE", alias="Channel", max_length=40)
    event: str = Field(validation_alias=AliasChoices("StreamingEventType", "EventType"))
    language: str | None = Field(default=None, alias="LanguageCode")
    output_type: str = Field(default="", alias="OutputType")
    settings: _Settings = Field(default_factory=_Settings, alias="StreamingSettings")
    segments: list[dict[str, Any]] = Field(default_factory=list, alias="Segments")


class _Time(VendorRecord):
    absolute: str | None = Field(default=None, alias="AbsoluteTime")


class _Segment(VendorRecord):
    role: str = Field(default="", alias="ParticipantRole")
    begin_ms: int | None = Field(default=None, alias="BeginOffsetMillis", ge=0)
    time: _Time = Field(default_factory=_Time, alias="Time")


class _Utterance(_Segment):
    turn_id: str = Field(alias="TranscriptId", min_length=1, max_length=LONGEST_ID)
    text: str = Field(alias="PartialContent", max_length=MAX_TURN_CHARACTERS)


class _Transcript(_Segment):
    turn_id: str = Field(alias="Id", min_length=1, max_length=LONGEST_ID)
    text: str = Field(alias="Content", max_length=MAX_TURN_CHARACTERS)


def read_contact_lens(body: bytes | str) -> Sequence[FeedEvent]:
    """What one message, or a list of them, tells.

    Raises:
        BadInput: it is cut off, or something needed is missing; nothing of it is used then.
    """
    return [event for fields in json_messages(_SOURCE, body) for event in _read(fields)]


def _read(fields: Mapping[str, Any]) -> Iterator[FeedEvent]:
    message = read_record(_SOURCE, _Message, fields)
    language = spoken_language(message.language or message.settings.language)
    call = Transcript(message.contact_id, message.channel.lower(), language)
    if message.event == "STARTED":
        yield CallStarted(call)
    elif message.event in _ENDS:
        yield CallEnded(message.contact_id)
    elif message.event != "SEGMENTS":
        yield Ignored("no event we use")
    elif message.output_type == "Raw" and "Redacted" in message.settings.output:
        yield Ignored("the redacted words of the same segments are sent as well")
    else:
        yield from _segments(message, call)


def _segments(message: _Message, call: Transcript) -> Iterator[FeedEvent]:
    for segment in message.segments:
        if "Transcript" in segment and _has_words(segment["Transcript"]):
            yield _heard(call, read_record(f"{_SOURCE} Transcript", _Transcript, segment["Transcript"]), is_final=True)
        elif "Utterance" in segment:
            yield _heard(call, read_record(f"{_SOURCE} Utterance", _Utterance, segment["Utterance"]), is_final=False)
        else:
            yield Ignored("a segment without words")


def _has_words(transcript: object) -> bool:
    """Whether a transcript is text; a chat also sends interactive messages and their answers as JSON."""
    content_type = transcript.get("ContentType") if isinstance(transcript, Mapping) else None
    return content_type is None or str(content_type).startswith("text/")


def _heard(call: Transcript, segment: _Utterance | _Transcript, *, is_final: bool) -> TurnHeard:
    turn = Turn(segment.turn_id, _SPEAKERS.get(segment.role, "unknown"), segment.text, segment.begin_ms)
    return TurnHeard(call, turn, is_final=is_final, corrects=is_final, at=moment(segment.time.absolute))
