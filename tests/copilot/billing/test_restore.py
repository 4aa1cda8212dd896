from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.billing import RestorationFee, RestoreInput, restore_due
from copilot.errors import BadInput

D = Decimal
EXAMPLE = RestoreInput(
    past_due=D("84.37"),
    current_due=D("42.19"),
    fees=(RestorationFee(D("20.00"), 2),),
    tax_percent=D("8.25"),
    deposit_required=D("50.00"),
    unapplied_credits=D("10.00"),
    open_disputed=D("12.50"),
)
CENTS = st.decimals(min_value=0, max_value=10_000, places=2)


def test_the_handbooks_example_past_due_only() -> None:
    # 84.37 + 40.00 + 3.30 (8.25 % of 40.00) + 50.00 - 10.00 - 12.50
    assert restore_due(EXAMPLE).total == D("155.17")


def test_the_handbooks_example_with_current_charges() -> None:
    assert restore_due(replace(EXAMPLE, include_current=True)).total == D("197.36")


def test_every_component_is_shown_with_how_it_came_about() -> None:
    due = restore_due(EXAMPLE)
    assert [(part.name, str(part.amount), part.how) for part in due.components] == [
        ("past_due", "84.37", "unpaid and beyond its due date"),
        ("restoration_fee", "40.00", "20.00 x 2 line"),
        ("tax_on_fees", "3.30", "8.25 % of 40.00"),
        ("deposit_required", "50.00", "security deposit"),
        ("unapplied_credits", "-10.00", "credits not yet applied"),
        ("open_disputed", "-12.50", "disputed, so not due now"),
    ]


def test_fees_that_are_not_taxable_carry_no_tax() -> None:
    fees = (RestorationFee(D("20.00"), 1), RestorationFee(D("35.00"), 1, is_taxable=False))
    due = restore_due(replace(EXAMPLE, fees=fees))
    assert {part.name: str(part.amount) for part in due.components}["tax_on_fees"] == "1.65"


def test_a_credit_larger_than_the_debt_is_left_over_and_nothing_is_due() -> None:
    due = restore_due(RestoreInput(past_due=D("5.00"), unapplied_credits=D("30.00")))
    assert (due.total, due.credit_left) == (D("0.00"), D("25.00"))


def test_a_dispute_takes_nothing_off_fees() -> None:
    given = RestoreInput(D("10.00"), D("30.00"), fees=(RestorationFee(D("20.00"), 1),), open_disputed=D("40.00"))
    assert restore_due(given).total == D("20.00")


def test_more_disputed_than_unpaid_is_refused() -> None:
    with pytest.raises(BadInput, match=r"open_disputed 50\.00 exceeds"):
        restore_due(RestoreInput(past_due=D("49.99"), open_disputed=D("50.00")))


@given(
    past=CENTS, current=CENTS, fee=CENTS, units=st.integers(0, 20), percent=st.decimals(0, 20, places=3), credit=CENTS
)
def test_the_components_always_add_up_in_whole_cents(
    past: Decimal, current: Decimal, fee: Decimal, units: int, percent: Decimal, credit: Decimal
) -> None:
    due = restore_due(
        RestoreInput(past, current, True, (RestorationFee(fee, units),), percent, unapplied_credits=credit)
    )
    assert sum(part.amount for part in due.components) == due.total - due.credit_left
    assert all(part.amount == part.amount.quantize(D("0.01")) for part in due.components)
    assert min(due.total, due.credit_left) == 0
