from decimal import Decimal

import pytest

from copilot.errors import BadInput
from copilot.money import Component, in_words, parse_money, parse_percent, percent_of, round_cents, total_of


def test_half_a_cent_goes_up() -> None:
    assert round_cents(Decimal("2.005")) == Decimal("2.01")
    assert round_cents(Decimal("-2.005")) == Decimal("-2.01")


@pytest.mark.parametrize(("given", "read"), [("84.37", "84.37"), (84.37, "84.37"), (84, "84.00"), (" 5.5 ", "5.50")])
def test_an_amount_is_read_as_it_was_written(given: object, read: str) -> None:
    assert str(parse_money(given)) == read


@pytest.mark.parametrize("given", ["84.375", "$84", "1,000.00", "", "NaN", "Infinity", 1e300, True, None, 0.1 + 0.2])
def test_what_is_no_amount_in_cents_is_refused_by_name(given: object) -> None:
    with pytest.raises(BadInput, match="past_due"):
        parse_money(given, "past_due")


def test_an_amount_below_zero_is_refused_unless_it_may_be() -> None:
    with pytest.raises(BadInput, match="below zero"):
        parse_money("-1.00")
    assert parse_money("-1.00", may_be_negative=True) == Decimal("-1.00")


def test_a_percentage_is_exact() -> None:
    assert percent_of(parse_percent("8.875"), Decimal("40.00")) == Decimal("3.55")
    for wrong in ("101", "-1", "8,25", "x"):
        with pytest.raises(BadInput):
            parse_percent(wrong)


def test_components_add_up_without_rounding() -> None:
    parts = [Component(str(place), Decimal("0.10"), "") for place in range(3)]
    assert total_of(parts) == Decimal("0.30")


@pytest.mark.parametrize(
    ("currency", "words"), [("USD", "$1,250.50"), ("EUR", "€1,250.50"), ("GBP", "£1,250.50"), ("CHF", "1,250.50 CHF")]
)
def test_an_amount_is_read_in_its_currency(currency: str, words: str) -> None:
    assert in_words(Decimal("1250.50"), currency) == words
