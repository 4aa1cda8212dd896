from datetime import UTC, datetime
from decimal import Decimal

import pytest

from copilot.offers import CountedEstimates
from copilot.offers.estimates import Share, StoredEstimates, band_of
from copilot.store import Outcome, OutcomeStatus
from knowledge.rules.offers import Economics

D = Decimal
AT = datetime(2026, 8, 1, tzinfo=UTC)
ECONOMICS = Economics(
    horizon_months=12,
    annual_rate_percent=D("10"),
    monthly_survival=D("0.98"),
    contact_cost=D("4.50"),
    stays_without_offer=D("0.20"),
    stays_with_offer=D("0.45"),
    min_outcomes=30,
    source="test",
)


def outcomes(count: int, kept: int, offer_id: str = "OF-A", status: OutcomeStatus = "accepted") -> list[Outcome]:
    return [
        Outcome(f"{offer_id}-{number}", "C", offer_id, "price", status, 14, AT, paying_90=number < kept)
        for number in range(count)
    ]


def test_below_the_minimum_there_is_no_data() -> None:
    estimates = CountedEstimates(outcomes(29, 20), ECONOMICS)
    assert estimates.odds("OF-A", "price", 14) is None
    (cell,) = estimates.cells()
    assert (cell.as_json()["label"], cell.as_json()["stays"]) == ("no data", None)


def test_without_a_holdout_the_odds_are_not_causal() -> None:
    odds = CountedEstimates(outcomes(40, 21), ECONOMICS).odds("OF-A", "price", 14)
    assert odds is not None
    assert odds.stays_with == D("0.5238")  # (1 + 21) / (2 + 40)
    assert odds.stays_without == D("0.20")
    assert odds.label == "not causal: no holdout"


def test_with_a_holdout_both_shares_are_counted() -> None:
    estimates = CountedEstimates([*outcomes(40, 21), *outcomes(38, 7, "none", "withheld")], ECONOMICS)
    odds = estimates.odds("OF-A", "price", 14)
    assert odds is not None
    assert odds.stays_without == D("0.2")  # (1 + 7) / (2 + 38)
    assert odds.label == "counted at 90 days"


def test_an_accepted_offer_is_no_save_until_it_is_known_who_pays() -> None:
    unknown = [Outcome(str(n), "C", "OF-A", "price", "accepted", 14, AT) for n in range(50)]
    (cell,) = CountedEstimates(unknown, ECONOMICS).cells()
    assert (cell.accepted, cell.share.n, cell.label) == (50, 0, "no data")


def test_another_reason_or_tenure_is_another_cell() -> None:
    estimates = CountedEstimates(outcomes(40, 21), ECONOMICS)
    assert estimates.odds("OF-A", "competitor", 14) is None
    assert estimates.odds("OF-A", "price", 30) is None
    assert estimates.odds("OF-A", "price", 23) is not None


def test_the_interval_is_that_of_the_posterior() -> None:
    low, high = Share(8, 10).interval()  # Beta(9, 3): quantiles 0.025 and 0.975
    assert (round(low, 4), round(high, 4)) == (0.4822, 0.9398)


def test_stored_odds_are_the_counted_ones() -> None:
    counted = CountedEstimates([*outcomes(40, 21), *outcomes(38, 7, "none", "withheld")], ECONOMICS)
    stored = StoredEstimates(counted.as_rows())
    assert stored.odds("OF-A", "price", 14) == counted.odds("OF-A", "price", 14)
    assert stored.odds("OF-B", "price", 14) is None


@pytest.mark.parametrize(
    ("months", "band"),
    [(0, "under 1 year"), (11, "under 1 year"), (12, "1 year"), (24, "2 to 4 years"), (400, "5 years and more")],
)
def test_tenure_falls_into_bands(months: int, band: str) -> None:
    assert band_of(months) == band
