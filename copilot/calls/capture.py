"""What of a turn may be kept: nothing in a pause or after an objection, nothing before a notice that must come first.

Words that may not be kept are never stored, shown, indexed or given to a model; a placeholder stands for them.
"""

import re
from dataclasses import dataclass, replace

from copilot.calls.corrections import partial_keys
from copilot.calls.desk import Desk
from copilot.calls.state import BEFORE_NOTICE, CAPTURE_PAUSED, CallState
from copilot.calls.watchers.payment import PAYMENT_DONE
from copilot.calls.watchers.recording import hears_notice
from copilot.transcript import Turn

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True)
class Kept:
    """A turn as it may be kept, and the cues its withheld words raised: that they were said, not the words."""

    turn: Turn
    withheld: frozenset[str] = frozenset()


def keep(turn: Turn, state: CallState, desk: Desk, language: str) -> Kept:
    """A turn, already masked, as it may be kept."""
    if _is_paused(state, turn):
        return Kept(replace(turn, text=CAPTURE_PAUSED), _heard_in_pause(turn, desk, language))
    if desk.gates.capture(state.channel, state.recording) != "hold":
        return Kept(turn)
    if not hears_notice(turn, desk, language):
        return Kept(replace(turn, text=BEFORE_NOTICE))
    return Kept(replace(turn, text=_from_notice_on(turn, desk, language)))


def keep_partial(partial: Turn, state: CallState, desk: Desk) -> Turn:
    """A turn still being spoken, its numbers hidden, as it may be shown."""
    if _is_paused(state, partial):
        return replace(partial, text=CAPTURE_PAUSED)
    return partial if may_capture(state, desk) else replace(partial, text=BEFORE_NOTICE)


def may_capture(state: CallState, desk: Desk) -> bool:
    """Whether words may be kept now: no pause, no objection, and the notice given where it must come first."""
    if state.capture_paused or state.recording is False:
        return False
    return desk.gates.capture(state.channel, state.recording) != "hold"


def _is_paused(state: CallState, turn: Turn) -> bool:
    """Whether a turn, or the beginning of it, is said in a pause or after an objection."""
    began_in_pause = any(state.partials.get(key) == CAPTURE_PAUSED for key in partial_keys(turn))
    return state.capture_paused or state.recording is False or began_in_pause


def _heard_in_pause(turn: Turn, desk: Desk, language: str) -> frozenset[str]:
    said = replace(turn, speaker="agent") if turn.speaker == "system" else turn
    is_ours = said.speaker == "agent" and desk.cue_reader.hears(PAYMENT_DONE, said, language)
    return frozenset({PAYMENT_DONE}) if is_ours else frozenset()


def _from_notice_on(turn: Turn, desk: Desk, language: str) -> str:
    """The turn without the sentences before the notice; where speakers are not told apart they may be the caller's."""
    sentences = _SENTENCE_END.split(turn.text)
    for place, sentence in enumerate(sentences):
        if hears_notice(replace(turn, text=sentence), desk, language):
            return " ".join(sentences[place:])
    return turn.text
