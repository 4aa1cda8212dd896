from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.billing import Wish, arrange, split
from copilot.errors import BadInput
from knowledge.rules.base import ValidFor
from knowledge.rules.tariff import ArrangementRules

D = Decimal
TODAY = date(2026, 11, 20)
RULES = ArrangementRules(
    valid_for=ValidFor(start=date(2026, 7, 1)),
    min_down_percent=D("25"),
    max_instalments=3,
    within_days=45,
    restore_on="first_payment",
    broken_if_days_late=3,
    hardship_within_days=90,
)


def test_the_handbooks_example_adds_up_to_the_cent() -> None:
    plan = arrange(D("197.36"), Wish(down_percent=D("50"), instalments=3), RULES, TODAY)
    assert plan.down_payment == D("98.68")
    assert [str(each.amount) for each in plan.instalments] == ["32.89", "32.89", "32.90"]
    assert plan.problems == ()


def test_without_days_the_payments_fill_the_time_there_is() -> None:
    plan = arrange(D("90.00"), Wish(instalments=3), RULES, TODAY)  # 45 days / 3
    assert [each.due_on for each in plan.instalments] == [date(2026, 12, 5), date(2026, 12, 20), date(2027, 1, 4)]


def test_what_goes_beyond_the_rules_is_said_with_its_numbers() -> None:
    plan = arrange(D("100.00"), Wish(down_payment=D("10.00"), instalments=4, every_days=20), RULES, TODAY, open_now=1)
    assert plan.problems == (
        "first payment 10.00 < 25.00 (25 % of 100.00)",
        "4 instalments > 3",
        "last payment 2027-02-08 is after 2027-01-04 (45 days)",
        "1 open arrangement(s), at most 1",
    )
    assert plan.as_json()["allowed"] is False


def test_the_hardship_path_has_more_time() -> None:
    wish = Wish(down_percent=D("25"), instalments=3, every_days=30)
    assert arrange(D("100.00"), wish, RULES, TODAY).problems
    assert not arrange(D("100.00"), wish, RULES, TODAY, is_hardship=True).problems


def test_everything_at_once_leaves_no_instalment() -> None:
    assert arrange(D("10.00"), Wish(down_percent=D("100")), RULES, TODAY).instalments == ()


def test_an_instalment_of_nothing_is_a_problem() -> None:
    assert (
        "an instalment of 0.00" in arrange(D("0.02"), Wish(down_percent=D("50"), instalments=3), RULES, TODAY).problems
    )


@pytest.mark.parametrize(
    ("total", "wish"),
    [
        ("0.00", Wish()),
        ("10.00", Wish(down_payment=D("10.01"))),
        ("10.00", Wish(instalments=0)),
        ("10.00", Wish(instalments=61)),
        ("10.00", Wish(every_days=0)),
    ],
)
def test_a_wish_without_sense_is_refused(total: str, wish: Wish) -> None:
    with pytest.raises(BadInput):
        arrange(D(total), wish, RULES, TODAY)


@given(st.decimals(min_value=0, max_value=100_000, places=2), st.integers(1, 60))
def test_instalments_add_up_exactly_and_differ_only_in_the_last(amount: Decimal, parts: int) -> None:
    pieces = split(amount, parts)
    assert sum(pieces) == amount
    assert len(set(pieces[:-1])) <= 1
    assert 0 <= pieces[-1] - pieces[0] < D("0.01") * parts


@given(st.decimals(min_value="0.01", max_value=100_000, places=2), st.integers(0, 100), st.integers(1, 12))
def test_an_arrangement_adds_up_exactly(total: Decimal, percent: int, instalments: int) -> None:
    plan = arrange(total, Wish(down_percent=D(percent), instalments=instalments), RULES, TODAY)
    assert plan.down_payment + sum(each.amount for each in plan.instalments) == total
