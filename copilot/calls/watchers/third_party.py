"""Somebody who speaks for the account holder counts as unverified unless an authorised-user record names them."""

from copilot.calls.cards import Card
from copilot.calls.desk import Desk
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.state import CallState
from copilot.guard.verification import lower
from knowledge.phrases import plain_words

CUE = "third_party_caller"


def watch(moment: Moment) -> Noticed:
    """The next step, once, when a caller says that they are not the customer.

    A caller verified before falls back to "identified"; what was shown stays shown.
    """
    state = moment.state
    if (
        CUE not in moment.heard_ids
        or not moment.desk.rulebook.cpni
        or _is_authorised(state, moment.desk, moment.turn.text)
    ):
        return Noticed()
    turn_id = moment.turn.turn_id
    title, body = moment.desk.rulebook.warning("third_party", moment.language)
    card = Card("next_step", title, body, CUE, f"“{_words(moment)}”", (turn_id,))
    if lower(state.auth_level, "identified") == state.auth_level:
        return Noticed(cards=(card,))
    changed = {"level": "identified", "result": "asked", "turn_id": turn_id, "method": None}
    return Noticed((Reaction("auth.changed", changed),), cards=(card,))


def speaks_for_another(state: CallState, desk: Desk) -> bool:
    """Whether the caller said so, and no authorised user of the customer gave their name."""
    return desk.rulebook.cpni and CUE in state.cue_ids and not _is_authorised(state, desk)


def _is_authorised(state: CallState, desk: Desk, now: str = "") -> bool:
    names = [plain_words(name) for name in desk.authorised_users(state.customer_id)]
    if not names:
        return False
    said = [turn.text for turn in state.turns.values() if turn.speaker == "customer"]
    return any(name in plain_words(text) for text in (*said, now) for name in names)


def _words(moment: Moment) -> str:
    return next(cue.words for cue in moment.heard if cue.cue.id == CUE)
