"""Offers that nobody can ever get, facts nobody asks for, and sample customers who state facts that do not exist."""

import difflib
import json
from collections.abc import Iterator
from decimal import Decimal

from knowledge.conditions import FACTS, is_of_kind
from knowledge.pack import Pack
from knowledge.problem import Problem
from knowledge.rules.offers import Offer, OffersFile
from knowledge.yaml_text import Loc, read_yaml

MONTHS_OF_THE_CAP = 12


def offer_problems(pack: Pack) -> Iterator[Problem]:
    """Warnings about offers.yaml and the facts of customers.jsonl; nothing when the pack has no offers."""
    offers = pack.rule_file(OffersFile)
    if offers is None:
        return
    file = next((pack.directory / "rules").glob("offers.y*ml"))
    lines = read_yaml(file.read_text("utf-8-sig"))
    for loc, says in _in_offers(offers):
        yield Problem(f"rules/{file.name}", lines.line_of(loc), says, is_warning=True)
    yield from _stated_facts(pack, offers)


def _in_offers(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for place, offer in enumerate(offers.offers):
        if offer.lifecycle_status == "active":
            why = _only_clean_exits(offer, offers) or _never_affordable(offer, offers)
            if why:
                yield ("offers", place, "offer_id"), f"nobody can get {offer.offer_id}: {why}"
            elif unanswered := _no_lever(offer, offers):
                yield ("offers", place, "offer_type"), unanswered
    asked = set(_asked(offers))
    for place, declared in enumerate(offers.facts):
        if declared.name not in asked:
            says = f"no condition asks for {declared.name}. Use it in one, or delete the declaration"
            yield ("facts", place, "name"), says


def _asked(offers: OffersFile) -> Iterator[str]:
    """The names of all facts that a gate, a condition or a stricter approval asks for."""
    for gate in offers.gates:
        yield from (fact.name for fact in offers.compiled(gate).facts)
    for offer in offers.offers:
        for condition in offer.conditions:
            yield from (fact.name for fact in offers.compiled(condition).facts)
        for stricter in offer.approval.stricter:
            yield from (fact.name for fact in offers.compiled(stricter).facts)


def _only_clean_exits(offer: Offer, offers: OffersFile) -> str:
    unpitched = {levers.reason for levers in offers.reason_levers if not levers.pitch}
    if not set(offer.reasons) <= unpitched:
        return ""
    return f"{', '.join(offer.reasons)} has pitch: false. Give it another reason, or the reason pitch: true"


def _never_affordable(offer: Offer, offers: OffersFile) -> str:
    """A guard rail that it breaks for every customer, whatever they pay."""
    given, rails = offer.concession, offers.guard_rails
    if not offer.is_price_concession:
        return ""
    if rails.max_running_price_concessions == 0:
        return "max_running_price_concessions is 0. Write 1 or more, or is_price_concession: false"
    spread_over_an_agreement = offer.commitment_months and not given.months
    if given.monthly_percent == 100 or (given.free_months and not spread_over_an_agreement):
        return (
            "a month in which nothing is paid keeps no margin_floor_percent. Give free_months without months and with "
            "commitment_months, over which they are spread, or write is_price_concession: false"
        )
    of_account = given.monthly_percent if given.percent_of == "account" and given.monthly_percent else Decimal(0)
    months = MONTHS_OF_THE_CAP if given.while_holds else min(given.months, MONTHS_OF_THE_CAP)
    share = (of_account * months + 100 * min(given.free_months, MONTHS_OF_THE_CAP)) / MONTHS_OF_THE_CAP
    if share > rails.max_concession_percent_12m:
        return (
            f"it gives {share:.1f} % of 12 months' charges, and max_concession_percent_12m is "
            f"{rails.max_concession_percent_12m}. Give less, or raise the limit"
        )
    return ""


def _no_lever(offer: Offer, offers: OffersFile) -> str:
    """Levers are advice: where every reason has some and none names the type, one of the two was forgotten."""
    levers = {each.reason: each.levers for each in offers.reason_levers}
    if not all(reason in levers for reason in offer.reasons):
        return ""
    if any(offer.offer_type in levers[reason] for reason in offer.reasons):
        return ""
    named = ", ".join(offer.reasons)
    return f"{offer.offer_id} is a {offer.offer_type}, which no lever of {named} names. Add it to reason_levers"


def _stated_facts(pack: Pack, offers: OffersFile) -> Iterator[Problem]:
    file = pack.directory / "customers.jsonl"
    known = {**FACTS, **{fact.name: fact for fact in offers.declared_facts}}
    for number, line in enumerate(file.read_text("utf-8-sig").split("\n") if file.exists() else (), start=1):
        stated = json.loads(line).get("facts") if line.strip() else None
        for name, value in stated.items() if isinstance(stated, dict) else ():
            fact = known.get(name)
            if fact is None:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else "Declare it under facts: in rules/offers.yaml"
                yield Problem(file.name, number, f"{name!r} is not a fact. {hint}", is_warning=True)
            elif value is not None and not is_of_kind(fact, value):
                says = f"{name} is {value!r}, and its kind is {fact.kind}, so no condition can use it. Correct one"
                yield Problem(file.name, number, says, is_warning=True)
