from datetime import date
from decimal import Decimal

import pytest

from copilot.billing import Agreement, exit_charge, months_left
from copilot.errors import BadInput
from knowledge.pack import Pack
from knowledge.rules.tariff import TariffFile

D = Decimal


@pytest.fixture
def tariff(demo_pack: Pack) -> TariffFile:
    rules = demo_pack.rules["tariff"]
    assert isinstance(rules, TariffFile)
    return rules


def two_years(monthly: str) -> Agreement:
    return Agreement(date(2025, 4, 1), date(2027, 3, 31), D(monthly))


def test_homes_pay_an_amount_for_each_month_left(tariff: TariffFile) -> None:
    charge = exit_charge(tariff, two_years("75.00"), "home", date(2026, 10, 31))
    assert (charge.months_left, charge.amount) == (5, D("50.00"))  # 10.00 x 5
    assert charge.component.how == "10.00 x 5 months left"


def test_the_charge_of_a_home_never_exceeds_its_cap(tariff: TariffFile) -> None:
    long = Agreement(date(2026, 1, 1), date(2029, 1, 1), D("75.00"))
    assert exit_charge(tariff, long, "home", date(2026, 3, 1)).amount == D("240.00")


def test_businesses_pay_half_of_what_is_left(tariff: TariffFile) -> None:
    charge = exit_charge(tariff, two_years("224.00"), "business", date(2026, 10, 31))
    assert charge.amount == D("560.00")  # 50 % of 224.00 x 5


def test_leaving_within_the_free_days_costs_nothing(tariff: TariffFile) -> None:
    fresh = Agreement(date(2026, 11, 1), date(2027, 10, 31), D("75.00"))
    assert exit_charge(tariff, fresh, "home", date(2026, 12, 1)).amount == 0  # day 30
    assert exit_charge(tariff, fresh, "home", date(2026, 12, 2)).amount > 0


def test_an_older_agreement_has_the_free_days_of_its_time(tariff: TariffFile) -> None:
    older = Agreement(date(2025, 12, 1), date(2026, 11, 30), D("75.00"))  # 14 days until the end of 2025
    assert exit_charge(tariff, older, "home", date(2025, 12, 16)).amount > 0


def test_a_proven_waiver_costs_nothing_and_an_unknown_one_is_refused(tariff: TariffFile) -> None:
    assert exit_charge(tariff, two_years("75.00"), "home", date(2026, 10, 31), waiver="death").amount == 0
    with pytest.raises(BadInput, match="military-orders"):
        exit_charge(tariff, two_years("75.00"), "home", date(2026, 10, 31), waiver="lottery")


@pytest.mark.parametrize(
    ("on", "ends_on", "months"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 21), 1),
        (date(2026, 11, 20), date(2026, 12, 20), 1),
        (date(2026, 11, 20), date(2027, 1, 1), 2),
        (date(2026, 11, 20), date(2025, 1, 1), 0),
    ],
)
def test_a_begun_month_counts_as_a_whole_one(on: date, ends_on: date, months: int) -> None:
    assert months_left(on, ends_on) == months
