"""The breaker, with a clock that is passed in."""

import pytest

from copilot.models.breaker import Breaker
from copilot.models.patience import wait_s
from tests.copilot.models.conftest import StillTime


def test_a_row_of_failures_opens_it_and_a_success_in_between_does_not(still: StillTime) -> None:
    breaker = Breaker(still.clock, failures_to_open=2, rest_s=10)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.may_call()
    breaker.failed()
    assert not breaker.may_call()


def test_after_the_rest_one_may_try_while_the_others_wait(still: StillTime) -> None:
    breaker = Breaker(still.clock, failures_to_open=1, rest_s=10)
    breaker.failed()
    still.now += 10
    assert [breaker.may_call(), breaker.may_call()] == [True, False]
    breaker.succeeded()
    assert breaker.may_call()


def test_a_failed_trial_opens_it_for_another_rest(still: StillTime) -> None:
    breaker = Breaker(still.clock, failures_to_open=3, rest_s=10)
    for _ in range(3):
        breaker.failed()
    still.now += 10
    assert breaker.may_call()
    breaker.failed()
    still.now += 9
    assert not breaker.may_call()
    still.now += 1
    assert breaker.may_call()


@pytest.mark.parametrize(
    ("attempt", "after_s", "chance", "waits"),
    [(0, 0.0, 1.0, 0.5), (3, 0.0, 0.5, 2.0), (20, 0.0, 1.0, 8.0), (0, 3.0, 1.0, 3.0), (2, 0.0, 0.0, 0.0)],
)
def test_waits_double_with_jitter_up_to_a_bound(attempt: int, after_s: float, chance: float, waits: float) -> None:
    assert wait_s(attempt, after_s, chance) == waits


def test_it_counts_as_tripped_until_a_call_succeeds_however_long_it_rests(still: StillTime) -> None:
    breaker = Breaker(still.clock, failures_to_open=1, rest_s=10)
    breaker.failed()
    still.now += 60
    assert (breaker.is_open, breaker.has_tripped) == (False, True)
    breaker.succeeded()
    assert not breaker.has_tripped
