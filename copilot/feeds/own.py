"""Our own feed, the same messages over a WebSocket and as signed HTTP posts: for a recogniser of the operator's own.

`{"type": "start", "call_id": …}` with the fields of a transcript line, `{"type": "partial" | "final" | "correct",
"call_id": …, "turn": {turn_id, speaker, text, t_ms?}}`, and `{"type": "end", "call_id": …}`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from copilot.feeds.events import CallEnded, CallStarted, FeedEvent, TurnHeard
from copilot.feeds.messages import LONGEST_ID, VendorRecord, json_messages, read_record
from copilot.feeds.transcript_file import TranscriptRecord, TurnRecord
from copilot.transcript import Transcript, Turn

_SOURCE = "feed message"


class _Named(TurnRecord):
    turn_id: str = Field(min_length=1, max_length=LONGEST_ID)


class _Message(VendorRecord):
    type: Literal["start", "partial", "final", "correct", "end"]
    call_id: str = Field(min_length=1, max_length=LONGEST_ID)


class _Words(_Message):
    turn: _Named


class _Start(VendorRecord, TranscriptRecord):
    pass


def read_own(body: bytes | str) -> Sequence[FeedEvent]:
    """What one message, or a list of them, tells.

    Raises:
        BadInput: it is cut off, or something needed is missing; nothing of it is used then.
    """
    return [read_own_message(fields) for fields in json_messages(_SOURCE, body)]


def read_own_message(fields: Mapping[str, Any]) -> FeedEvent:
    """What one message tells.

    Raises:
        BadInput: something needed is missing or wrong; names the field.
    """
    message = read_record(_SOURCE, _Message, fields)
    if message.type == "start":
        announced = read_record(_SOURCE, _Start, {**fields, "turns": []})
        return CallStarted(announced.transcript())
    if message.type == "end":
        return CallEnded(message.call_id)
    told = read_record(_SOURCE, _Words, fields).turn
    turn = Turn(told.turn_id, told.speaker, told.text, told.t_ms)
    is_final, corrects = message.type != "partial", message.type == "correct"
    return TurnHeard(Transcript(message.call_id), turn, is_final=is_final, corrects=corrects)
