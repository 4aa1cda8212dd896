"""The room there is in a negotiation: price corridor, walk-away floor, and what to ask for in return.

floor      price at which the margin still is the pack's floor: variable / (1 - floor %)
walk_away  the lowest price that still beats letting go: price now less C_max spread over the months that are weighed
The lowest price to agree to is the higher of the two, and never above today's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext

from copilot.customer import CustomerRecord
from copilot.money import CENT, ZERO, round_cents
from copilot.offers.concession import monthly_charges
from copilot.offers.decide import NO_OFFER, Desk, Evaluation, Odds, outlook_of
from copilot.offers.economics import PRECISION, month_weights, value_of


@dataclass(frozen=True)
class Corridor:
    """Monthly prices from today's down to where it is better to let go."""

    now: Decimal
    floor: Decimal
    walk_away: Decimal

    @property
    def lowest(self) -> Decimal:
        """The lowest price to agree to."""
        return min(max(self.floor, self.walk_away), self.now)

    def as_json(self) -> dict[str, str]:
        """With amounts as texts."""
        return {
            "now": str(self.now),
            "lowest": str(self.lowest),
            "margin_floor": str(self.floor),
            "walk_away": str(self.walk_away),
        }


@dataclass(frozen=True)
class Exchange:
    """Something to give, what it costs us, and what to ask for in return."""

    give: str
    cost: Decimal
    get: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """With amounts as texts."""
        return {"give": self.give, "cost": str(self.cost), "get": list(self.get)}


def corridor(customer: CustomerRecord, desk: Desk, odds: Odds) -> Corridor:
    """The price corridor of a customer for the whole horizon of the pack."""
    now, variable = monthly_charges(customer), customer.cost.variable_cost_monthly
    outlook, rails = outlook_of(customer, desk, odds), desk.book.offers.guard_rails
    with localcontext(prec=PRECISION):
        share = 1 - rails.margin_floor_percent / 100
        floor = (variable / share).quantize(CENT, ROUND_CEILING) if share > 0 else now
        weights = month_weights(outlook.monthly_survival, outlook.monthly_rate, outlook.horizon_months)
        most = value_of([], ZERO, outlook).cost_max
        walk_away = now - (most or ZERO) / sum(weights)
    return Corridor(now, floor, max(round_cents(walk_away), ZERO))


def exchanges(found: Evaluation, desk: Desk, has_autopay: bool) -> Sequence[Exchange]:
    """What may be given, cheapest first, each with what to ask for: a term, automatic payment, a decision today."""
    offers = {offer.offer_id: offer for offer in desk.book.offers.offers}
    eligible = [each for each in found.ranked if each.offer_id != NO_OFFER]
    cheapest = sorted(eligible, key=lambda each: (each.value.cost, each.offer_id))
    return [
        Exchange(each.name, each.value.cost, _get(offers[each.offer_id].commitment_months, has_autopay))
        for each in cheapest
    ]


def _get(commitment_months: int, has_autopay: bool) -> tuple[str, ...]:
    term = (f"an agreement of {commitment_months} months",) if commitment_months else ()
    return (*term, *(() if has_autopay else ("automatic payment",)))
