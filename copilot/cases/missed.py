"""Missed opportunities: an eligible action with positive expected value, or a promise, that did not happen.

There is no standard definition; types and value are those of the domain handbook, section 7.6. A policy that stands in
the way is its owner's matter, never the agent's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from copilot.store import Obligation

Type = Literal[
    "offer_not_presented",
    "offer_late",
    "wrong_offer",
    "upsell_need_ignored",
    "callback_missed",
    "arrangement_not_offered",
    "escalation_late",
    "repeat_not_owned",
    "policy_block",
]
POLICY_OWNER = "policy owner"


@dataclass(frozen=True)
class Missed:
    """One of them; `value` is the dEV of the decision at its time, zero where none was computed.

    Of a wrong offer it is what the right one was worth more than the best one presented.
    """

    type: Type
    call_id: str
    reports_to: str
    value: Decimal
    evidence: str


def missed_in(call: Mapping[str, Any]) -> list[Missed]:
    """What one call missed.

    Args:
        call: plain facts: `call_id, agent, best_offer {offer_id, dEV, ineligible_by_policy?}, shown: [offer_id],
            presented: [offer_id], worth {offer_id: dEV}, reasons, flags, escalated, arrangement_allowed,
            arrangement_offered, upsell_need, upsell_presented, contacts_on_issue, has_owner`; what is left out is
            not judged.
    """
    return list(_missed(call))


def missed_callbacks(obligations: Iterable[Obligation], *, now: datetime) -> list[Missed]:
    """Promises to customers whose time is over."""
    return [
        Missed("callback_missed", _call_of(each.source), each.owner, Decimal(0), each.what)
        for each in obligations
        if each.is_overdue(now) and each.source.startswith("call:")
    ]


def missed_json(each: Missed) -> dict[str, str]:
    """One of them in JSON types; money as text."""
    return {**vars(each), "value": str(each.value)}


def _call_of(source: str) -> str:
    call_id, _, turns = source.removeprefix("call:").rpartition("/")
    return call_id or turns


def _worth_of(presented: Iterable[str], call: Mapping[str, Any]) -> Decimal:
    """What the best of the presented offers was worth, zero where nobody knows."""
    worth = call.get("worth") or {}
    return max((Decimal(str(worth[each])) for each in presented if each in worth), default=Decimal(0))


def _missed(call: Mapping[str, Any]) -> Iterator[Missed]:
    call_id, agent = str(call["call_id"]), str(call.get("agent") or "agent")
    best = call.get("best_offer") or {}
    value = Decimal(str(best.get("dEV", "0")))
    presented = set(call.get("presented") or ())
    if best.get("blocked_by_policy") and value > 0:
        yield Missed("policy_block", call_id, POLICY_OWNER, value, str(best["blocked_by_policy"]))
    elif best.get("offer_id") and value > 0 and "presented" in call:
        if not presented:
            yield Missed("offer_not_presented", call_id, agent, value, str(best["offer_id"]))
        elif best["offer_id"] not in presented:
            evidence = f"{best['offer_id']}, not {', '.join(sorted(presented))}"
            yield Missed("wrong_offer", call_id, agent, value - _worth_of(presented, call), evidence)
        elif call.get("presented_after_no"):
            yield Missed("offer_late", call_id, agent, value, str(best["offer_id"]))
    if call.get("arrangement_allowed") and call.get("arrangement_offered") is False:
        yield Missed("arrangement_not_offered", call_id, agent, Decimal(0), "an arrangement was allowed")
    if call.get("upsell_need") and call.get("upsell_presented") is False:
        yield Missed("upsell_need_ignored", call_id, agent, Decimal(0), str(call["upsell_need"]))
    if call.get("flags") and call.get("escalated") is False:
        yield Missed("escalation_late", call_id, agent, Decimal(0), ", ".join(call["flags"]))
    if int(call.get("contacts_on_issue") or 0) >= 3 and not call.get("has_owner"):
        yield Missed("repeat_not_owned", call_id, "escalation", Decimal(0), f"{call['contacts_on_issue']} contacts")
