"""Customers and offers drawn by chance out of a pack, for benches and tests; the same seed draws the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from copilot.offers.facts import Book
from copilot.offers.requests import OffersAsked
from knowledge.conditions import FactKind
from knowledge.rules.offers import Offer, OfferCondition

STATES = ("TX", "CA", "MN", "NY", "FL", "")
CHANNELS = ("phone", "phone", "phone", "phone", "chat", "chat", "store", "email")
LEVELS = ("none", "identified", "authenticated", "authenticated", "authenticated", "password", "password")
CUES = ("price", "competitor", "deceased", "fraud_ato", "irate")
TENURES = (3, 6, 12, 24, 60)


def widened(book: Book, offers: int) -> Book:
    """The book with so many offers: the pack's own, and variations of them in size, length, tenure and cooldown."""
    own = list(book.offers.offers)
    more = [_variation(own[place % len(own)], place) for place in range(max(offers - len(own), 0))]
    return replace(book, offers=book.offers.model_copy(update={"offers": tuple([*own, *more][:offers])}))


def questions(book: Book, on: date, seed: int) -> Iterator[OffersAsked]:
    """Endless questions: a random customer with a random reason, channel, verification and past."""
    chance = Random(seed)  # noqa: S311 - a bench, repeatable on purpose
    for number in count(1):
        yield OffersAsked.model_validate(
            {
                "customer": _record(book, on, number, chance),
                "reason": chance.choice(book.known_reasons),
                "channel": chance.choice(CHANNELS),
                "auth_level": chance.choice(LEVELS),
                "cues": [chance.choice(CUES)] if chance.random() < 0.15 else [],
                "save_attempts": int(chance.random() < 0.1),
                "on": on,
                "language": chance.choice(("en", "es")),
            }
        )


def _variation(offer: Offer, place: int) -> Offer:
    given = offer.concession
    change: dict[str, Any] = {"months": given.months + 1 + place % 3} if given.months else {}
    if given.monthly_amount is not None:
        change["monthly_amount"] = given.monthly_amount + 1 + place % 5
    tenure = OfferCondition(
        id=f"tenure-{place}",
        cel=f"customer.tenure_months >= {TENURES[place % len(TENURES)]}",
        says=f"customer for at least {TENURES[place % len(TENURES)]} months",
    )
    return offer.model_copy(
        update={
            "offer_id": f"{offer.offer_id}-V{place}",
            "concession": given.model_copy(update=change),
            "conditions": (*offer.conditions, tenure),
            "cooldown_days": 30 * (place % 7),
            "priority": offer.priority + place,
        }
    )


def _record(book: Book, on: date, number: int, chance: Random) -> dict[str, Any]:
    past_due = chance.choice((0, 0, 0, 4200))
    ids = [offer.offer_id for offer in book.offers.offers]
    return {
        "customer_id": f"R-{number}",
        "segment": chance.choice(("home", "home", "business")),
        "state": chance.choice(STATES),
        "since": _before(on, chance, 2500),
        "flags": {
            "vulnerable": chance.random() < 0.05,
            "cpni_approval": chance.choice(("opt_in", "opt_out", "")),
        },
        "accounts": [
            {
                "account_id": f"A-{number}",
                "status": chance.choice(("active", "active", "active", "past_due", "suspended")),
                "services": [_line(book, on, place, chance) for place in range(chance.randint(1, 3))],
            }
        ],
        "balance": {
            "current_due": f"{chance.randint(0, 20000) / 100:.2f}",
            "past_due": f"{past_due / 100:.2f}",
            "open_disputed": chance.choice(("0.00", "0.00", "0.00", "19.99")),
        },
        "cost": {"variable_cost_monthly": f"{chance.randint(500, 6000) / 100:.2f}"},
        "offers_history": [_past(on, ids, chance) for _ in range(chance.choice((0, 0, 1, 2)))],
        "tickets": [{"ticket_id": "T-1", "fault_proven_on": _before(on, chance, 200)}][: chance.randint(0, 1)],
        "facts": dict(_facts(book, on, chance)),
    }


def _line(book: Book, on: date, place: int, chance: Random) -> dict[str, Any]:
    line: dict[str, Any] = {
        "service_id": f"S-{place}",
        "quantity": chance.choice((1, 1, 2, 12)),
        "started_on": _before(on, chance, 2500),
        "line_status": chance.choice(("active", "active", "active", "suspended")),
    }
    if chance.random() < 0.7:
        line["use_percent"] = chance.randint(0, 100)
    if book.tariff:
        plan = chance.choice(book.tariff.plans)
        return line | {"product": plan.service, "plan": plan.name, "monthly": str(plan.price)}
    product = chance.choice(_services(book))
    return line | {"product": product, "plan": product, "monthly": f"{chance.randint(900, 15000) / 100:.2f}"}


def _services(book: Book) -> Sequence[str]:
    named = {service for offer in book.offers.offers for service in offer.services}
    counted = {service for fact in book.offers.facts if fact.sum_of for service in fact.sum_of.services}
    return sorted(named | counted) or ["service"]


def _past(on: date, ids: Sequence[str], chance: Random) -> dict[str, Any]:
    outcome = chance.choice(("accepted", "declined", "declined"))
    return {"offer_id": chance.choice(ids), "on": _before(on, chance, 700), "outcome": outcome}


def _facts(book: Book, on: date, chance: Random) -> Iterator[tuple[str, Any]]:
    """The pack's own facts, one in ten of them unknown."""
    for fact in book.offers.facts:
        if fact.sum_of is None and chance.random() < 0.9:
            yield fact.name, _value(fact.kind, on, chance)


def _value(kind: FactKind, on: date, chance: Random) -> Any:
    return {
        "whole": chance.randint(0, 40),
        "yes_no": chance.random() < 0.5,
        "text": chance.choice(("basic", "pro", "")),
        "list": [chance.choice(("a", "b"))],
        "date": _before(on, chance, 400),
    }[kind]


def _before(on: date, chance: Random, days: int) -> str:
    return (on - timedelta(days=chance.randint(0, days))).isoformat()
