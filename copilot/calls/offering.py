"""Offers in a call: what the desk asks its offer advice, what it is answered, and what of it stands in the log.

Offers are decided elsewhere (the desk is given an `OfferAdvice`); here is only when one may be shown, and which was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from copilot.calls.cards import Card

OFFER = "offer:"  # and the id of an offer: what its card is about
WORDS = ("say", "terms")  # of an option; the card alone tells them
WITHHELD = "withheld"  # outcome of a customer who is left alone so that the worth of offers can be measured


@dataclass(frozen=True)
class Occasion:
    """Everything of a call that decides its offers; equal occasions are answered alike."""

    call_id: str
    customer_id: str
    reason: str
    channel: str
    cues: tuple[str, ...]
    auth_level: str
    save_attempts: int
    has_permission: bool
    may_offer: bool
    why_not: tuple[str, ...]
    is_vulnerable: bool
    on: date
    language: str
    not_again: tuple[str, ...] = ()  # offers refused in this call


@dataclass(frozen=True)
class Suggestion:
    """What to offer now; `withheld` when the customer would be offered it, but is left alone for comparison.

    `offer` and each of `options` hold `offer_id, name` and figures as texts, as `OfferFigures` reads them; `derivation`
    are the rules with their values.
    """

    decision_id: str
    offer: Mapping[str, Any]
    say: str
    terms: str
    advice: str
    approval: str | None  # the role that must agree first; None when the agent may grant it
    derivation: Sequence[Mapping[str, Any]]
    options: Sequence[Mapping[str, Any]]
    tenure_months: int
    segment: str
    withheld: bool = False

    @property
    def offer_id(self) -> str:
        """The id of the offer."""
        return str(self.offer["offer_id"])


class OfferAdvice(Protocol):
    """What decides offers in live calls: quick, without I/O, the same answer to the same occasion."""

    @property
    def reasons(self) -> frozenset[str]:
        """The churn reasons offers answer; a cue of the same name makes the reason known."""
        ...

    @property
    def clean_exits(self) -> frozenset[str]:
        """The reasons for which nothing is offered at all."""
        ...

    @property
    def lost_unwillingly(self) -> frozenset[str]:
        """Reasons that lose customers who do not want to leave: a bill they cannot pay, a declined card."""
        ...

    def knows(self, customer_id: str) -> bool:
        """Whether there is a record to decide by."""
        ...

    def add_customer(self, record: Mapping[str, Any]) -> None:
        """Know one more customer."""
        ...

    def suggest(self, occasion: Occasion) -> Suggestion | None:
        """The best offer that may be made; None when none may, or when offering nothing is worth more."""
        ...

    def refresh(self) -> None:
        """Take in what was learned since; called when a call begins."""
        ...


_LABELS = {
    "en": ("Offer", "approval first"),
    "es": ("Oferta", "antes, aprobación de"),
}


def card_of(found: Suggestion, reason_heard: str, turn_id: str, occasion: Occasion) -> Card:
    """The card of a suggestion: what to say, what must be told, and behind it how it was decided."""
    offer, approval = _LABELS["es" if occasion.language == "es" else "en"]
    ask = f" ({approval}: {found.approval})" if found.approval else ""
    more = {
        "terms": found.terms,
        "advice": found.advice,
        "decision_id": found.decision_id,
        "churn_reason": occasion.reason,
        "offer": dict(found.offer),
        "options": [dict(each) for each in found.options],
        "derivation": [dict(rule) for rule in found.derivation],
        "tenure_months": found.tenure_months,
        "segment": found.segment,
    }
    title = f"{offer}: {found.offer['name']}{ask}"
    about = f"{OFFER}{found.offer_id}"
    return Card("offer", title, found.say, about, reason_heard, (turn_id,), disclosure="account", more=more)


def shown_body(card_body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of `offer.shown` for an offer card just shown; no save attempt yet, nobody has said it."""
    named = ("decision_id", "churn_reason", "offer", "disclosure", "tenure_months", "segment")
    options = [{name: value for name, value in each.items() if name not in WORDS} for each in card_body["options"]]
    return {
        "offer_id": card_body["offer"]["offer_id"],
        "card_id": card_body["card_id"],
        "turn_id": card_body["turn_ids"][-1],
        **{name: card_body[name] for name in named},
        "options": options,
    }


def withheld_body(found: Suggestion, reason: str, turn_id: str) -> dict[str, Any]:
    """The body of `offer.outcome` for a customer who is left alone; once a call, and nobody is shown an offer."""
    return {
        "offer_id": found.offer_id,
        "outcome": WITHHELD,
        "decision_id": found.decision_id,
        "churn_reason": reason,
        "turn_id": turn_id,
        "tenure_months": found.tenure_months,
        "segment": found.segment,
    }


def shown_offers(advised: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The bodies of offer cards, the last shown first."""
    return [body for body in reversed(advised) if "card_id" in body]


def known_offers(advised: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Every offer that was decided to be possible in the call, with its figures: the last shown first."""
    offers: dict[str, Mapping[str, Any]] = {}
    shown = shown_offers(advised)
    for each in [body["offer"] for body in shown] + [option for body in shown for option in body["options"]]:
        offers.setdefault(each["offer_id"], each)
    return list(offers.values())
