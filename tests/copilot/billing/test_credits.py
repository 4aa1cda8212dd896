from decimal import Decimal

import pytest

from copilot.billing import outage_credit
from copilot.errors import BadInput
from knowledge.rules.tariff import OutageCredit

D = Decimal
RULES = OutageCredit(
    automatic_above_hours=24,
    on_request_from_hours=4,
    unit_hours=24,
    business_beyond_hours=4,
    business_percent_per_started_hour=D("5"),
    business_cap_percent=D("100"),
)


@pytest.mark.parametrize(
    ("hours", "amount", "entitlement"),
    [("3.5", "0.00", "none"), ("4", "2.50", "on_request"), ("24", "2.50", "on_request"), ("25", "5.00", "automatic")],
)
def test_homes_get_a_days_price_for_each_begun_day(hours: str, amount: str, entitlement: str) -> None:
    credit = outage_credit(RULES, "home", D("75.00"), D(hours), 30)  # a day is 2.50
    assert (str(credit.amount), credit.entitlement) == (amount, entitlement)


@pytest.mark.parametrize(("hours", "amount"), [("4", "0.00"), ("4.1", "9.00"), ("6", "18.00"), ("100", "180.00")])
def test_businesses_get_a_share_for_each_begun_hour_beyond_and_never_more_than_the_price(
    hours: str, amount: str
) -> None:
    assert str(outage_credit(RULES, "business", D("180.00"), D(hours), 30).amount) == amount  # 5 % is 9.00


def test_a_home_never_gets_back_more_than_the_month() -> None:
    assert outage_credit(RULES, "home", D("75.00"), D("2000"), 30).amount == D("75.00")


def test_hours_below_zero_are_refused() -> None:
    with pytest.raises(BadInput):
        outage_credit(RULES, "home", D("75.00"), D("-1"), 30)
