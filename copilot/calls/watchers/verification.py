"""Whether the caller is verified, as the agent says it, and how far the method it was done by carries."""

import re
from collections.abc import Sequence

from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.state import AuthLevel
from copilot.calls.verifying import step_up_card
from copilot.calls.watchers.third_party import speaks_for_another
from copilot.guard.verification import LEVELS, higher, lower
from copilot.transcript import Turn
from knowledge.phrases import plain_words
from knowledge.rules.verification import Method

TURNS_TO_ANSWER = 6
_SUMS_UP = re.compile(r"^(?:not|isnt|wasnt) .*verified")
_GIVEN = ("[PIN]", "[PASSWORD]", "[SSN]")  # the last proves nothing, and yet is asked for


def watch(moment: Moment) -> Noticed:
    """A change of the verification level, when the agent says that it was passed or failed.

    What a customer, a system or somebody unknown says passes nothing.
    """
    if _rejects_answer(moment) or ("verification_failed" in moment.heard_ids and not _is_told_again(moment)):
        return _failed(moment)
    passed = "verification_passed" in moment.heard_ids and moment.turn.speaker == "agent"
    return _passed(moment) if passed and _was_just_asked(moment) else Noticed()


def _failed(moment: Moment) -> Noticed:
    turn_id = moment.turn.turn_id
    card = step_up_card(moment.state, moment.desk, moment.language, (turn_id,))
    body = {"level": "none", "result": "failed", "turn_id": turn_id}
    return Noticed((Reaction("auth.changed", body),), (card,) if card else ())


def _rejects_answer(moment: Moment) -> bool:
    """Whether the agent turns down the secret just given: "not right" means something else at other times."""
    is_rejected = moment.heard_ids & {"answer_rejected", "verification_failed"}
    last = next(reversed(moment.state.turns.values()), None)
    return bool(is_rejected) and moment.turn.speaker == "agent" and last is not None and _gives(last, _GIVEN)


def _is_told_again(moment: Moment) -> bool:
    """Whether "caller not verified" only sums up a failure that was counted: nothing was asked or given since."""
    if not any(cue.cue.id == "verification_failed" and _SUMS_UP.search(cue.words) for cue in moment.heard):
        return False
    failed = next((past for past in reversed(moment.state.verifications) if past.result == "failed"), None)
    if failed is None or failed.turn_id is None:
        return False
    places = list(moment.state.turns)
    since = places[places.index(failed.turn_id) + 1 :]
    was_asked = any(cue.cue_id == "verification_asked" and cue.turn_id in since for cue in moment.state.cues)
    return not was_asked and not any(_gives(moment.state.turns[turn_id], _GIVEN[:2]) for turn_id in since)


def _gives(turn: Turn, marks: Sequence[str]) -> bool:
    return turn.speaker in ("customer", "unknown") and any(mark in turn.text for mark in marks)


def _passed(moment: Moment) -> Noticed:
    method, reaches = _method_and_reach(moment)
    if speaks_for_another(moment.state, moment.desk):
        reaches = lower(reaches, "identified")
    level = higher(moment.state.auth_level, reaches)
    body = {"level": level, "result": "passed", "turn_id": moment.turn.turn_id, "method": method}
    return Noticed((Reaction("auth.changed", body),))


def _method_and_reach(moment: Moment) -> tuple[str | None, AuthLevel]:
    """The method named last, and how far it carries; of several named at once the one that carries least."""
    rulebook = moment.desk.rulebook
    recent = [*list(moment.state.turns.values())[-TURNS_TO_ANSWER:], moment.turn]
    proves_nothing = False
    for turn in reversed(recent):
        if turn.speaker != "agent":
            continue
        plain = plain_words(turn.text)
        named = rulebook.methods_in(plain, moment.language)
        if named:
            weakest = min(named, key=_reach)
            return weakest.id, weakest.reaches
        proves_nothing = proves_nothing or bool(rulebook.no_proof_in(plain, moment.language))
    return None, "identified" if proves_nothing and rulebook.cpni else rulebook.rules.unnamed_method_reaches


def _reach(method: Method) -> int:
    return LEVELS.index(method.reaches)


def _was_just_asked(moment: Moment) -> bool:
    """Whether verification was asked for within the last few turns: "that's right" means something else later."""
    recent = list(moment.state.turns)[-TURNS_TO_ANSWER:]
    return any(cue.cue_id == "verification_asked" and cue.turn_id in recent for cue in moment.state.cues)
