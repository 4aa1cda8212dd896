"""Field visits: none is booked before the customer agreed, knowing window and charge (DSP-01, domain handbook 9)."""

from typing import Any

from copilot.calls.cards import Card
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.state import CallState
from copilot.guard.dispatch import cues_before_yes, unspoken_elements
from copilot.transcript import Turn
from knowledge.rules.base import Words
from knowledge.rules.consent import DispatchRules

DISPATCH = "dispatch"  # kind of consent
MISSING = "dispatch_consent_missing"
_MOVED = "visit_moved"
_TITLES = {
    MISSING: Words(en="Visit without consent", es="Visita sin consentimiento"),
    _MOVED: Words(en="Visit moved: consent anew", es="Visita cambiada: nuevo consentimiento"),
}


def watch(moment: Moment) -> Noticed:
    """The consent, once everything was said and agreed to; an alert when a visit is booked without it."""
    rules = moment.desk.gates.consent.dispatch
    if not (moment.state.cue_ids | moment.heard_ids) & set(rules.about):
        return Noticed()
    heard = _heard(moment)
    if _has_consent(moment.state):
        is_moved = _MOVED in moment.heard_ids and moment.turn.speaker == "agent"
        return Noticed(alerts=(_card(moment, _MOVED, rules.moved.in_language(moment.language)),) if is_moved else ())
    yes = _yes_turn(moment, rules, heard)
    missing = _missing(moment, rules, heard, yes)
    if not missing and yes and moment.state.auth_level in rules.levels:
        return Noticed((Reaction("consent.changed", _consent(moment, rules, heard, yes)),))
    is_booked = missing and moment.turn.speaker == "agent" and moment.heard_ids & set(rules.booked)
    lines = [rules.missing.in_language(moment.language), *(f"– {label}" for label in missing)]
    return Noticed(alerts=(_card(moment, MISSING, "\n".join(lines)),) if is_booked else ())


def _has_consent(state: CallState) -> bool:
    last = next((body for body in reversed(state.consents) if body["kind"] == DISPATCH), None)
    return last is not None and last["given"]


def _heard(moment: Moment) -> dict[str, str]:
    """Each cue of the call with the turn in which it was heard first."""
    return {**dict.fromkeys(moment.heard_ids, moment.turn.turn_id), **moment.state.first_heard}


def _missing(moment: Moment, rules: DispatchRules, heard: dict[str, str], yes: str | None) -> list[str]:
    unspoken = unspoken_elements(rules, heard)
    labels = [element.label for element in rules.elements if element.id in unspoken]
    labels += [] if yes else [rules.yes_label]
    labels += [rules.level_label] if _is_unverified(moment, rules, heard) else []
    return [label.in_language(moment.language) for label in labels]


def _is_unverified(moment: Moment, rules: DispatchRules, heard: dict[str, str]) -> bool:
    """Whether the caller failed, or was never asked; an agent who asked and goes on may have checked in silence."""
    if moment.state.auth_level in rules.levels:
        return False
    return bool(moment.state.verifications) or "verification_asked" not in heard


def _yes_turn(moment: Moment, rules: DispatchRules, heard: dict[str, str]) -> str | None:
    """The customer's turn that says yes after they knew what must be known before; None when there is none."""
    needed = [[heard[cue] for cue in cues if cue in heard] for cues in cues_before_yes(rules)]
    if not all(needed):
        return None
    turns = [*moment.state.turns.values(), moment.turn]
    place = {turn.turn_id: i for i, turn in enumerate(turns)}
    known_at = max(min(place[turn_id] for turn_id in spoken) for spoken in needed)
    return next((turn.turn_id for turn in turns[known_at + 1 :] if _agrees(moment, turn)), None)


def _agrees(moment: Moment, turn: Turn) -> bool:
    return turn.speaker == "customer" and moment.desk.gates.reply(turn.text, moment.language) is True


def _consent(moment: Moment, rules: DispatchRules, heard: dict[str, str], yes: str) -> dict[str, Any]:
    elements = {element.id: next(heard[cue] for cue in element.cues if cue in heard) for element in rules.elements}
    return {
        "kind": DISPATCH,
        "given": True,
        "wording": None,
        "elements": {**elements, "yes": yes},
        "auth_level": moment.state.auth_level,
        "method": moment.state.channel,
        "turn_id": moment.turn.turn_id,
    }


def _card(moment: Moment, about: str, body: str) -> Card:
    return Card("alert", _TITLES[about].in_language(moment.language), body, about, "", (moment.turn.turn_id,))
