"""Save attempts: the gate card of a request to cancel, each offer spoken after it, the customer's answer to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from copilot.calls.cards import Card
from copilot.calls.gate_cards import gate_card, offer_card, steps_card
from copilot.calls.leaving import DISCLOSURE, SAVE_OFFER, Leaving, is_after, leaving_of, permission_is_open
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.offer_words import named_offer
from copilot.calls.offering import known_offers
from copilot.guard.save_attempts import FLAG, FORBIDDEN
from copilot.guard.spoken_line import is_spoken
from copilot.transcript import Turn

Outcome = Literal["accepted", "refused", "stopped"]
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


def watch(moment: Moment) -> Noticed:
    """What a call about leaving needs to be told, and what it leaves in the log."""
    leaving = leaving_of(moment.state, moment.desk, moment.on)
    if leaving is None:
        return Noticed()
    if moment.turn.speaker == "agent":
        return _agent_spoke(moment, leaving) if leaving.cancel_turn else _pitched(moment, leaving)
    if moment.turn.speaker in ("customer", "unknown"):
        return _customer_spoke(moment, leaving)
    return Noticed()


def new_pitch(moment: Moment, leaving: Leaving) -> int | None:
    """Number of the save attempt that this turn of the agent begins; None when it begins none."""
    if leaving.cancel_turn is None or leaving.is_settled or leaving.has_open_attempt:
        return None
    return len(moment.state.attempts) + 1 if _offer_at(moment) is not None else None


# -- the agent


def _agent_spoke(moment: Moment, leaving: Leaving) -> Noticed:
    raised = _lines_spoken(moment, leaving)
    number = new_pitch(moment, leaving)
    if number is None:
        return Noticed(raised, _asked_too_early(moment, leaving))
    offer_at = _offer_at(moment) or 0
    was_read = leaving.standing.disclosure_read or _disclosure_spoken(leaving, _up_to(moment, offer_at), moment)
    now = leaving_of(moment.state, moment.desk, moment.on, disclosure_read=was_read) or leaving
    heard = next((cue.words for cue in moment.heard if cue.cue.id == "offer_presented"), "")
    shown = Reaction("offer.shown", _attempt(moment, now, number, heard))
    card = offer_card(now, moment.desk, moment.turn.turn_id, heard, moment.language)
    return Noticed((*raised, shown), (card,) if card else ())


def _pitched(moment: Moment, leaving: Leaving) -> Noticed:
    """Nobody asked to cancel: an offer is spoken too early only where a flag stops offers."""
    if not any(code.startswith(FLAG) for code in leaving.gate.why_not) or _offer_at(moment) is None:
        return Noticed()
    heard = next(cue.words for cue in moment.heard if cue.cue.id == "offer_presented")
    card = offer_card(leaving, moment.desk, moment.turn.turn_id, heard, moment.language)
    return Noticed(cards=(card,) if card else ())


def _attempt(moment: Moment, leaving: Leaving, number: int, heard: str) -> dict[str, Any]:
    permission = {"given": True, "refused": False}.get(leaving.standing.permission)
    return {
        "attempt": number,
        "permission": permission,
        "disclosure_read": leaving.standing.disclosure_read,
        "offer_id": _named(moment.turn.text, moment),
        "words": heard,
        "turn_id": moment.turn.turn_id,
    }


def _asked_too_early(moment: Moment, leaving: Leaving) -> tuple[Card, ...]:
    """Where offers are forbidden until the cancellation is done, asking for leave is a save attempt, too."""
    if "permission_asked" not in moment.heard_ids or FORBIDDEN not in leaving.gate.why_not:
        return ()
    heard = next(cue.words for cue in moment.heard if cue.cue.id == "permission_asked")
    card = offer_card(leaving, moment.desk, moment.turn.turn_id, heard, moment.language)
    return (card,) if card else ()


def _lines_spoken(moment: Moment, leaving: Leaving) -> tuple[Reaction, ...]:
    """The pack's own lines as cues: the disclosure before an offer, and the permission question."""
    raised = []
    if not leaving.standing.disclosure_read and _disclosure_spoken(leaving, moment.turn.text, moment):
        raised.append(_raised(moment, DISCLOSURE, "disclosure read" if moment.language != "es" else "aviso leído"))
    rules = moment.desk.gates.save_rules
    if rules and "permission_asked" not in moment.heard_ids:
        cue = moment.desk.cue_reader.by_id.get("permission_asked")
        if cue and is_spoken(rules.permission_question.in_language(moment.language), moment.turn.text):
            raised.append(_raised(moment, cue.id, cue.label.get(moment.language, cue.label["en"])))
    return tuple(raised)


def _disclosure_spoken(leaving: Leaving, text: str, moment: Moment) -> bool:
    line = leaving.rule.disclosure_before_offer
    return line is not None and is_spoken(line.in_language(moment.language), text)


def _raised(moment: Moment, cue_id: str, label: str) -> Reaction:
    body = {"cue_id": cue_id, "kind": "event", "label": label, "turn_id": moment.turn.turn_id, "words": ""}
    return Reaction("cue.raised", body)


def _offer_at(moment: Moment) -> int | None:
    """The sentence of the turn that names an offer, from 0; a sentence that asks for leave to name one does not."""
    if "offer_presented" not in moment.heard_ids:
        return None
    reader = moment.desk.cue_reader
    for place, sentence in enumerate(_sentences(moment)):
        said = replace(moment.turn, text=sentence)
        names = reader.hears("offer_presented", said, moment.language)
        if names and not reader.hears("permission_asked", said, moment.language):
            return place
    return None


def _sentences(moment: Moment) -> list[str]:
    return _SENTENCE_END.split(moment.turn.text)


def _up_to(moment: Moment, place: int) -> str:
    return " ".join(_sentences(moment)[: place + 1])


# -- the customer


@dataclass(frozen=True)
class _Reply:
    """What a turn of the customer says to the matter of leaving."""

    stops: bool  # a stop phrase of the pack, or "just cancel"
    repeats: bool  # asks to cancel once more
    answer: bool | None  # yes or no, at the beginning of the turn
    asks: bool  # for an offer


def _customer_spoke(moment: Moment, leaving: Leaving) -> Noticed:
    if leaving.cancel_turn is None and "cancel_intent" not in moment.heard_ids:
        return Noticed()
    reply = _read(moment, leaving)
    if leaving.cancel_turn is None:
        return _asked_to_cancel(moment, leaving, reply)
    if leaving.is_settled and not reply.stops:
        return Noticed()
    was_asked = permission_is_open(moment.state)
    if reply.stops or (reply.repeats and (was_asked or moment.state.attempts)):
        return _ended(moment, leaving, by="stop")
    if was_asked and reply.answer is False:
        return _ended(moment, leaving, by="answer")
    return Noticed(*_wants(moment, leaving, reply, was_asked=was_asked))


def _wants(
    moment: Moment, leaving: Leaving, reply: "_Reply", *, was_asked: bool
) -> tuple[tuple[Reaction, ...], tuple[Card, ...]]:
    """What a reply that is no clear no says to the offers of the agent."""
    if was_asked and reply.answer is True:
        return (_wish(moment, True, "answer"),), ()
    if leaving.has_open_attempt and (_hears(moment, "offer_refused") or _declines_offer(moment, reply)):
        return (_outcome(moment, "refused"),), _steps(moment, leaving)
    if leaving.has_open_attempt and _hears(moment, "offer_accepted"):
        return (_outcome(moment, "accepted"),), ()
    if reply.asks:
        return (_wish(moment, True, "request"),), ()
    return (), _steps(moment, leaving) if reply.repeats else ()


def _read(moment: Moment, leaving: Leaving) -> _Reply:
    gates, turn, language = moment.desk.gates, moment.turn, moment.language
    ends = bool(leaving.rule.stop_phrases_end_attempt)
    answer = gates.reply(turn.text, language)
    phrase = gates.says_stop(turn.text, language) and not (answer is False and _answers_other_question(moment))
    return _Reply(
        stops=ends and (phrase or _hears(moment, "just_cancel")),
        repeats=leaving.cancel_turn is not None and _hears(moment, "cancel_intent"),
        answer=answer,
        asks=_hears(moment, "offer_wanted"),
    )


def _asked_to_cancel(moment: Moment, leaving: Leaving, reply: _Reply) -> Noticed:
    """The first request: the gate card; with the steps at once when it comes with a clear no to offers."""
    heard = next(cue.words for cue in moment.heard if cue.cue.id == "cancel_intent")
    turn_id, language = moment.turn.turn_id, moment.language
    flags = leaving.standing.flags + tuple(
        cue.cue.id for cue in moment.heard if cue.cue.id in moment.desk.gates.stopping_flags
    )
    known: Mapping[str, Any] = {"requested": True, "flags": tuple(dict.fromkeys(flags))}
    if reply.stops and moment.turn.speaker == "customer":
        now = leaving_of(moment.state, moment.desk, moment.on, permission="refused", **known) or leaving
        alerts = (gate_card(now, moment.desk, turn_id, heard, language), *_steps(moment, leaving))
        return Noticed((_wish(moment, False, "stop"),), alerts)
    now = leaving_of(moment.state, moment.desk, moment.on, **known) or leaving
    wishes = (_wish(moment, True, "request"),) if reply.asks else ()
    return Noticed(wishes, (gate_card(now, moment.desk, turn_id, heard, language),))


def _ended(moment: Moment, leaving: Leaving, *, by: str) -> Noticed:
    """A clear no: it ends the attempt, and from here the cancellation is processed."""
    outcome = (_outcome(moment, "stopped" if by == "stop" else "refused"),) if leaving.has_open_attempt else ()
    is_new = leaving.standing.permission != "refused"
    return Noticed((*((_wish(moment, False, by),) if is_new else ()), *outcome), _steps(moment, leaving))


def _steps(moment: Moment, leaving: Leaving) -> tuple[Card, ...]:
    rules = moment.desk.gates.save_rules
    if rules is None or leaving.standing.completed:
        return ()
    return (steps_card(rules, leaving.rule, moment.turn.turn_id, moment.language),)


def _wish(moment: Moment, given: bool, by: str) -> Reaction:
    """Whether the customer wants to hear an offer; `by`: an answer, a stop phrase, or a request of their own."""
    body = {"kind": SAVE_OFFER, "given": given, "wording": None, "by": by, "turn_id": moment.turn.turn_id}
    return Reaction("consent.changed", body)


def _outcome(moment: Moment, outcome: Outcome) -> Reaction:
    attempts = moment.state.attempts
    number = max(attempts)
    body = {"attempt": number, "offer_id": _named_since(attempts[number], moment), "outcome": outcome}
    return Reaction("offer.outcome", {**body, "turn_id": moment.turn.turn_id})


def _named(text: str, moment: Moment) -> str | None:
    """The id of the offer an agent names, among those that were decided to be possible; None when that is unclear."""
    named = named_offer(text, known_offers(moment.state.advised), moment.language)
    return str(named.offer["offer_id"]) if named else None


def _named_since(attempt: Mapping[str, Any], moment: Moment) -> str | None:
    """The offer the agent named last in an attempt: it may go on to another before the customer answers."""
    known: str | None = attempt["offer_id"]
    for turn in moment.state.turns.values():
        if turn.speaker == "agent" and is_after(moment.state, turn.turn_id, attempt["turn_id"]):
            known = _named(turn.text, moment) or known
    return known


def _answers_other_question(moment: Moment) -> bool:
    """Whether the agent just asked something that was no offer: "no, thanks" to "anything else?" ends nothing."""
    last = _last_agent_turn(moment)
    if last is None:
        return False
    raised = {cue.cue_id for cue in moment.state.cues if cue.turn_id == last.turn_id}
    is_question = "?" in last.text or moment.desk.cue_reader.hears("closing", last, moment.language)
    return is_question and not raised & {"permission_asked", "offer_presented"}


def _last_agent_turn(moment: Moment) -> Turn | None:
    return next((turn for turn in reversed(moment.state.turns.values()) if turn.speaker == "agent"), None)


def _declines_offer(moment: Moment, reply: _Reply) -> bool:
    """Whether this is a no to an offer that the agent named in the turn just before."""
    if reply.answer is not False:
        return False
    last = _last_agent_turn(moment)
    return last is not None and any(
        cue.cue_id == "offer_presented" and cue.turn_id == last.turn_id for cue in moment.state.cues
    )


def _hears(moment: Moment, cue_id: str) -> bool:
    return moment.desk.cue_reader.hears(cue_id, moment.turn, moment.language)
