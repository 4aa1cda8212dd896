"""What a feed told, taken into the live calls: durable when this returns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from copilot.calls.live import Accepted, LiveCalls
from copilot.errors import BadInput, NotFound
from copilot.feeds import CallEnded, CallStarted, FeedEvent, Ignored, TurnHeard
from copilot.transcript import Transcript


@dataclass(frozen=True)
class Taken:
    """What became of the words of some messages; `seq` is the number of the last event of the last call."""

    accepted: int = 0
    duplicates: int = 0
    seq: int = 0


def take_all(live: LiveCalls, events: Iterable[FeedEvent]) -> Taken:
    """Take in what one delivery told, in its order."""
    taken = Taken()
    for event in events:
        more = take(live, event)
        taken = Taken(taken.accepted + more.accepted, taken.duplicates + more.duplicates, more.seq or taken.seq)
    return taken


def take(live: LiveCalls, event: FeedEvent) -> Taken:
    """Take in one thing a feed told.

    Raises:
        BadInput: the id of the call cannot be used.
    """
    if isinstance(event, CallStarted):
        start(live, event.call)
    elif isinstance(event, CallEnded):
        _end(live, event.call_id)
    elif isinstance(event, TurnHeard) and event.turn.text.strip():
        return Taken(**vars(_hear_announced(live, event)))
    return Taken()


def start(live: LiveCalls, call: Transcript) -> bool:
    """Announce a call; False when it was known.

    Raises:
        BadInput: no address could name the call.
    """
    if "/" in call.call_id:
        raise BadInput(f"call_id {call.call_id!r} holds a slash, so no address could name it. Use another character.")
    if call.call_id in (".", ".."):
        raise BadInput(f"call_id {call.call_id!r} means a folder in an address. Use another name.")
    return live.start(call)


def take_transcript(live: LiveCalls, call: Transcript, *, end: bool) -> Taken:
    """Take in a whole call from a file, and hang up when that is the end of it."""
    start(live, call)
    taken = Taken(**vars(live.add_turns(call.call_id, call.turns)))
    if end:
        live.end(call.call_id)
    return taken


def ignored(events: Sequence[FeedEvent]) -> list[str]:
    """Why messages were of no use."""
    return [event.reason for event in events if isinstance(event, Ignored)]


def _end(live: LiveCalls, call_id: str) -> None:
    try:
        live.end(call_id)
    except NotFound:  # the end of a call of which nothing was heard
        return


def _hear_announced(live: LiveCalls, heard: TurnHeard) -> Accepted:
    try:
        return _hear(live, heard)
    except NotFound:  # its beginning is still on its way, or was before our time
        start(live, replace(heard.call, started_at=heard.call.started_at or heard.at))
        return _hear(live, heard)


def _hear(live: LiveCalls, heard: TurnHeard) -> Accepted:
    call_id, turn = heard.call.call_id, heard.turn
    began = live.started_at(call_id) if heard.at and turn.t_ms is None else None
    if began is not None and began.tzinfo is not None and heard.at is not None:
        turn = replace(turn, t_ms=max(0, round((heard.at - began).total_seconds() * 1000)))
    if not heard.is_final:
        return live.add_partial(call_id, turn)
    if heard.corrects:
        return live.correct_turn(call_id, turn)
    return live.add_turns(call_id, [turn], after_end=True)
