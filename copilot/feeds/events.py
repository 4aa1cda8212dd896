"""What any feed tells, in our own words: a call begins, something is heard, the call is over, or nothing of use.

Order. A message is taken in when it arrives, also when an earlier one is still on its way: holding finals back to sort
them would keep a card from the agent, and a held message is one that was acknowledged and could be lost. Its time keeps
its place instead: the account note reads the turns in the order of their `t_ms`. What must not come late are partials:
one that is older than the last final of its stream is dropped (`Place`).

Repeats. Ids are made of the vendor's own, so a message that comes again is a duplicate.
"""

from dataclasses import dataclass
from datetime import datetime

from copilot.transcript import Transcript, Turn


@dataclass(frozen=True)
class CallStarted:
    """A call is announced; `call` has no turns."""

    call: Transcript


@dataclass(frozen=True)
class TurnHeard:
    """Words of a call, which may not have been announced yet.

    A partial (`is_final` false) is shown and no more. With `corrects` the words stand in the place of those a turn of
    this id had; without, a turn that is known stays as it is. `at` is when it was said, where the feed has a clock.
    """

    call: Transcript
    turn: Turn
    is_final: bool = True
    corrects: bool = False
    at: datetime | None = None


@dataclass(frozen=True)
class CallEnded:
    """The call is over, as far as the feed knows."""

    call_id: str


@dataclass(frozen=True)
class Ignored:
    """A message that tells nothing for a call, and why."""

    reason: str


FeedEvent = CallStarted | TurnHeard | CallEnded | Ignored
