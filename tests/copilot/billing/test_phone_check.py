from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from copilot.billing import Debit, authorisation
from copilot.errors import BadInput
from knowledge.pack import Pack
from knowledge.rules.payments import PhoneCheck
from tests.copilot.billing.test_from_record import tariff_of

DEBIT = Debit(
    authorised_on=date(2026, 11, 20),
    debit_on=date(2026, 11, 23),
    amount=Decimal("119.56"),
    customer_name="Ana Ruiz",
    account_last_four="6789",
    how_to_revoke="before 5 pm on November 22",
)


@pytest.fixture
def rules(demo_pack: Pack) -> PhoneCheck:
    found = tariff_of(demo_pack).phone_check
    assert found is not None
    return found


def test_the_words_hold_every_element(rules: PhoneCheck) -> None:
    ready = authorisation(DEBIT, rules)
    assert ready.missing == ()
    for part in (
        "2026-11-20",
        "2026-11-23",
        "$119.56",
        "Ana Ruiz",
        "6789",
        "555-0100",
        "before 5 pm",
        "one electronic",
    ):
        assert part in ready.says_en
    assert "¿Lo autoriza?" in ready.says_es
    assert ready.keep_until == date(2028, 11, 22)  # 730 days


def test_nothing_is_said_while_an_element_is_missing(rules: PhoneCheck) -> None:
    unready = authorisation(replace(DEBIT, customer_name=" ", how_to_revoke="", amount=Decimal("0.00")), rules)
    assert unready.missing == ("amount", "customer_name", "how_to_revoke")
    assert unready.says_en == ""


def test_a_business_needs_a_written_authority(rules: PhoneCheck) -> None:
    with pytest.raises(BadInput, match="written authority"):
        authorisation(DEBIT, rules, "business")


def test_more_than_four_digits_are_refused_and_not_repeated(rules: PhoneCheck) -> None:
    with pytest.raises(BadInput) as refused:
        authorisation(replace(DEBIT, account_last_four="123456789"), rules)
    assert "123456789" not in str(refused.value)


def test_a_debit_before_its_authorisation_is_refused(rules: PhoneCheck) -> None:
    with pytest.raises(BadInput):
        authorisation(replace(DEBIT, debit_on=date(2026, 11, 19)), rules)
