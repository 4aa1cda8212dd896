"""Red flags and other cues that bring an alert with them."""

from copilot.calls.cards import Card, cue_card, flag_card
from copilot.calls.cues import HeardCue
from copilot.calls.moment import Moment, Noticed, Reaction
from knowledge.rules.flags import Flag


def watch(moment: Moment) -> Noticed:
    """An event for each flag raised, and the alerts of flags and cues."""
    flags = [(cue, _flag(moment, cue)) for cue in moment.heard]
    raised = tuple(_raised(flag, moment.turn.turn_id) for _, flag in flags if flag is not None)
    cards = [_card(moment, cue, flag) for cue, flag in flags]
    return Noticed(raised, tuple(card for card in cards if card is not None and card.kind == "alert"))


def _flag(moment: Moment, heard: HeardCue) -> Flag | None:
    return moment.desk.flags.get(heard.cue.id) if heard.cue.kind == "flag" else None


def _card(moment: Moment, heard: HeardCue, flag: Flag | None) -> Card | None:
    turn_id, language = moment.turn.turn_id, moment.language
    if heard.cue.kind == "payment" and not moment.desk.pack.head.regimes.pause_capture_for_payment:
        return None  # the house takes payments where we hear nothing of them
    return flag_card(heard, flag, turn_id, language) if flag else cue_card(heard, turn_id, language)


def _raised(flag: Flag, turn_id: str) -> Reaction:
    body = {"flag": flag.flag_id, "severity": flag.severity, "route": flag.route, "turn_id": turn_id}
    return Reaction("alert.raised", body)
