"""Recording: whether the notice was given, whether the customer objects (REC-01, REC-02 of the domain handbook)."""

from dataclasses import replace

from copilot.calls.cards import Card
from copilot.calls.desk import Desk
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.transcript import Turn
from knowledge.rules.base import Words

RECORDING = "recording"  # kind of consent
MISSING = "recording_notice_missing"
REFUSED = "recording_refused"
_TITLES = {
    MISSING: Words(en="No recording notice yet", es="Falta el aviso de grabación"),
    REFUSED: Words(en="Recording refused: capture stopped", es="No quiere grabación: captura detenida"),
}


def watch(moment: Moment) -> Noticed:
    """The notice and an objection as consent; an alert when the notice does not come, or the customer objects."""
    if _objects(moment):
        return _stop(moment)
    if moment.state.recording is None and hears_notice(moment.turn, moment.desk, moment.language):
        wording = next((cue.words for cue in moment.heard if cue.cue.id == "recording_notice"), None)
        return Noticed((_consent(moment, True, wording),))
    return Noticed(alerts=_warning(moment))


def hears_notice(turn: Turn, desk: Desk, language: str) -> bool:
    """Whether the agent, or an announcement before the agent, says that the call is recorded."""
    said = replace(turn, speaker="agent") if turn.speaker == "system" else turn
    return desk.cue_reader.hears("recording_notice", said, language)


def _objects(moment: Moment) -> bool:
    if moment.state.recording is False or moment.state.channel != "voice":
        return False
    if "recording_refused" in moment.heard_ids and moment.turn.speaker == "customer":
        return True
    return _was_asked_leave(moment) and moment.desk.gates.reply(moment.turn.text, moment.language) is False


def _was_asked_leave(moment: Moment) -> bool:
    """Whether the turn before asked the customer for leave to record."""
    last = next(reversed(moment.state.turns.values()), None)
    return (
        moment.turn.speaker == "customer"
        and last is not None
        and any(cue.cue_id == "recording_asked" and cue.turn_id == last.turn_id for cue in moment.state.cues)
    )


def _stop(moment: Moment) -> Noticed:
    paused = Reaction("capture.paused", {"reason": REFUSED, "turn_id": moment.turn.turn_id})
    body = moment.desk.gates.consent.recording.refused.in_language(moment.language)
    return Noticed((_consent(moment, False, None), paused), (_card(moment, REFUSED, body),))


def _warning(moment: Moment) -> tuple[Card, ...]:
    """Once, when the customer speaks and the first turns went by without the notice."""
    gates, state = moment.desk.gates, moment.state
    rules = gates.consent.recording
    is_late = len(state.turns) + 1 >= rules.notice_within_turns and moment.turn.speaker == "customer"
    if not is_late or state.recording is not None or gates.capture(state.channel, None) == "take_in":
        return ()
    notice = gates.head.house.recording_notice.in_language(moment.language)
    return (_card(moment, MISSING, f"{rules.missing.in_language(moment.language)} “{notice}”"),)


def _consent(moment: Moment, given: bool, wording: str | None) -> Reaction:
    body = {"kind": RECORDING, "given": given, "wording": wording, "turn_id": moment.turn.turn_id}
    return Reaction("consent.changed", body)


def _card(moment: Moment, about: str, body: str) -> Card:
    title = _TITLES[about].in_language(moment.language)
    return Card("alert", title, body, about, "", (moment.turn.turn_id,))
