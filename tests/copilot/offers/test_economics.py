from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import BadInput
from copilot.offers import Outlook, margins, monthly_rate, value_of

D = Decimal
EXAMPLE = Outlook(
    margin=D("37.50"),
    monthly_survival=D("0.98"),
    monthly_rate=D("0.008"),
    horizon_months=12,
    stays_without_offer=D("0.20"),
    stays_with_offer=D("0.45"),
    contact_cost=D("4.50"),
)


def test_the_handbooks_example_comes_out_to_the_cent() -> None:
    value = value_of([D("15.00")] * 3, D(0), EXAMPLE)
    assert value.as_json() == {
        "V0": "384.16",
        "C": "43.41",
        "dEV": "72.00",
        "C_max": "203.42",
        "roi": "3.00",
        "cannibalisation": "8.68",
    }


def test_the_margin_of_each_month_with_a_concession() -> None:
    # 60 less 15 leaves 45, less 22.50 leaves half of it
    assert margins(D("60.00"), D("22.50"), [D("15.00")]) == [D("50.00")]
    assert margins(D("60.00"), D("22.50"), [D("60.00")]) == [None]


def test_ten_percent_a_year_is_that_much_a_month() -> None:
    assert round(monthly_rate(D("10")), 6) == D("0.007974")


def test_what_is_given_at_once_counts_in_full() -> None:
    assert value_of([], D("25.00"), EXAMPLE).cost == D("25.00")


def test_months_beyond_the_horizon_are_left_out() -> None:
    assert value_of([D("1.00")] * 500, D(0), EXAMPLE) == value_of([D("1.00")] * 12, D(0), EXAMPLE)


def test_an_offer_that_changes_nothing_costs_what_it_gives() -> None:
    useless = replace(EXAMPLE, stays_with_offer=D("0.20"))
    value = value_of([D("15.00")] * 3, D(0), useless)
    assert value.gain == D("-13.18")  # -0.20 x 43.41 - 4.50
    assert value.cost_max is not None
    assert value.cost_max < 0


def test_with_no_chance_that_they_stay_no_concession_breaks_even() -> None:
    assert value_of([], D(0), replace(EXAMPLE, stays_with_offer=D(0))).cost_max is None


@pytest.mark.parametrize("wrong", [{"monthly_survival": D("1.1")}, {"horizon_months": 0}, {"monthly_rate": D("-1")}])
def test_assumptions_without_sense_are_refused(wrong: dict[str, Decimal]) -> None:
    with pytest.raises(BadInput, match=r"offers\.yaml"):
        value_of([], D(0), replace(EXAMPLE, **wrong))  # type: ignore[arg-type]


@given(
    st.decimals(0, 200, places=2), st.decimals(0, 50, places=2), st.integers(0, 12), st.decimals("0.01", 1, places=2)
)
def test_a_concession_of_the_break_even_gains_nothing(margin: Decimal, each: Decimal, months: int, p1: Decimal) -> None:
    outlook = replace(EXAMPLE, margin=margin, stays_with_offer=p1)
    value = value_of([each] * months, D(0), outlook)
    assert value.cost_max is not None
    at_break_even = value_of([], value.cost_max, outlook)
    assert abs(at_break_even.gain) <= D("0.01")
    assert (value.gain > D("0.01")) <= (value.cost < value.cost_max)
