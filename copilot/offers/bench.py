"""Random customers against a book of offers: nothing ineligible ranked, every decision replayed, and how long it takes.

What may be ranked is judged a second time here, by code that shares nothing with `copilot.offers.rules` but the facts.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from random import Random

from copilot.latency import Latency
from copilot.offers.decide import NO_OFFER, Desk, Evaluation
from copilot.offers.exploring import Arm, Simulated, simulate
from copilot.offers.facts import Book, facts_of
from copilot.offers.made_up import questions, widened
from copilot.offers.replay import answer_text, question_text, replay
from copilot.offers.requests import OffersAsked
from copilot.store import StoredDecision
from knowledge.conditions import FactValue
from knowledge.errors import ConditionError
from knowledge.rules.offers import Offer, OfferCondition

ROUNDS = 2000
WARM_UP = 20
LEVELS = ("none", "identified", "authenticated", "password")


@dataclass(frozen=True)
class Explored:
    """Thompson sampling over some offers with made-up true odds, beside two ways that learn nothing."""

    arms: int
    rounds: int
    share_of_best: float
    gain_of_best: float
    regret: float
    regret_always_first: float
    regret_always_random: float

    def __str__(self) -> str:
        first, lot = self.regret_always_first / self.gain_of_best, self.regret_always_random / self.gain_of_best
        return (
            f"Thompson sampling, {self.arms} offers, {self.rounds} rounds: the best shown {self.share_of_best:.0%}, "
            f"regret {self.regret / self.gain_of_best:.1%} of what the best earns "
            f"(always the first {first:.1%}, always by lot {lot:.1%})"
        )


@dataclass(frozen=True)
class OffersBench:
    """What a run found; the three lists of faults are empty in a good one."""

    customers: int
    offers: int
    decided: int
    eligible: int
    nothing_offered: int
    wrongly_ranked: tuple[str, ...]
    underived: tuple[str, ...]
    replayed: int
    replayed_otherwise: tuple[str, ...]
    evaluation: Latency
    evaluation_cpu: Latency
    explored: Explored | None

    @property
    def is_good(self) -> bool:
        """Whether there was no fault."""
        return not (self.wrongly_ranked or self.underived or self.replayed_otherwise)

    def __str__(self) -> str:
        lines = [
            f"{self.customers} customers x {self.offers} offers",
            f"eligible: {self.eligible} of {self.decided}; customers with none: {self.nothing_offered}",
            f"ineligible offers ranked: {_shown(self.wrongly_ranked)}",
            f"decisions that their derivation does not give: {_shown(self.underived)}",
            f"replayed byte for byte: {self.replayed - len(self.replayed_otherwise)} of {self.replayed}",
            f"evaluation of a customer: {self.evaluation}",
            f"  of it on the processor: {self.evaluation_cpu}",
        ]
        if self.explored:
            lines.append(str(self.explored))
        return "\n".join(lines)


def bench_offers(
    book: Book, on: date, *, customers: int, offers: int = 30, replays: int = 200, seed: int = 1
) -> OffersBench:
    """Decide for so many random customers, check every decision, and replay an even sample of them.

    Conditions are compiled before the clock runs.
    """
    wide = widened(book, offers)
    desk = Desk(wide)
    for asked in islice(questions(wide, on, seed + 1), WARM_UP):
        asked.answer(desk, on)
    seconds: list[float] = []
    cpu_seconds: list[float] = []
    wrongly_ranked: list[str] = []
    underived: list[str] = []
    replayed_otherwise: list[str] = []
    decided = eligible = nothing = replayed = 0
    every = max(customers // replays, 1) if replays else 0
    most_worth: Evaluation | None = None
    for place, asked in enumerate(islice(questions(wide, on, seed), customers)):
        begun, cpu_begun = time.perf_counter(), time.thread_time()
        found = asked.answer(desk, on)
        seconds.append(time.perf_counter() - begun)
        cpu_seconds.append(time.thread_time() - cpu_begun)
        wrongly_ranked += _wrongly_ranked(asked, wide, found, on)
        underived += _underived(found)
        decided += len(wide.offers.offers)
        eligible += len(found.ranked) - 1
        nothing += len(found.ranked) == 1
        if most_worth is None or len(found.ranked) > len(most_worth.ranked):
            most_worth = found
        if every and place % every == 0:
            replayed += 1
            replayed_otherwise += [found.customer_id] if not replay(_stored(asked, desk, found)).is_same else []
    return OffersBench(
        customers,
        len(wide.offers.offers),
        decided,
        eligible,
        nothing,
        tuple(wrongly_ranked),
        tuple(underived),
        replayed,
        tuple(replayed_otherwise),
        Latency.of(seconds),
        Latency.of(cpu_seconds),
        explore(most_worth, seed) if most_worth else None,
    )


def explore(found: Evaluation, seed: int, rounds: int = ROUNDS) -> Explored | None:
    """Let Thompson sampling find the best of the offers that gain; true odds are drawn around the assumed ones."""
    worth = [each for each in found.ranked if each.offer_id != NO_OFFER and each.value.gain > 0]
    if len(worth) < 2:
        return None
    chance = Random(seed)  # noqa: S311 - a simulation, repeatable on purpose
    arms = [Arm(each.offer_id, float(each.value.v0), float(each.value.cost)) for each in worth]
    stays = {
        each.offer_id: chance.uniform(float(each.odds.stays_without), min(float(each.odds.stays_with) + 0.15, 1.0))
        for each in worth
    }
    result: Simulated = simulate(arms, stays, rounds, seed)
    gains = [stays[arm.offer_id] * (arm.value_if_kept - arm.cost_if_kept) for arm in arms]
    best = max(gains)
    return Explored(
        len(arms),
        rounds,
        round(result.share_of_best, 4),
        round(result.gain_of_best, 2),
        round(result.regret, 2),
        round(rounds * (best - gains[0]), 2),
        round(rounds * (best - sum(gains) / len(gains)), 2),
    )


def objections(offer: Offer, asked: OffersAsked, book: Book, on: date) -> Iterator[str]:
    """What stands in the way of an offer, by a second reading of the rules; those of money are left out."""
    customer = asked.customer
    facts = facts_of(customer, asked.context(), book, on)
    gate = next((each for each in book.offers.gates if not _holds(each, facts, book)), None)
    history = [past for past in customer.offers_history if past.offer_id == offer.offer_id]
    rails = book.offers.guard_rails
    cooldown = offer.cooldown_days if offer.cooldown_days is not None else rails.default_cooldown_days
    services = {line.product for line in customer.lines if line.line_status == "active"}
    stated = {
        "gate": gate is not None and offer.offer_type not in gate.spares,
        "clean exit": any(each.reason == asked.reason and not each.pitch for each in book.offers.reason_levers),
        "status": offer.lifecycle_status != "active",
        "window": not offer.valid_for.holds_on(on),
        "reason": asked.reason not in offer.reasons,
        "segment": customer.segment not in offer.segments,
        "service": bool(offer.services) and not services & set(offer.services),
        "place": "US" not in offer.jurisdictions and f"US-{customer.state}" not in offer.jurisdictions,
        "channel": asked.channel not in offer.channels,
        "verification": LEVELS.index(asked.auth_level) < LEVELS.index(offer.min_auth_level),
        "vulnerable": facts["customer.is_vulnerable"] is True and not offer.allowed_when_vulnerable,
        "consent": offer.crosses_category and customer.flags.cpni_approval not in ("opt_in", "opt_out"),
        "cooldown": any(0 <= (on - past.on).days < cooldown for past in history),
        "once": offer.once_per_account and any(past.outcome == "accepted" for past in history),
        "condition": not all(_holds(condition, facts, book) for condition in offer.conditions),
    }
    yield from (name for name, objects in stated.items() if objects)


def _wrongly_ranked(asked: OffersAsked, book: Book, found: Evaluation, on: date) -> Iterator[str]:
    by_id = {offer.offer_id: offer for offer in book.offers.offers}
    for decision in found.ranked:
        if decision.offer_id != NO_OFFER:
            against = list(objections(by_id[decision.offer_id], asked, book, on))
            if against or not decision.eligible:
                yield f"{found.customer_id} {decision.offer_id}: {', '.join(against) or 'not eligible'}"


def _underived(found: Evaluation) -> Iterator[str]:
    """Decisions whose told rules give another answer, or that are missing or told twice."""
    told = [*found.ranked, *found.refused]
    if len({each.offer_id for each in told}) != len(told):
        yield f"{found.customer_id}: an offer is told twice"
    for place, decision in enumerate(told):
        holds = all(rule["holds"] for rule in (rule.as_json() for rule in decision.rules))
        if holds != decision.eligible or holds != (place < len(found.ranked)):
            yield f"{found.customer_id} {decision.offer_id}"


def _holds(condition: OfferCondition, facts: Mapping[str, FactValue], book: Book) -> bool:
    try:
        return book.offers.compiled(condition).holds(facts)
    except ConditionError:
        return "offer." in condition.cel  # what asks for the economics cannot be judged here


def _stored(asked: OffersAsked, desk: Desk, found: Evaluation) -> StoredDecision:
    question, answer = question_text(asked, desk, found), answer_text(found)
    now = datetime.now(UTC)
    return StoredDecision(
        "bench", found.customer_id, found.reason, found.best.offer_id, question, answer, desk.book.as_text, now
    )


def _shown(faults: tuple[str, ...]) -> str:
    return f"{len(faults)}: {'; '.join(faults[:3])}" if faults else "0"
