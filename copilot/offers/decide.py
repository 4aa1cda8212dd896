"""Decides what may be offered: gates, then every rule of every offer, then the value; "no offer" is a choice, too.

The same record, call, rules and day always give the same decisions: nothing here reads a clock, a store or chance.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from copilot.customer import CustomerRecord
from copilot.offers.approval import NeededApproval, lowest_role, needed_approval
from copilot.offers.concession import concession_of, monthly_charges
from copilot.offers.economics import NOTHING, Outlook, Value, margins, monthly_rate, value_of
from copilot.offers.facts import Book, CallContext, facts_of
from copilot.offers.rules import Question, RuleResult, judge, offer_facts, tested
from copilot.offers.wording import spoken
from knowledge.conditions import FactValue
from knowledge.rules.offers import Gate, Offer, ReasonLevers

NO_OFFER = "NO_OFFER"
_SHARES = 10_000


@dataclass(frozen=True)
class Odds:
    """How likely a customer stays, without and with an offer, and whether that was counted or assumed.

    `n` is how many outcomes were counted; below the pack's minimum the assumption stands and `label` says "no data".
    """

    stays_without: Decimal
    stays_with: Decimal
    label: str = "assumed: no data"
    n: int = 0


class Estimates(Protocol):
    """Where the odds come from."""

    def odds(self, offer_id: str, reason: str, tenure_months: int) -> Odds | None:
        """The counted odds; None where too few outcomes are known."""
        ...

    def as_rows(self) -> list[list[str]]:
        """All of it as texts, so that a decision can be stored with the odds it was made by."""
        ...


@dataclass(frozen=True)
class Decision:
    """One offer, decided: every rule with its values, the economics, who approves, and the words."""

    offer_id: str
    name: str
    offer_type: str
    eligible: bool
    rules: tuple[RuleResult, ...]
    value: Value
    odds: Odds
    margin_after: Decimal | None
    approval: NeededApproval
    terms: str
    say: str
    lever: int | None
    priority: int

    def as_json(self) -> dict[str, object]:
        """In the contract's form: money as texts, `reasons` the rules that decided."""
        decided_by = [rule for rule in self.rules if self.eligible or not rule.holds]
        return {
            "offer_id": self.offer_id,
            "name": self.name,
            "offer_type": self.offer_type,
            "eligible": self.eligible,
            "reasons": [f"{rule.rule}: {rule.says}" for rule in decided_by],
            **self.value.as_json(),
            "odds": {
                "stays_without_offer": str(self.odds.stays_without),
                "stays_with_offer": str(self.odds.stays_with),
                "label": self.odds.label,
                "n": self.odds.n,
            },
            "margin_after": None if self.margin_after is None else str(self.margin_after),
            "approval": self.approval.role,
            "approval_why": self.approval.why,
            "terms": self.terms,
            "say": self.say,
            "lever": self.lever,
            "derivation": [rule.as_json() for rule in self.rules],
        }


@dataclass(frozen=True)
class Evaluation:
    """All decisions of a customer at a moment: the eligible ones ranked, "no offer" among them, then the others."""

    customer_id: str
    reason: str
    tenure_months: int
    on: date
    gate: RuleResult | None
    instead: str | None
    gate_say: str
    advice: str
    ranked: tuple[Decision, ...]
    refused: tuple[Decision, ...]

    @property
    def best(self) -> Decision:
        """What to do: an offer, or none."""
        return self.ranked[0]

    def as_json(self) -> dict[str, object]:
        """For JSON."""
        return {
            "customer_id": self.customer_id,
            "reason": self.reason,
            "on": self.on.isoformat(),
            "gate": self.gate.as_json() if self.gate else None,
            "instead": self.instead,
            "say": self.gate_say,
            "advice": self.advice,
            "best": self.best.offer_id,
            "decisions": [decision.as_json() for decision in (*self.ranked, *self.refused)],
        }


@dataclass(frozen=True)
class Desk:
    """What an evaluation works with: the rules, and the odds counted so far."""

    book: Book
    estimates: Estimates | None = None


def evaluate(customer: CustomerRecord, call: CallContext, desk: Desk, on: date, *, language: str = "en") -> Evaluation:
    """Decide every offer of the pack for a customer.

    Args:
        customer: their record.
        call: reason, channel, verification, what the law of save attempts says.
        desk: the pack's rules, and the odds counted so far.
        on: the day of the decision.
        language: of the words, "en" or "es".
    """
    offers = desk.book.offers
    facts = facts_of(customer, call, desk.book, on)
    held_out = is_held_out(customer, facts, desk)
    gate = next((each for each in offers.gates if not tested(each, facts, offers).holds), None)
    levers = next((each for each in offers.reason_levers if each.reason == call.reason), None)
    decisions = [
        _decide(offer, customer, call, desk, on, facts, held_out=held_out, gate=gate, levers=levers, language=language)
        for offer in offers.offers
    ]
    eligible = [decision for decision in decisions if decision.eligible]
    nothing = _nothing(desk, language)
    order = _by_value if offers.choose == "best_value" else _by_priority
    refused = tuple(decision for decision in decisions if not decision.eligible)
    return Evaluation(
        customer_id=customer.customer_id,
        reason=call.reason,
        tenure_months=_tenure(facts),
        on=on,
        gate=tested(gate, facts, offers) if gate else None,
        instead=gate.otherwise if gate else None,
        gate_say=gate.say.in_language(language) if gate and gate.say else "",
        advice=levers.says.in_language(language) if levers else "",
        ranked=tuple(sorted([*eligible, nothing], key=order)),
        refused=refused,
    )


def is_held_out(customer: CustomerRecord, facts: dict[str, FactValue], desk: Desk) -> bool:
    """Whether a customer is in the share that gets no offer, so that uplift can be measured; the same on every call."""
    rails = desk.book.offers.guard_rails
    if "vulnerable" in rails.holdout_never_for and facts["customer.is_vulnerable"]:
        return False
    digest = hashlib.sha256(f"{desk.book.pack_name}|holdout|{customer.customer_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % _SHARES < rails.holdout_percent * _SHARES / 100


def outlook_of(customer: CustomerRecord, desk: Desk, odds: Odds) -> Outlook:
    """The assumptions of the pack for a customer's margin and these odds."""
    economics = desk.book.offers.economics
    return Outlook(
        margin=monthly_charges(customer) - customer.cost.variable_cost_monthly,
        monthly_survival=economics.monthly_survival,
        monthly_rate=monthly_rate(economics.annual_rate_percent),
        horizon_months=economics.horizon_months,
        stays_without_offer=odds.stays_without,
        stays_with_offer=odds.stays_with,
        contact_cost=economics.contact_cost,
    )


def _decide(
    offer: Offer,
    customer: CustomerRecord,
    call: CallContext,
    desk: Desk,
    on: date,
    facts: dict[str, FactValue],
    *,
    held_out: bool,
    gate: Gate | None,
    levers: ReasonLevers | None,
    language: str,
) -> Decision:
    book = desk.book
    given = concession_of(offer, customer, book.tariff, on)
    odds = _odds(offer, call.reason, facts, desk)
    value = value_of(given.monthly, given.upfront_cost, outlook_of(customer, desk, odds))
    horizon = book.offers.economics.horizon_months
    months = margins(given.price_now, customer.cost.variable_cost_monthly, given.margin_months(horizon))
    facts = offer_facts(facts, value, tuple(months))
    question = Question(offer, customer, call, book, on, facts, given, value, tuple(months), held_out)
    results = [*_pack_gates(offer, gate, levers, facts, desk), *judge(question)]
    known = [month for month in months if month is not None]
    return Decision(
        offer_id=offer.offer_id,
        name=offer.name.in_language(language),
        offer_type=offer.offer_type,
        eligible=all(result.holds for result in results),
        rules=tuple(results),
        value=value,
        odds=odds,
        margin_after=min(known, default=None),
        approval=needed_approval(offer, given, facts, book.offers, desk.book.ladder),
        terms=spoken(offer.terms, offer, given, language, book.offers.currency),
        say=spoken(offer.say, offer, given, language, book.offers.currency),
        lever=_lever(offer, levers),
        priority=offer.priority,
    )


def _odds(offer: Offer, reason: str, facts: dict[str, FactValue], desk: Desk) -> Odds:
    counted = desk.estimates and desk.estimates.odds(offer.offer_id, reason, _tenure(facts))
    economics = desk.book.offers.economics
    return counted or Odds(economics.stays_without_offer, economics.stays_with_offer)


def _tenure(facts: dict[str, FactValue]) -> int:
    months = facts["customer.tenure_months"]
    return months if isinstance(months, int) else 0


def _pack_gates(
    offer: Offer, gate: Gate | None, levers: ReasonLevers | None, facts: dict[str, FactValue], desk: Desk
) -> list[RuleResult]:
    results = []
    if gate is not None:
        found = tested(gate, facts, desk.book.offers)
        spared = offer.offer_type in gate.spares
        says = f"{found.says}; {'spared' if spared else gate.otherwise}"
        results.append(found._replace(holds=spared, says=says))
    if levers is not None and not levers.pitch:
        results.append(RuleResult("clean_exit", False, f"nothing is offered for {levers.reason}", {}))
    return results


def _lever(offer: Offer, levers: ReasonLevers | None) -> int | None:
    """The place of its type among the reason's levers, 1 the cheapest true fix; None when it is none of them."""
    types: Sequence[str] = levers.levers if levers else ()
    return types.index(offer.offer_type) + 1 if offer.offer_type in types else None


def _nothing(desk: Desk, language: str) -> Decision:
    economics = desk.book.offers.economics
    odds = Odds(economics.stays_without_offer, economics.stays_without_offer)
    says = "No ofrecer nada" if language == "es" else "Offer nothing"
    rule = RuleResult("no_offer", True, "saying nothing costs nothing", {})
    role = NeededApproval(lowest_role(desk.book.ladder), "nothing is given")
    return Decision(NO_OFFER, says, "none", True, (rule,), NOTHING, odds, None, role, "", "", None, 1_000_000)


def _by_value(decision: Decision) -> tuple[object, ...]:
    return -decision.value.gain, decision.lever or 99, decision.priority, decision.offer_id


def _by_priority(decision: Decision) -> tuple[object, ...]:
    """The policy's own order, whatever the expected gain: the policy has weighed that. "No offer" comes last."""
    return decision.offer_id == NO_OFFER, decision.priority, decision.lever or 99, decision.offer_id
