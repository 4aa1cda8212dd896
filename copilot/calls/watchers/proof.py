"""The agent asks for something as proof that proves nothing, or lets a hint rest on it."""

from copilot.calls.cards import Card
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.guard.verification import wrong_hint, wrong_proof
from knowledge.rules.verification import NoProof, WarningName


def watch(moment: Moment) -> Noticed:
    """The alert that tells what to ask for instead; once for each thing that proves nothing."""
    rulebook, turn, language = moment.desk.rulebook, moment.turn, moment.language
    if turn.speaker != "agent" or not rulebook.cpni:
        return Noticed()
    hint = wrong_hint(turn.text, rulebook, language)
    if hint is not None:
        return _noticed(moment, "hint", hint)
    proof = wrong_proof(turn.text, moment.state.standing, rulebook, language)
    return _noticed(moment, "no_proof", proof) if proof is not None else Noticed()


def _noticed(moment: Moment, warning: WarningName, item: NoProof) -> Noticed:
    turn_id, language, about = moment.turn.turn_id, moment.language, f"{warning}:{item.id}"
    if any(card["about"] == about for card in moment.state.cards):
        return Noticed()
    what = item.title.in_language(language)
    title, body = moment.desk.rulebook.warning(warning, language, what)
    flag = {"flag": warning, "severity": "medium", "route": "privacy", "turn_id": turn_id}
    return Noticed((Reaction("alert.raised", flag),), (Card("alert", title, body, about, what, (turn_id,)),))
