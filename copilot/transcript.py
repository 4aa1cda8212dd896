"""A call as it arrives: who said what, when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

Speaker = Literal["agent", "customer", "system", "unknown"]
SPEAKERS: tuple[Speaker, ...] = get_args(Speaker)


@dataclass(frozen=True)
class Place:
    """Where a message stands in a feed that numbers its messages instead of naming its utterances.

    On one stream one utterance is spoken at a time: its partials go by the stream's name, and its final ends them.
    """

    stream: str
    number: int


@dataclass(frozen=True)
class Turn:
    """One uninterrupted stretch of speech or one chat message; `t_ms` counts from the start of the call."""

    turn_id: str
    speaker: Speaker
    text: str
    t_ms: int | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Transcript:
    """A whole call; turns in the order they were spoken."""

    call_id: str
    channel: str = "voice"
    language: str | None = None
    started_at: datetime | None = None
    customer_id: str | None = None
    turns: Sequence[Turn] = field(default_factory=tuple)
