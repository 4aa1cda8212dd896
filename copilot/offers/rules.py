"""The rules an offer must pass, one by one, each with the values it looked at."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from copilot.customer import CustomerRecord
from copilot.money import ZERO
from copilot.offers.concession import Given
from copilot.offers.economics import Value
from copilot.offers.facts import ACCEPTED, Book, CallContext, cents, running_offers
from knowledge.conditions import FactValue
from knowledge.errors import ConditionError
from knowledge.rules.offers import Offer, OfferCondition, OffersFile

LEVELS = ("none", "identified", "authenticated", "password")
CPNI_APPROVALS = ("opt_in", "opt_out")
_COMPARISON = re.compile(r"(?:customer|account|call|offer)\.(\w+) (>=|<=|>|<|==|!=) (-?\d+)")
_NONE: Mapping[str, str] = MappingProxyType({})
_OPPOSITE = {">=": "<", "<=": ">", ">": "<=", "<": ">=", "==": "!=", "!=": "=="}


class RuleResult(NamedTuple):
    """One rule: whether it holds, in plain words with its values, and the values by the name of the fact.

    A tuple, because an evaluation makes five hundred of them, and a frozen dataclass takes four times as long to make.
    """

    rule: str
    holds: bool
    says: str
    values: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """For JSON."""
        return {"rule": self.rule, "holds": self.holds, "says": self.says, "values": dict(self.values)}


@dataclass(frozen=True)
class Question:
    """An offer put to a customer on a day, with everything the rules look at."""

    offer: Offer
    customer: CustomerRecord
    call: CallContext
    book: Book
    on: date
    facts: Mapping[str, FactValue]
    given: Given
    value: Value
    margins: tuple[Decimal | None, ...]
    is_held_out: bool


def judge(question: Question) -> list[RuleResult]:
    """Every rule of an offer, in the order in which they are told; the offer is eligible when all hold."""
    conditions = [tested(condition, question.facts, question.book.offers) for condition in question.offer.conditions]
    return [*_applies(question), *conditions, *_gates(question), *_limits(question)]


def tested(condition: OfferCondition, facts: Mapping[str, FactValue], offers: OffersFile) -> RuleResult:
    """A condition of the pack; one that asks for an unknown fact does not hold."""
    compiled = offers.compiled(condition)
    values = {fact.name: _shown(facts.get(fact.name, "unknown")) for fact in compiled.facts}
    try:
        holds = compiled.holds(facts)
    except ConditionError:
        missing = ", ".join(fact.name for fact in compiled.facts if fact.name not in facts)
        says = f"unknown: {condition.says}" + (f" ({missing} is not in the record)" if missing else "")
        return RuleResult(condition.id, False, says, values)
    return RuleResult(condition.id, holds, _told(condition, values, holds=holds), values)


def _applies(q: Question) -> Iterator[RuleResult]:
    """Whether the offer is meant for this moment and this customer at all."""
    offer, customer = q.offer, q.customer
    status, window = offer.lifecycle_status, offer.valid_for
    yield _result("lifecycle", status == "active", f"status {status}", status=status)
    until = f" to {window.end}" if window.end else ""
    yield _result("valid_for", window.holds_on(q.on), f"{q.on} against {window.start}{until}", today=q.on)
    fits = q.call.reason in offer.reasons
    yield _result("reason", fits, f"{q.call.reason or 'no reason'} {_in(fits)} {', '.join(offer.reasons)}")
    fits = customer.segment in offer.segments
    yield _result("segment", fits, f"{customer.segment} {_in(fits)} {', '.join(offer.segments)}")
    active = q.facts["account.services"]
    services = list(active) if isinstance(active, list | tuple) else []
    fits = not offer.services or any(service in services for service in offer.services)
    needs = f"needs one of {', '.join(offer.services)}" if offer.services else "needs none in particular"
    yield _result("services", fits, f"has {', '.join(services) or 'none'}; {needs}")
    places = {"US", f"US-{customer.state}"}
    fits = bool(places & set(offer.jurisdictions))
    yield _result("jurisdiction", fits, f"{customer.state or 'no state'} {_in(fits)} {', '.join(offer.jurisdictions)}")
    fits = q.call.channel in offer.channels
    yield _result("channel", fits, f"{q.call.channel} {_in(fits)} {', '.join(offer.channels)}")


def _gates(q: Question) -> Iterator[RuleResult]:
    """Verification, the law of save attempts, vulnerability, consent, and the share of customers left alone."""
    offer, flags = q.offer, q.customer.flags
    reached = LEVELS.index(q.call.auth_level) >= LEVELS.index(offer.min_auth_level)
    yield _result("verification", reached, f"level {q.call.auth_level}, needs {offer.min_auth_level}")
    owed = not offer.counts_as_save_attempt
    yield _result("save_attempt_law", owed or q.call.may_offer, q.call.why_not or "an offer may be made")
    is_vulnerable = bool(q.facts["customer.is_vulnerable"])
    yield _result("vulnerable", offer.allowed_when_vulnerable or not is_vulnerable, f"vulnerable: {is_vulnerable}")
    approved = flags.cpni_approval in CPNI_APPROVALS
    approval = flags.cpni_approval or "none"
    yield _result("cpni_approval", approved or not offer.crosses_category, f"approval on record: {approval}")
    yield _result("holdout", owed or not q.is_held_out, "in the holdout" if q.is_held_out else "not in the holdout")


def _limits(q: Question) -> Iterator[RuleResult]:
    """Guard rails over time and money."""
    offer, rails = q.offer, q.book.offers.guard_rails
    cooldown = rails.default_cooldown_days if offer.cooldown_days is None else offer.cooldown_days
    made = [past.on for past in q.customer.offers_history if past.offer_id == offer.offer_id and past.on <= q.on]
    days = (q.on - max(made)).days if made else None
    told = "never made before" if days is None else f"made {days} days ago, {_at_least(days, cooldown)} days"
    yield _result("cooldown", days is None or days >= cooldown, told)
    taken = any(past.offer_id == offer.offer_id and past.outcome == ACCEPTED for past in q.customer.offers_history)
    yield _result("once_per_account", not (offer.once_per_account and taken), "taken before" if taken else "not taken")
    running = running_offers(q.customer, q.book.offers, q.on)
    blocked = [each.offer_id for each in running if not _stacks(offer, each, q.book.offers)]
    yield _result("stacking", not blocked, f"runs already: {', '.join(blocked)}" if blocked else "nothing in its way")
    if offer.is_price_concession:
        yield from _price_limits(q, sum(each.is_price_concession for each in running))
    yield _margin_floor(q)


def _price_limits(q: Question, running: int) -> Iterator[RuleResult]:
    rails = q.book.offers.guard_rails
    most = rails.max_running_price_concessions
    yield _result("running_concessions", running < most, f"{running} running, at most {most}")
    spent = q.facts["account.concessions_12m_cents"]
    before = Decimal(spent) / 100 if isinstance(spent, int) else ZERO
    given = sum(q.given.monthly[:12], ZERO) + q.given.upfront
    cap = q.given.price_now * 12 * rails.max_concession_percent_12m / 100
    says = f"{before + given:.2f} in 12 months, at most {cap:.2f} ({rails.max_concession_percent_12m} % of the charges)"
    yield _result("concession_cap", before + given <= cap, says)


def _margin_floor(q: Question) -> RuleResult:
    """Every month of a concession keeps the floor; a plan or pause that lowers the price lowers the cost as well."""
    floor = q.book.offers.guard_rails.margin_floor_percent
    known = [margin for margin in q.margins if margin is not None]
    if not q.offer.is_price_concession or not q.margins:
        return _result("margin_floor", True, "no price concession")
    lowest = min(known) if len(known) == len(q.margins) else None
    told = "nothing is paid" if lowest is None else f"margin {lowest} %"
    holds = lowest is not None and lowest >= floor
    return _result("margin_floor", holds, f"{told}, {'at least' if holds else 'below'} {floor} %", margin=lowest)


def _stacks(offer: Offer, running: Offer, offers: OffersFile) -> bool:
    pair = {offer.stacking_group, running.stacking_group}
    return any(pair == set(allowed) for allowed in offers.may_stack)


def _result(rule: str, holds: bool, says: str, **values: object) -> RuleResult:
    return RuleResult(rule, holds, says, {name: _shown(value) for name, value in values.items()} if values else _NONE)


def _told(condition: OfferCondition, values: Mapping[str, str], *, holds: bool) -> str:
    """The condition with its values: "tenure_months 7 < 12" where it is one comparison, else its words and values."""
    simple = _COMPARISON.fullmatch(condition.cel)
    if simple and len(values) == 1:
        name, sign, limit = simple.groups()
        value = next(iter(values.values()))
        return f"{name} {value} {sign if holds else _OPPOSITE[sign]} {limit} ({condition.says})"
    listed = ", ".join(f"{name.partition('.')[2]} = {value}" for name, value in values.items())
    return f"{condition.says}: {'yes' if holds else 'no'} ({listed})" if listed else condition.says


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in(fits: bool) -> str:
    return "is one of" if fits else "is not one of"


def _at_least(days: int, wanted: int) -> str:
    return f"{'at least' if days >= wanted else 'less than'} {wanted}"


def offer_facts(
    facts: Mapping[str, FactValue], value: Value, margins: tuple[Decimal | None, ...]
) -> dict[str, FactValue]:
    """The facts with what is known of one offer: cost, gain, lowest margin rounded down; 0 where nothing is paid."""
    lowest = min((margin if margin is not None else ZERO for margin in margins), default=Decimal(100))
    return {
        **facts,
        "offer.margin_after_percent": int(lowest // 1),
        "offer.cost_cents": cents(value.cost),
        "offer.gain_cents": cents(value.gain),
    }
