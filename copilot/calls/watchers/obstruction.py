"""Signs that leaving is being made hard, counted since the request to cancel; the pack says from when on to warn."""

from itertools import pairwise

from copilot.calls.gate_cards import obstruction_card
from copilot.calls.leaving import Leaving, is_after, leaving_of
from copilot.calls.moment import Moment, Noticed
from copilot.calls.state import CallState
from copilot.calls.watchers.save_attempts import new_pitch
from copilot.guard.save_attempts import Counted, obstruction_signs
from copilot.transcript import Turn


def watch(moment: Moment) -> Noticed:
    """An alert for each sign, in the turn of the agent that shows it."""
    rules = moment.desk.gates.save_rules
    leaving = leaving_of(moment.state, moment.desk, moment.on) if moment.turn.speaker == "agent" else None
    if rules is None or leaving is None or leaving.cancel_turn is None:
        return Noticed()
    if leaving.is_settled or leaving.standing.completed:
        return Noticed()
    signs = obstruction_signs(rules.obstruction, _count(moment, leaving, leaving.cancel_turn))
    return Noticed(alerts=tuple(obstruction_card(sign, moment.turn.turn_id, moment.language) for sign in signs))


def _count(moment: Moment, leaving: Leaving, cancel_turn: str) -> Counted:
    return Counted(
        transfers=int(_is_transferring(moment, cancel_turn)),
        longest_hold_s=_hold_just_ended_s(moment, cancel_turn),
        pitches=new_pitch(moment, leaving) or 0,
        reasons_asked=_reasons_asked(moment, cancel_turn),
    )


def _is_transferring(moment: Moment, cancel_turn: str) -> bool:
    """Whether the agent passes the customer on, who did not ask for that, and whom no flag calls a supervisor for."""
    state, flags = moment.state, moment.desk.flags
    asked = any(cue.cue_id == "supervisor_asked" and _since(state, cue.turn_id, cancel_turn) for cue in state.cues)
    wanted = any(flags[cue].needs_live_supervisor for cue in state.cue_ids if cue in flags)
    return not asked and not wanted and moment.desk.cue_reader.hears("transfer", moment.turn, moment.language)


def _hold_just_ended_s(moment: Moment, cancel_turn: str) -> float:
    """The longest silence between the turn in which the agent asked to hold and this one, in seconds."""
    turns = list(moment.state.turns.values())
    place = next((i for i in range(len(turns) - 1, -1, -1) if turns[i].speaker == "agent"), None)
    if place is None or not _since(moment.state, turns[place].turn_id, cancel_turn):
        return 0.0
    asked = turns[place].turn_id
    if not any(cue.cue_id == "hold" and cue.turn_id == asked for cue in moment.state.cues):
        return 0.0
    return _longest_gap_s([*turns[place:], moment.turn])


def _longest_gap_s(turns: list[Turn]) -> float:
    """Between the beginnings of turns that follow each other; 0 for a transcript without times."""
    gaps = [
        (after.t_ms - before.t_ms) / 1000
        for before, after in pairwise(turns)
        if before.t_ms is not None and after.t_ms is not None
    ]
    return max(gaps, default=0.0)


def _reasons_asked(moment: Moment, cancel_turn: str) -> int:
    """In how many turns the agent asked why, when this is one of them."""
    if "reason_asked" not in moment.heard_ids:
        return 0
    before = {
        cue.turn_id
        for cue in moment.state.cues
        if cue.cue_id == "reason_asked" and _since(moment.state, cue.turn_id, cancel_turn)
    }
    return len(before) + 1


def _since(state: CallState, turn_id: str, cancel_turn: str) -> bool:
    return turn_id == cancel_turn or is_after(state, turn_id, cancel_turn)
