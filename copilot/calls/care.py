"""Moments that want care before anything else: danger, grief, hardship, anger. Nothing is sold in them."""

from copilot.calls.moment import Moment

IRATE, ABUSE = "irate", "abuse"


def care_cues(moment: Moment) -> list[str]:
    """The cues of this turn that want care, the gravest first: flags that stop offers as the pack has them, anger."""
    flags = [flag_id for flag_id, flag in moment.desk.flags.items() if flag.stops_offers]
    return [cue_id for cue_id in (*flags, ABUSE, IRATE) if cue_id in moment.heard_ids]


def may_sell(moment: Moment) -> bool:
    """Whether anything may be offered: not in such a moment, and no more once a flag has stopped offers."""
    flags = (moment.desk.flags.get(cue.cue_id) for cue in moment.state.cues if cue.kind == "flag")
    return not care_cues(moment) and not any(flag.stops_offers for flag in flags if flag is not None)
