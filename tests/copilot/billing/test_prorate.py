from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.billing import prorate, prorate_change
from copilot.errors import BadInput

D = Decimal


def test_the_handbooks_example() -> None:
    assert prorate(D("59.99"), 11, 30) == D("22.00")  # 21.9963


@pytest.mark.parametrize(("days", "period"), [(-1, 30), (31, 30), (1, 0)])
def test_days_outside_the_period_are_refused(days: int, period: int) -> None:
    with pytest.raises(BadInput):
        prorate(D("10.00"), days, period)


def test_a_change_of_plan_gives_back_the_old_and_charges_the_new() -> None:
    # November, from the 16th on 15 of 30 days: -75/2 + 95/2
    change = prorate_change(D("75.00"), D("95.00"), date(2026, 11, 16), date(2026, 11, 1), date(2026, 11, 30))
    assert [str(part.amount) for part in change.components] == ["-37.50", "47.50"]
    assert change.net == D("10.00")


def test_a_change_outside_the_period_is_refused() -> None:
    with pytest.raises(BadInput, match="outside the period"):
        prorate_change(D("1.00"), D("2.00"), date(2026, 12, 1), date(2026, 11, 1), date(2026, 11, 30))


@given(st.decimals(min_value=0, max_value=1000, places=2), st.integers(1, 31), st.data())
def test_both_parts_of_a_month_make_the_month_to_a_cent(price: Decimal, period: int, data: st.DataObject) -> None:
    days = data.draw(st.integers(0, period))
    assert abs(prorate(price, days, period) + prorate(price, period - days, period) - price) <= D("0.01")
    assert prorate(price, period, period) == price
