"""Whether the caller is verified, as the agent says it, and how far the method it was done by carries."""

from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.state import AuthLevel
from copilot.calls.verifying import step_up_card
from copilot.calls.watchers.third_party import speaks_for_another
from copilot.guard.verification import LEVELS, higher, lower
from knowledge.phrases import plain_words
from knowledge.rules.verification import Method

TURNS_TO_ANSWER = 6


def watch(moment: Moment) -> Noticed:
    """A change of the verification level, when the agent says that it was passed or failed.

    What a customer, a system or somebody unknown says passes nothing.
    """
    if "verification_failed" in moment.heard_ids:
        return _failed(moment)
    passed = "verification_passed" in moment.heard_ids and moment.turn.speaker == "agent"
    return _passed(moment) if passed and _was_just_asked(moment) else Noticed()


def _failed(moment: Moment) -> Noticed:
    turn_id = moment.turn.turn_id
    card = step_up_card(moment.state, moment.desk, moment.language, (turn_id,))
    body = {"level": "none", "result": "failed", "turn_id": turn_id}
    return Noticed((Reaction("auth.changed", body),), (card,) if card else ())


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
