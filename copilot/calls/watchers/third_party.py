"""Somebody who speaks for the account holder counts as unverified unless an authorised-user record names them."""

from copilot.calls.cards import Card
from copilot.calls.desk import Desk
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.state import CallState
from copilot.guard.verification import lower
from knowledge.phrases import plain_words

CUE = "third_party_caller"


def watch(moment: Moment) -> Noticed:
    """The next step, once, when a caller says that they are not the customer; a script comes first, then it follows.

    A caller verified before falls back to "identified"; what was shown stays shown.
    """
    state, is_new = moment.state, CUE in moment.heard_ids
    if not is_new and (CUE not in state.cue_ids or any(card["about"] == CUE for card in state.cards)):
        return Noticed()
    if not moment.desk.rulebook.cpni or _is_authorised(state, moment.desk, moment.turn.text):
        return Noticed()
    cards = () if is_new and _has_script(moment) else (_card(moment),)
    if not is_new or lower(state.auth_level, "identified") == state.auth_level:
        return Noticed(cards=cards)
    changed = {"level": "identified", "result": "asked", "turn_id": moment.turn.turn_id, "method": None}
    return Noticed((Reaction("auth.changed", changed),), cards=cards)


def speaks_for_another(state: CallState, desk: Desk) -> bool:
    """Whether the caller said so, and no authorised user of the customer gave their name."""
    return desk.rulebook.cpni and CUE in state.cue_ids and not _is_authorised(state, desk)


def _is_authorised(state: CallState, desk: Desk, now: str = "") -> bool:
    names = [plain_words(name) for name in desk.authorised_users(state.customer_id)]
    if not names:
        return False
    said = [turn.text for turn in state.turns.values() if turn.speaker == "customer"]
    return any(name in plain_words(text) for text in (*said, now) for name in names)


def _card(moment: Moment) -> Card:
    title, body = moment.desk.rulebook.warning("third_party", moment.language)
    heard = [(cue.words, moment.turn.turn_id) for cue in moment.heard if cue.cue.id == CUE]
    heard += [(cue.words, cue.turn_id) for cue in moment.state.cues if cue.cue_id == CUE]
    words, turn_id = heard[0]
    return Card("next_step", title, body, CUE, f"“{words}”", (turn_id,))


def _has_script(moment: Moment) -> bool:
    """Whether this turn brings up a script, which cannot wait: its cue is heard only now."""
    state, desk = moment.state, moment.desk
    jurisdictions = desk.jurisdictions_of(state.customer_id)
    before = state.cue_ids - moment.heard_ids
    found = desk.script_for(
        moment.heard_ids, before, language=moment.language, jurisdictions=jurisdictions, on=moment.on
    )
    return found is not None and all(card["about"] != found[0].doc_id for card in state.cards)
