"""The agent names facts of the account, or details of calls, before the caller is verified that far."""

import re

from copilot.calls.cards import Card
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.sentences import sentences_of
from copilot.guard.verification import classify, is_unlocked, may_show, unaided_items
from knowledge.documents import Disclosure

CUE_OF: dict[Disclosure, str] = {"account": "unverified_account", "call_detail": "unverified_call_detail"}
SECRETS_GIVEN = ("[PIN]", "[PASSWORD]")
_TELLS_SECRET = re.compile(
    r"\b(?:your|su|tu)\s+(?:\w+\s+){0,2}?(?:pin|password|passcode|code|clave|contraseña|código|nip)\s+(?:\w+\s+){0,3}?"
    r"(?:is|was|will be|es|era|será)\b[^.?!]{0,30}\[(?:PIN|PASSWORD)\]",
    re.IGNORECASE,
)


def watch(moment: Moment) -> Noticed:
    """A flag, and the alert that says so; once a call for account facts, once for call details.

    Silent where the customer named the same item unaided, and where a PIN or code was given and nobody said that it
    was wrong: agents go on with "thank you". The gate itself waits for more than that.
    """
    rulebook, turn = moment.desk.rulebook, moment.turn
    if turn.speaker != "agent" or not rulebook.cpni:
        return Noticed()
    secret = _secret_told(moment)
    if secret is not None:
        return _noticed(moment, "account", secret)
    classed = classify(turn.text, rulebook, moment.language, benefit_of_doubt=True)
    is_open = may_show(classed.disclosure, moment.state.standing, rulebook).allowed
    if is_open or CUE_OF[classed.disclosure] in moment.state.cue_ids or _was_answered(moment):
        return Noticed()
    told = _told(moment)
    if told is None:
        return Noticed()
    return _noticed(moment, *told)


def _secret_told(moment: Moment) -> str | None:
    """The words with which the agent names a PIN or password that the caller, not verified, has not given before."""
    told = _TELLS_SECRET.search(moment.turn.text)
    is_open = may_show("account", moment.state.standing, moment.desk.rulebook).allowed
    return None if told is None or is_open or _was_answered(moment) else told.group()


def _told(moment: Moment) -> tuple[Disclosure, str] | None:
    """The class and words of the first closed sentence that names more than the customer did."""
    rulebook, language = moment.desk.rulebook, moment.language
    unaided = unaided_items(moment.state.turns.values(), language)
    for sentence in sentences_of([moment.turn]):
        classed = classify(sentence.text, rulebook, language, benefit_of_doubt=True)
        if may_show(classed.disclosure, moment.state.standing, rulebook).allowed:
            continue
        if not is_unlocked(sentence.text, unaided, language):
            return classed.disclosure, classed.words
    return None


def _noticed(moment: Moment, disclosure: Disclosure, words: str) -> Noticed:
    desk, language, turn_id = moment.desk, moment.language, moment.turn.turn_id
    cue_id = CUE_OF[disclosure]
    if cue_id in moment.state.cue_ids:
        return Noticed()
    label = desk.rulebook.label("not_verified", language)
    title, body = desk.rulebook.warning("not_verified", language, f"“{words}”")
    raised = {"cue_id": cue_id, "kind": "flag", "label": label, "turn_id": turn_id, "words": words}
    flag = {"flag": cue_id, "severity": "high", "route": "privacy", "turn_id": turn_id}
    card = Card("alert", title, body, cue_id, f"“{words}”", (turn_id,))
    return Noticed((Reaction("cue.raised", raised), Reaction("alert.raised", flag)), (card,))


def _was_answered(moment: Moment) -> bool:
    """Whether a PIN or a code was given since the last failure."""
    turns = moment.state.turns
    failed = [verified.turn_id for verified in moment.state.verifications if verified.result == "failed"]
    places = list(turns)
    since = places.index(failed[-1]) + 1 if failed and failed[-1] in turns else 0
    later = (turns[turn_id] for turn_id in places[since:])
    return any(turn.speaker == "customer" and any(mask in turn.text for mask in SECRETS_GIVEN) for turn in later)
