from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from copilot.guard.calling_hours import may_call_now
from knowledge.pack import house_consent
from knowledge.rules.consent import CallingHours

US = house_consent().calling_hours
THERE = ZoneInfo("America/New_York")


def state_rule(**fields: object) -> CallingHours:
    basis = {"basis": "law", "status": "verify", "source": ["a law"], "as_of": date(2026, 6, 30)}
    given = {"id": "US-FL", "jurisdiction": "US-FL", "opens": "08:00", "closes": "20:00", "weekdays": [1, 2, 3, 4, 5]}
    return CallingHours.model_validate({**basis, **given, **fields})


@pytest.mark.parametrize(
    ("at", "may"), [("07:59", False), ("08:00", True), ("12:00", True), ("20:59", True), ("21:00", False)]
)
def test_calls_begin_between_eight_and_nine_in_the_evening(at: str, may: bool) -> None:
    assert may_call_now(datetime.fromisoformat(f"2026-11-20T{at}"), US, state="TX").may_call is may


def test_the_narrowest_rule_that_reaches_the_customer_holds() -> None:
    rules = [*US, state_rule()]
    friday = datetime(2026, 11, 20, 20, 30, tzinfo=THERE)
    assert not may_call_now(friday, rules, state="FL").may_call
    assert may_call_now(friday, rules, state="TX").may_call
    window = may_call_now(friday, rules, state="FL")
    assert (window.opens, window.closes, window.rule_ids) == (time(8), time(20), ("US", "US-FL"))
    assert not may_call_now(datetime(2026, 11, 21, 12, tzinfo=THERE), rules, state="FL").may_call  # a Saturday


def test_where_the_state_is_unknown_every_states_rule_holds() -> None:
    assert not may_call_now(datetime(2026, 11, 20, 20, 30, tzinfo=THERE), [*US, state_rule()]).may_call


def test_a_rule_that_is_not_in_force_does_not_count_and_without_any_nobody_is_called() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=THERE)
    assert may_call_now(noon, [*US, state_rule(closes="09:00", effective_from="2027-01-01")], state="FL").may_call
    assert may_call_now(noon, [*US, state_rule(closes="09:00", status="proposed")], state="FL").may_call
    assert not may_call_now(noon, []).may_call
