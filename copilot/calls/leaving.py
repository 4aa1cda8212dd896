"""How a call about leaving stands: what was asked, offered, answered and done, read off its events."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, takewhile
from typing import Any

from copilot.calls.desk import Desk
from copilot.calls.state import CallState
from copilot.guard.save_attempts import OfferGate, Permission, Standing, may_offer
from knowledge.rules.save_rules import SaveRule

SAVE_OFFER = "save_offer"  # kind of consent: whether the customer wants to hear an offer
AGENT_TURNS_TO_ANSWER = 2  # a yes that comes later answers something else
DISCLOSURE = "offer_disclosure"  # cue: the words that must come before an offer were spoken


@dataclass(frozen=True)
class Leaving:
    """One call against the rule that reaches its customer."""

    rule: SaveRule
    standing: Standing
    gate: OfferGate
    cancel_turn: str | None  # the turn of the request to cancel; None before there was one
    has_open_attempt: bool  # an offer was made and not answered yet
    is_settled: bool  # the customer took an offer and stays


def leaving_of(state: CallState, desk: Desk, day: date, **known: Any) -> Leaving | None:
    """How the call stands; `known` are fields of Standing that the turn at hand adds. None without save rules."""
    rule, rules = desk.gates.save_rule(desk.customer(state.customer_id), day), desk.gates.save_rules
    if rule is None or rules is None:
        return None
    cancel = state.first_heard.get("cancel_intent")
    last = state.attempts[max(state.attempts)] if state.attempts else {}
    standing = replace(_standing(state, desk, cancel), **known)
    limit = desk.gates.head.house.max_save_attempts
    return Leaving(
        rule=rule,
        standing=standing,
        gate=may_offer(rule, standing, house_limit=limit, permission_question=rules.permission_question),
        cancel_turn=cancel,
        has_open_attempt=bool(last) and "outcome" not in last,
        is_settled=last.get("outcome") == "accepted" and standing.permission != "refused",
    )


def summary_of(state: CallState, desk: Desk, day: date, language: str) -> Mapping[str, Any] | None:
    """The save attempts as `GET /v1/calls/{id}` tells them; None for a pack without save rules."""
    leaving = leaving_of(state, desk, day)
    if leaving is None:
        return None
    gate = leaving.gate
    return {
        "rule_id": gate.rule_id,
        "left": gate.left,
        "made": gate.made,
        "may_offer": gate.may_offer,
        "why_not": list(gate.why_not),
        "must_say_first": [words.in_language(language) for words in gate.must_say_first],
    }


def is_after(state: CallState, turn_id: str, other: str) -> bool:
    """Whether one turn of the call came after another."""
    return state.turn_seq.get(turn_id, 0) > state.turn_seq.get(other, 0)


def permission_is_open(state: CallState) -> bool:
    """Whether the agent asked leave to name an offer a moment ago, and no answer was understood yet."""
    asked, answered = _last_turn(state, "permission_asked"), _last_answer(state)
    if asked is None:
        return False
    spoken = (turn.turn_id for turn in reversed(state.turns.values()) if turn.speaker == "agent")
    is_last = asked in islice(spoken, AGENT_TURNS_TO_ANSWER)
    return is_last and (answered is None or is_after(state, asked, answered["turn_id"]))


def _standing(state: CallState, desk: Desk, cancel: str | None) -> Standing:
    heard = state.cue_ids
    answer = _last_answer(state)
    record = desk.customer(state.customer_id).get("flags")
    known = {name for name, value in record.items() if value is True} if isinstance(record, Mapping) else set()
    done = _last_turn(state, "cancellation_done")
    return Standing(
        requested=cancel is not None,
        made=len(state.attempts),
        completed=cancel is not None and done is not None and is_after(state, done, cancel),
        disclosure_read=DISCLOSURE in heard,
        permission=_permission(state, answer),
        invited=answer is not None and answer["given"] and _is_unmet_request(state, answer),
        flags=tuple(flag for flag in desk.gates.stopping_flags if flag in heard or flag in known),
    )


def _permission(state: CallState, answer: Mapping[str, Any] | None) -> Permission:
    if answer is not None:
        return "given" if answer["given"] else "refused"
    asked = _last_turn(state, "permission_asked")
    has_replied = asked is not None and any(
        turn.speaker != "agent"
        for turn in takewhile(lambda turn: is_after(state, turn.turn_id, asked), reversed(state.turns.values()))
    )
    return "unclear" if has_replied else "not_asked"


def _is_unmet_request(state: CallState, answer: Mapping[str, Any]) -> bool:
    """Whether the customer asked for an offer, and none was made since."""
    since = (attempt["turn_id"] for attempt in state.attempts.values())
    return answer.get("by") == "request" and not any(is_after(state, made, answer["turn_id"]) for made in since)


def _last_answer(state: CallState) -> Mapping[str, Any] | None:
    return next((body for body in reversed(state.consents) if body["kind"] == SAVE_OFFER), None)


def _last_turn(state: CallState, cue_id: str) -> str | None:
    if cue_id not in state.cue_ids:  # most of the time; the cues of a long call are many
        return None
    return next(cue.turn_id for cue in reversed(state.cues) if cue.cue_id == cue_id)
