"""Save-attempt law: which rule reaches a customer who wants to leave, and whether an offer may be named now.

Pure functions over plain values; the rules are data (save_rules.yaml), and no model opens this gate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.rules.base import Segment, Words
from knowledge.rules.save_rules import Obstruction, SaveRule, SaveRulesFile

Permission = Literal["not_asked", "unclear", "given", "refused"]

FORBIDDEN = "forbidden_until_cancellation_complete"
SAID_NO = "customer_said_no"
NONE_LEFT = "no_attempts_left"
DISCLOSURE_FIRST = "say_disclosure_first"
PERMISSION_FIRST = "ask_permission_first"
PERMISSION_UNCLEAR = "permission_unclear"
FLAG = "flag:"  # and the id of the flag that stops offers


@dataclass(frozen=True)
class Leaver:
    """What decides which rule reaches a customer; the defaults are those of somebody we know nothing about."""

    state: str | None = None  # postal code, e.g. "CA"
    segment: Segment = "home"
    service_regulated: bool = True
    online_sale: bool = False
    contract_from: date | None = None  # the day it was made, amended or last extended


@dataclass(frozen=True)
class Standing:
    """How far a call about leaving has come."""

    requested: bool = True  # the customer asked to cancel; before that, save-attempt law does not hold yet
    made: int = 0  # save attempts so far
    completed: bool = False  # the cancellation is done
    disclosure_read: bool = False
    permission: Permission = "not_asked"
    invited: bool = False  # the customer asked for an offer of their own accord
    flags: tuple[str, ...] = ()  # red flags that stop offers


@dataclass(frozen=True)
class OfferGate:
    """Whether an offer may be named now; `why_not` holds codes, `must_say_first` the words that would open the gate."""

    rule_id: str
    made: int
    left: int
    may_offer: bool
    why_not: tuple[str, ...]
    must_say_first: tuple[Words, ...]


def rule_for(rules: SaveRulesFile, leaver: Leaver, day: date, *, unknown_state: str | None = None) -> SaveRule:
    """The rule that reaches the customer on this day, complete.

    Args:
        rules: the pack's save_rules.yaml.
        leaver: what is known of the customer.
        day: of the call.
        unknown_state: the state whose rule holds when the customer's is not known (pack.toml,
            house.conservative_default_state); None: the rules of the whole country alone.
    """
    return rules.rule_for(
        leaver.state or unknown_state or "",
        leaver.segment,
        day,
        service_regulated=leaver.service_regulated,
        online_sale=leaver.online_sale,
        contract_from=leaver.contract_from,
    )


def attempts_left(rule: SaveRule, standing: Standing, *, house_limit: int) -> int:
    """How many save attempts are left, 0 or more.

    Where the law forbids offers until the cancellation is complete, and lets one ask afterwards, the house's limit
    holds from then on.
    """
    limit = house_limit if rule.max_save_attempts is None else min(rule.max_save_attempts, house_limit)
    if rule.save_offer == FORBIDDEN:
        limit = house_limit if standing.completed and rule.may_ask_after_completion else 0
    return max(0, limit - standing.made)


def may_offer(rule: SaveRule, standing: Standing, *, house_limit: int, permission_question: Words) -> OfferGate:
    """Whether a save offer may be named now, why not, and what must be said first.

    Args:
        rule: from `rule_for`.
        standing: what has happened in the call.
        house_limit: most save attempts in a call (pack.toml, house.max_save_attempts); a rule may allow fewer.
        permission_question: how to ask (save_rules.yaml).
    """
    closed = _closed(rule, standing, attempts_left(rule, standing, house_limit=house_limit))
    first = {} if closed else _to_say_first(rule, standing, permission_question)
    why_not = (*closed, *first)
    return OfferGate(
        rule_id=rule.id,
        made=standing.made,
        left=0 if closed else attempts_left(rule, standing, house_limit=house_limit),
        may_offer=not why_not,
        why_not=why_not,
        must_say_first=tuple(first.values()),
    )


def _closed(rule: SaveRule, standing: Standing, left: int) -> tuple[str, ...]:
    """What no words of the agent can change."""
    is_forbidden = rule.save_offer == FORBIDDEN and not (standing.completed and rule.may_ask_after_completion)
    codes = [f"{FLAG}{flag}" for flag in standing.flags]
    codes += [SAID_NO] if standing.permission == "refused" else []
    if not standing.requested:
        return tuple(codes)
    codes += [FORBIDDEN] if is_forbidden else []
    # One attempt too many is ours; an offer the customer asks for is not an attempt to hold them.
    codes += [NONE_LEFT] if left == 0 and not is_forbidden and not standing.invited else []
    return tuple(codes)


def _to_say_first(rule: SaveRule, standing: Standing, permission_question: Words) -> dict[str, Words]:
    first: dict[str, Words] = {}
    if not standing.requested:
        return first
    if rule.disclosure_before_offer is not None and not standing.disclosure_read:
        first[DISCLOSURE_FIRST] = rule.disclosure_before_offer
    if rule.permission_first and standing.permission != "given":
        code = PERMISSION_UNCLEAR if standing.permission == "unclear" else PERMISSION_FIRST
        first[code] = permission_question
    return first


@dataclass(frozen=True)
class Counted:
    """What was counted since the customer asked to cancel."""

    transfers: int = 0
    longest_hold_s: float = 0
    pitches: int = 0
    reasons_asked: int = 0


def obstruction_signs(signs: Sequence[Obstruction], counted: Counted) -> list[Obstruction]:
    """The signs of the pack that leaving is being made hard: those counted above what is allowed."""
    counts: dict[str, float] = {
        "transfer_after_cancel": counted.transfers,
        "hold_after_cancel": counted.longest_hold_s,
        "pitch": counted.pitches,
        "reason_asked": counted.reasons_asked,
    }
    return [sign for sign in signs if counts[sign.event] > sign.allowed]
