"""Offers for live calls: joins the decisions of `copilot.offers` to `copilot.calls`, which does not know them.

A decision takes some milliseconds, so it is made once for each occasion and remembered; it reads no clock and no store.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from threading import Lock
from time import monotonic
from typing import Any

from copilot.calls.offering import Occasion, Suggestion
from copilot.customer import CustomerRecord, customer_record
from copilot.errors import BadInput
from copilot.offers import NO_OFFER, Book, CountedEstimates, Decision, Desk, Evaluation
from copilot.offers.concession import Given, concession_of
from copilot.offers.exploring import pick
from copilot.offers.replay import decision_id_of, keep
from copilot.offers.requests import OffersAsked, book_of
from copilot.store import Decisions
from knowledge.pack import Pack
from knowledge.rules.dispositions import DispositionsFile
from knowledge.rules.offers import Offer, OffersFile

REMEMBERED = 2000
ESTIMATES_HOLD_S = 60.0  # outcomes are counted again for a call that begins later than this

Count = Callable[[OffersFile], CountedEstimates]
Records = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Decided:
    """A decision shown in a call, as it is to be stored."""

    asked: OffersAsked
    desk: Desk
    found: Evaluation


class PackOffers:
    """The offers of a pack for its customers; implements `OfferAdvice`. Safe to use from several threads.

    Args:
        book: the rules.
        customers: raw records by id; one that is not valid has no offers.
        count: counts outcomes, when a call begins; None where nothing is counted.
        explore: show an offer drawn by what is known of each, not always the best; the draw hangs on the call's id.
        involuntary: reasons for which customers are lost without wishing to leave.
    """

    def __init__(
        self,
        book: Book,
        customers: Records,
        *,
        count: Count | None = None,
        explore: bool = False,
        involuntary: frozenset[str] = frozenset(),
    ) -> None:
        self._book = book
        self._explore = explore
        self._count = count
        self._counted: CountedEstimates | None = None
        self._counted_at: float | None = None
        self._customers = dict(customers)
        self._records: dict[str, CustomerRecord | None] = {}
        self._answers: OrderedDict[Occasion, Suggestion | None] = OrderedDict()
        self._decided: OrderedDict[str, Decided] = OrderedDict()
        self._lock = Lock()
        self.reasons = book.answered_reasons
        self.clean_exits = frozenset(each.reason for each in book.offers.reason_levers if not each.pitch)
        self.lost_unwillingly = (involuntary & self.reasons) - self.clean_exits

    def knows(self, customer_id: str) -> bool:
        """Whether there is a valid record to decide by."""
        return self.record(customer_id) is not None

    def record(self, customer_id: str) -> CustomerRecord | None:
        """The record of a customer, parsed once; None when there is none, or it is not valid."""
        if customer_id not in self._records:
            raw = self._customers.get(customer_id)
            self._records[customer_id] = _parsed(raw) if raw is not None else None
        return self._records[customer_id]

    def add_customer(self, record: Mapping[str, Any]) -> None:
        """Know one more customer, or what is new of one; decisions made before stand in their calls."""
        with self._lock:
            self._customers[record["customer_id"]] = record
            self._records.pop(record["customer_id"], None)
            self._answers.clear()

    def refresh(self) -> None:
        """Count the outcomes again, when that was not done for a while."""
        now = monotonic()
        if self._count is None or (self._counted_at is not None and now < self._counted_at + ESTIMATES_HOLD_S):
            return
        self._counted_at, counted = now, self._count(self._book.offers)
        with self._lock:
            if self._counted is None or counted.as_rows() != self._counted.as_rows():
                self._answers.clear()
            self._counted = counted

    def suggest(self, occasion: Occasion) -> Suggestion | None:
        """The best offer that may be made on this occasion; None when there is none."""
        with self._lock:
            if occasion in self._answers:
                return self._answers[occasion]
        answer = self._suggest(occasion)
        with self._lock:
            _remember(self._answers, occasion, answer)
        return answer

    def store(self, decision_id: str, decisions: Decisions) -> bool:
        """Store a decision that was shown; False when this process does not remember it."""
        decided = self._decided.get(decision_id)
        if decided is None:
            return False
        keep(decisions, decided.asked, decided.desk, decided.found)
        return True

    def _suggest(self, occasion: Occasion) -> Suggestion | None:
        customer = self.record(occasion.customer_id)
        if customer is None:
            return None
        desk = Desk(self._book, self._counted)
        asked = asked_of(occasion, customer)
        found = asked.answer(desk, occasion.on)
        decision = self._chosen(found, occasion)
        held_back = None if decision else _held_back(found, occasion.not_again)
        chosen = decision or held_back
        if chosen is None:
            return None
        decision_id = decision_id_of(asked, desk, found)
        with self._lock:
            _remember(self._decided, decision_id, Decided(asked, desk, found))
        return self._suggestion(chosen, found, customer, decision_id, withheld=decision is None)

    def _chosen(self, found: Evaluation, occasion: Occasion) -> Decision | None:
        """The decision to show: one that gains, and was not refused in this call."""
        worth = [each for each in found.ranked if each.value.gain > 0 and each.offer_id != NO_OFFER]
        worth = [each for each in worth if each.offer_id not in occasion.not_again]
        if not worth:
            return None
        if self._explore and self._counted is not None:
            known = self._counted.shares(found.reason, found.tenure_months)
            drawn = pick(found, known, Random(f"{occasion.call_id}/{occasion.reason}"))  # noqa: S311 - no secret hangs on it
            return next((each for each in worth if each.offer_id == drawn), worth[0])
        return worth[0]

    def _suggestion(
        self, chosen: Decision, found: Evaluation, customer: CustomerRecord, decision_id: str, *, withheld: bool
    ) -> Suggestion:
        book = self._book
        lowest = book.ladder.roles[0].role if book.ladder else "agent"
        return Suggestion(
            decision_id=decision_id,
            offer={**self._figures(chosen, found, customer), **_economics(chosen)},
            say=chosen.say,
            terms=chosen.terms,
            advice=found.advice,
            approval=chosen.approval.role if chosen.approval.role != lowest else None,
            derivation=[rule.as_json() for rule in chosen.rules],
            options=[
                {**self._figures(each, found, customer), "say": each.say, "terms": each.terms}
                for each in found.ranked
                if each.offer_id not in (chosen.offer_id, NO_OFFER)
            ],
            tenure_months=found.tenure_months,
            segment=customer.segment,
            withheld=withheld,
        )

    def _figures(self, decision: Decision, found: Evaluation, customer: CustomerRecord) -> dict[str, Any]:
        offer = self._book.offers.offer(decision.offer_id)
        if offer is None:
            return {"offer_id": decision.offer_id, "name": decision.name}
        given = concession_of(offer, customer, self._book.tariff, found.on)
        return {
            "offer_id": decision.offer_id,
            "name": decision.name,
            "offer_type": decision.offer_type,
            "dEV": str(decision.value.gain),
            "approval": decision.approval.role,
            **figures_of(offer, given),
        }


def offers_of(pack: Pack, *, count: Count | None = None, explore: bool = False) -> PackOffers | None:
    """The offers of a pack for its live calls; None for a pack without offers."""
    if pack.rule_file(OffersFile) is None:
        return None
    codes = pack.rule_file(DispositionsFile)
    involuntary = frozenset(each.reason for each in codes.churn_reasons if not each.voluntary) if codes else frozenset()
    return PackOffers(book_of(pack), pack.customers, count=count, explore=explore, involuntary=involuntary)


def asked_of(occasion: Occasion, customer: CustomerRecord) -> OffersAsked:
    """The occasion as a question that can be stored and asked again."""
    return OffersAsked.model_validate(
        {
            "customer": customer,
            "reason": occasion.reason,
            "channel": occasion.channel,
            "cues": occasion.cues,
            "auth_level": occasion.auth_level,
            "save_attempts": occasion.save_attempts,
            "has_permission": occasion.has_permission,
            "may_offer": occasion.may_offer,
            "why_not": ", ".join(occasion.why_not),
            "is_vulnerable": occasion.is_vulnerable,
            "on": occasion.on,
            "language": "es" if occasion.language == "es" else "en",
        }
    )


def figures_of(offer: Offer, given: Given) -> dict[str, Any]:
    """What an offer comes to for a customer, as texts; what it does not have is left out."""
    rule = offer.concession
    figures = {
        "price_now": given.price_now,
        "price_during": given.price_during,
        "price_after": given.price_after,
        "end_date": given.ends_on.isoformat() if given.ends_on else None,
        "months": rule.months or None,
        "months_min": rule.months_min,
        "free_months": rule.free_months or None,
        "commitment_months": offer.commitment_months or None,
        "monthly_off": _monthly_off(offer, given),
        "percent_off": rule.monthly_percent,
        "monthly_price": rule.monthly_price,
        "once_off": rule.upfront or given.fee or None,
    }
    told = {name: value for name, value in figures.items() if value is not None}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in told.items()}


def _monthly_off(offer: Offer, given: Given) -> Decimal | None:
    is_off = offer.concession.monthly_amount is not None or offer.concession.monthly_percent is not None
    return given.price_now - given.price_during if is_off else None


def _economics(decision: Decision) -> dict[str, Any]:
    told = decision.as_json()
    names = ("C", "V0", "C_max", "roi", "odds", "margin_after", "approval_why", "lever")
    return {name: told[name] for name in names if name in told}


def _held_back(found: Evaluation, not_again: Iterable[str]) -> Decision | None:
    """The offer a customer of the comparison group would be made, were they not in it."""
    failed = {each.offer_id: [rule.rule for rule in each.rules if not rule.holds] for each in found.refused}
    withheld = [
        each
        for each in found.refused
        if failed[each.offer_id] == ["holdout"] and each.value.gain > 0 and each.offer_id not in not_again
    ]
    return max(withheld, key=lambda each: each.value.gain, default=None)


def _parsed(raw: Mapping[str, Any]) -> CustomerRecord | None:
    try:
        return customer_record(raw)
    except BadInput:
        return None


def _remember(kept: OrderedDict[Any, Any], key: object, value: object) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
