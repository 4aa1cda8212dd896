"""What outcomes teach: how likely a customer stays after an offer, and without one, by reason and tenure.

A customer has stayed who still pays after N days; that they accepted is not counted as a save. A share of k among n
has the posterior Beta(1 + k, 1 + n - k) on a flat prior; below the pack's minimum of outcomes there is "no data".
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from copilot.offers.decide import Odds
from copilot.store import Outcome, PayingDays
from knowledge.rules.offers import Economics

TENURE_BANDS = ((0, "under 1 year"), (12, "1 year"), (24, "2 to 4 years"), (60, "5 years and more"))
WITHHELD = "withheld"
PLACES = Decimal("0.0001")

_Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Share:
    """A share of `n` customers of whom `kept` still pay; mean and interval of the posterior."""

    kept: int
    n: int

    @property
    def mean(self) -> Decimal:
        """The posterior mean."""
        return (Decimal(1 + self.kept) / Decimal(2 + self.n)).quantize(PLACES)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The equal-tailed interval of the posterior.

        Raises:
            ImportError: the extra [learning] is not installed.
        """
        from scipy.stats import beta  # noqa: PLC0415 - only reports need it

        tail = (1 - level) / 2
        low, high = beta.ppf([tail, 1 - tail], 1 + self.kept, 1 + self.n - self.kept)
        return float(low), float(high)


@dataclass(frozen=True)
class Cell:
    """What is known of one offer (or of "withheld") for a reason and a band of tenure."""

    offer_id: str
    reason: str
    band: str
    shown: int
    accepted: int
    share: Share
    label: Literal["counted", "no data"]

    def as_json(self) -> dict[str, object]:
        """For JSON; the interval where there is data."""
        has_data = self.label == "counted"
        return {
            "offer_id": self.offer_id,
            "reason": self.reason,
            "tenure_band": self.band,
            "shown": self.shown,
            "accepted": self.accepted,
            "acceptance": str((Decimal(self.accepted) / self.shown).quantize(PLACES)) if self.shown else None,
            "still_paying": self.share.kept,
            "n": self.share.n,
            "stays": str(self.share.mean) if has_data else None,
            "interval": [round(bound, 4) for bound in self.share.interval()] if has_data else None,
            "label": self.label,
        }


class CountedEstimates:
    """Odds counted from outcomes; implements `Estimates`."""

    def __init__(self, outcomes: Iterable[Outcome], economics: Economics, days: PayingDays = 90) -> None:
        self._economics = economics
        self._days = days
        self._cells = _counted(outcomes, days, economics.min_outcomes)

    def odds(self, offer_id: str, reason: str, tenure_months: int) -> Odds | None:
        """The counted odds; None below the minimum. Without a holdout they are labelled "not causal"."""
        band = band_of(tenure_months)
        with_offer = self._cells.get((offer_id, reason, band))
        if with_offer is None or with_offer.label == "no data":
            return None
        without = self._cells.get((WITHHELD, reason, band))
        if without is None or without.label == "no data":
            assumed = self._economics.stays_without_offer
            return Odds(assumed, with_offer.share.mean, "not causal: no holdout", with_offer.share.n)
        return Odds(without.share.mean, with_offer.share.mean, f"counted at {self._days} days", with_offer.share.n)

    def as_rows(self) -> list[list[str]]:
        """The counted odds, a row a cell: offer, reason, band, both shares, label, number of outcomes."""
        begins = {name: begin for begin, name in TENURE_BANDS}
        rows = []
        for offer_id, reason, band in sorted(self._cells):
            odds = self.odds(offer_id, reason, begins[band]) if offer_id != WITHHELD else None
            if odds is not None:
                shares = [str(odds.stays_without), str(odds.stays_with)]
                rows.append([offer_id, reason, band, *shares, odds.label, str(odds.n)])
        return rows

    def shares(self, reason: str, tenure_months: int) -> dict[str, Share]:
        """What is known of each offer for a reason and tenure, however little."""
        band = band_of(tenure_months)
        return {
            cell.offer_id: cell.share for cell in self._cells.values() if (cell.reason, cell.band) == (reason, band)
        }

    def cells(self) -> list[Cell]:
        """Everything counted, by reason, band and offer."""
        return [self._cells[key] for key in sorted(self._cells, key=lambda key: (key[1], key[2], key[0]))]


class StoredEstimates:
    """Odds as they were stored with a decision; implements `Estimates`."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = [list(row) for row in rows]
        self._odds = {
            (offer_id, reason, band): Odds(Decimal(without), Decimal(with_offer), label, int(n))
            for offer_id, reason, band, without, with_offer, label, n in rows
        }

    def odds(self, offer_id: str, reason: str, tenure_months: int) -> Odds | None:
        """The odds of that day."""
        return self._odds.get((offer_id, reason, band_of(tenure_months)))

    def as_rows(self) -> list[list[str]]:
        """The rows they came from."""
        return self._rows


def band_of(tenure_months: int) -> str:
    """The name of the band of tenure."""
    return next(name for begins, name in reversed(TENURE_BANDS) if tenure_months >= begins or begins == 0)


def _counted(outcomes: Iterable[Outcome], days: PayingDays, least: int) -> Mapping[_Cell, Cell]:
    shown: Counter[_Cell] = Counter()
    accepted: Counter[_Cell] = Counter()
    known: Counter[_Cell] = Counter()
    kept: Counter[_Cell] = Counter()
    for outcome in outcomes:
        offer_id = WITHHELD if outcome.status == "withheld" else outcome.offer_id
        key = (offer_id, outcome.reason, band_of(outcome.tenure_months))
        shown[key] += 1
        accepted[key] += outcome.status == "accepted"
        pays = getattr(outcome, f"paying_{days}")
        known[key] += pays is not None
        kept[key] += bool(pays)
    return {
        key: Cell(*key, shown[key], accepted[key], Share(kept[key], known[key]), _label(known[key], least))
        for key in shown
    }


def _label(n: int, least: int) -> Literal["counted", "no data"]:
    return "counted" if n >= least else "no data"
