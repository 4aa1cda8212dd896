from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.billing import cost, quantity
from copilot.errors import BadInput


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("1.5 GB", "MB", Fraction(1500)),
        ("1 GiB", "MiB", Fraction(1024)),
        ("90 min", "hours", Fraction(3, 2)),
        ("2 horas", "minutos", Fraction(120)),
        ("12 %", "ratio", Fraction(3, 25)),
        ("$84.37", "cents", Fraction(8437)),
        ("1,000 Mbps", "Gbps", Fraction(1)),
        ("2 weeks", "days", Fraction(14)),
    ],
)
def test_a_quantity_is_told_in_another_unit_exactly(text: str, unit: str, number: Fraction) -> None:
    assert quantity(text).in_unit(unit) == number


def test_like_kinds_are_added_and_compared() -> None:
    used = quantity("4.2 GB") + quantity("800 MB")
    assert used.per(quantity("20 GB")) == Fraction(1, 4)
    assert (quantity("1 h") - quantity("15 min")).in_unit("min") == 45


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: quantity("5 GB") + quantity("5 min"),
        lambda: quantity("5 GB").in_unit("min"),
        lambda: quantity("5 GB").per(quantity("0 GB")),
        lambda: quantity("5 parsecs"),
        lambda: quantity("five GB"),
        lambda: quantity("5"),
    ],
)
def test_what_cannot_be_computed_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(BadInput):
        wrong()


def test_a_use_is_priced_by_its_unit_and_rounded_once() -> None:
    assert cost(quantity("90 min"), Decimal("0.039"), "min") == Decimal("3.51")
    assert cost(quantity("1 h"), Decimal("0.039"), "min") == Decimal("2.34")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_sums_in_one_unit_are_sums_in_another(first: int, second: int) -> None:
    together = quantity(f"{first} MB") + quantity(f"{second} MB")
    assert together.in_unit("GB") * 1000 == first + second
