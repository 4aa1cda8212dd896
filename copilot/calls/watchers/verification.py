"""Whether the caller is verified, as the agent says it."""

from copilot.calls.moment import Moment, Noticed, Reaction

TURNS_TO_ANSWER = 6


def watch(moment: Moment) -> Noticed:
    """A change of the verification level, when the agent says that it was passed or failed."""
    turn_id = moment.turn.turn_id
    if "verification_failed" in moment.heard_ids:
        return Noticed((Reaction("auth.changed", {"level": "none", "result": "failed", "turn_id": turn_id}),))
    if "verification_passed" in moment.heard_ids and _was_just_asked(moment):
        return Noticed((Reaction("auth.changed", {"level": "authenticated", "result": "passed", "turn_id": turn_id}),))
    return Noticed()


def _was_just_asked(moment: Moment) -> bool:
    """Whether verification was asked for within the last few turns: "that's right" means something else later."""
    recent = list(moment.state.turns)[-TURNS_TO_ANSWER:]
    return any(cue.cue_id == "verification_asked" and cue.turn_id in recent for cue in moment.state.cues)
