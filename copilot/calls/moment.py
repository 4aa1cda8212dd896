"""A moment of a call: one turn as it is heard, what is known when it comes, and what may be noticed in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from copilot.calls.cards import Card
from copilot.calls.cues import HeardCue
from copilot.calls.desk import Desk
from copilot.calls.state import CallState
from copilot.transcript import Turn


@dataclass(frozen=True)
class Reaction:
    """One event a turn sets off, in the order it is to be appended."""

    type: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """A turn, already masked, and the call before it; `heard` are the cues it raises, `on` is the day of the call."""

    state: CallState
    turn: Turn
    heard: tuple[HeardCue, ...]
    desk: Desk
    language: str
    on: date
    withheld: frozenset[str] = frozenset()  # cues of words that may not be kept: the turn's text does not hold them

    @cached_property
    def heard_ids(self) -> frozenset[str]:
        """The ids of the cues this turn raises."""
        return frozenset(cue.cue.id for cue in self.heard)


@dataclass(frozen=True)
class Noticed:
    """What a watcher makes of a moment.

    `alerts` come beside the one card of a turn; `cards` compete for its place, before scripts and passages. A card
    whose `about` was shown before is left out, so a watcher need not remember.
    """

    reactions: tuple[Reaction, ...] = ()
    alerts: tuple[Card, ...] = ()
    cards: tuple[Card, ...] = ()


Watcher = Callable[[Moment], Noticed]
