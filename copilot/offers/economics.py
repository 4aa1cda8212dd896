"""What an offer earns, in Decimal: value kept, cost of the concession, expected gain, break-even (handbook 8.2).

V0    = sum over t = 1..H of m * S_t / (1+i)^t          with S_t = s^(t-1): what the customer is worth if kept
C     = sum of concession_t * S_t / (1+i)^t + upfront   present cost of what is given
dEV   = (p1 - p0) * V0 - p1 * C - c                     gain over saying nothing
C_max = ((p1 - p0) * V0 - c) / p1                       the dearest concession that breaks even
ROI   = dEV / (p1 * C + c)
cannibalisation = p0 * C                                given to those who would have stayed; inside dEV already
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from operator import mul

from copilot.errors import BadInput
from copilot.money import ZERO, round_cents

PRECISION = 34
RATIO_PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Outlook:
    """What the calculation assumes: a month's margin, how long customers stay, and how an offer changes that.

    `margin` is money a month, `monthly_survival` and the probabilities are shares from 0 to 1, `monthly_rate` the
    discount rate of a month, `horizon_months` how far is looked ahead, `contact_cost` what making the offer costs.
    """

    margin: Decimal
    monthly_survival: Decimal
    monthly_rate: Decimal
    horizon_months: int
    stays_without_offer: Decimal
    stays_with_offer: Decimal
    contact_cost: Decimal


@dataclass(frozen=True)
class Value:
    """The economics of one offer, to the cent; every number is computed from exact terms and rounded once."""

    v0: Decimal
    cost: Decimal
    gain: Decimal
    cost_max: Decimal | None
    roi: Decimal | None
    cannibalisation: Decimal

    def as_json(self) -> dict[str, str | None]:
        """In the contract's names, as texts."""
        return {
            "V0": str(self.v0),
            "C": str(self.cost),
            "dEV": str(self.gain),
            "C_max": None if self.cost_max is None else str(self.cost_max),
            "roi": None if self.roi is None else str(self.roi),
            "cannibalisation": str(self.cannibalisation),
        }


@lru_cache(maxsize=256)
def monthly_rate(annual_percent: Decimal) -> Decimal:
    """The rate of a month that compounds to the annual one: 10 % a year is 0.007974."""
    with localcontext(prec=PRECISION):
        return (1 + annual_percent / 100) ** (Decimal(1) / 12) - 1


@lru_cache(maxsize=256)
def month_weights(monthly_survival: Decimal, rate: Decimal, months: int) -> tuple[Decimal, ...]:
    """What a dollar of months 1, 2, … counts today: S_t / (1+i)^t, the share still there times the discount."""
    with localcontext(prec=PRECISION):
        weights, weight, step = [], Decimal(1), 1 / (1 + rate)
        for _ in range(months):
            weight *= step
            weights.append(weight)
            weight *= monthly_survival
        return tuple(weights)


def value_of(concessions: Sequence[Decimal], upfront_cost: Decimal, outlook: Outlook) -> Value:
    """The economics of an offer.

    Args:
        concessions: what is given in months 1, 2, …; months beyond the horizon are left out.
        upfront_cost: what is given at once.
        outlook: the assumptions.

    Raises:
        BadInput: a share outside 0 to 1, or a horizon below one month.
    """
    _check(outlook)
    p0, p1, contact = outlook.stays_without_offer, outlook.stays_with_offer, outlook.contact_cost
    weights = month_weights(outlook.monthly_survival, outlook.monthly_rate, outlook.horizon_months)
    with localcontext(prec=PRECISION):
        v0 = outlook.margin * sum(weights)
        cost = sum(map(mul, concessions, weights), upfront_cost)
        gain = (p1 - p0) * v0 - p1 * cost - contact
        spent = p1 * cost + contact
        return Value(
            v0=round_cents(v0),
            cost=round_cents(cost),
            gain=round_cents(gain),
            cost_max=round_cents(((p1 - p0) * v0 - contact) / p1) if p1 else None,
            roi=(gain / spent).quantize(RATIO_PLACES) if spent else None,
            cannibalisation=round_cents(p0 * cost),
        )


NOTHING = Value(ZERO, ZERO, ZERO, None, None, ZERO)
"""The economics of saying nothing, against which every offer is measured."""


def margins(revenue: Decimal, variable_cost: Decimal, concessions: Sequence[Decimal]) -> list[Decimal | None]:
    """The margin of each month with a concession, in percent of what is then paid; None where nothing is paid."""
    found: list[Decimal | None] = []
    for concession in concessions:
        paid = revenue - concession
        found.append((100 * (paid - variable_cost) / paid).quantize(RATIO_PLACES) if paid > 0 else None)
    return found


def _check(outlook: Outlook) -> None:
    shares = (outlook.monthly_survival, outlook.stays_without_offer, outlook.stays_with_offer)
    if not all(0 <= share <= 1 for share in shares) or outlook.horizon_months < 1 or outlook.monthly_rate <= -1:
        raise BadInput(
            f"Survival and probabilities {', '.join(map(str, shares))} over {outlook.horizon_months} months; allowed "
            "are shares from 0 to 1 and a month or more. Correct the economics of offers.yaml."
        )
