from datetime import UTC, datetime, timedelta

import pytest

from copilot.billing import decline, due_steps, may_retry, next_step
from copilot.errors import BadInput
from knowledge.pack import Pack
from knowledge.rules.payments import CardRules
from tests.copilot.billing.test_from_record import tariff_of

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LIMITS = CardRules(max_declines_a_day=3, stop_hours=24, max_retries=15, retry_window_days=30)


@pytest.mark.parametrize(
    ("code", "kind", "fraud", "retry"),
    [
        ("04", "hard", True, False),
        ("57", "hard", False, False),
        ("51", "soft", False, True),
        ("n3", "soft", False, True),
        ("54", "data_fix", False, False),
        ("05", "unknown", False, False),
    ],
)
def test_a_code_says_whether_the_card_may_be_tried_again(
    demo_pack: Pack, code: str, kind: str, fraud: bool, retry: bool
) -> None:
    found = decline(code, tariff_of(demo_pack))
    assert (found.decline_class, found.raises_fraud_flag, found.may_retry) == (kind, fraud, retry)


def test_one_code_means_different_things_on_different_networks(demo_pack: Pack) -> None:
    assert decline("03", tariff_of(demo_pack), "mastercard").decline_class == "hard"
    assert decline("24", tariff_of(demo_pack), "mastercard").decline_class == "soft"


def test_no_code_is_refused(demo_pack: Pack) -> None:
    with pytest.raises(BadInput):
        decline(" ", tariff_of(demo_pack))


def test_three_declines_a_day_stop_until_a_day_has_passed(demo_pack: Pack) -> None:
    soft = decline("51", tariff_of(demo_pack))
    tries = [NOW - timedelta(hours=hours) for hours in (1, 2, 3)]
    verdict = may_retry(tries, soft, LIMITS, NOW)
    assert not verdict.allowed
    assert verdict.from_time == NOW + timedelta(hours=23)
    assert may_retry(tries, soft, LIMITS, NOW + timedelta(hours=23)).allowed


def test_fifteen_tries_in_thirty_days_are_the_last(demo_pack: Pack) -> None:
    soft = decline("51", tariff_of(demo_pack))
    tries = [NOW - timedelta(days=day) for day in range(2, 17)]
    verdict = may_retry(tries, soft, LIMITS, NOW)
    assert not verdict.allowed
    assert verdict.from_time == tries[-1] + timedelta(days=30)


def test_a_hard_decline_is_never_retried(demo_pack: Pack) -> None:
    assert not may_retry([], decline("41", tariff_of(demo_pack)), LIMITS, NOW).allowed


def test_reminders_of_a_day_leave_retries_out_where_the_code_forbids_them(demo_pack: Pack) -> None:
    tariff = tariff_of(demo_pack)
    assert [step.action for step in due_steps(tariff.dunning, 7, decline("51", tariff))] == ["retry", "call"]
    assert [step.action for step in due_steps(tariff.dunning, 7, decline("41", tariff))] == ["call"]


def test_the_next_reminder_after_a_day_is_known(demo_pack: Pack) -> None:
    tariff = tariff_of(demo_pack)
    step = next_step(tariff.dunning, 1, decline("41", tariff))
    assert step is not None
    assert (step.day, step.action) == (7, "call")
    assert next_step(tariff.dunning, 30, decline("51", tariff)) is None
