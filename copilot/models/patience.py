"""How long and how often a model is asked: retries with jitter within one deadline, a breaker around each call."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot.models.breaker import Breaker
from copilot.models.endpoint import Answer, CallFailed
from copilot.models.model import TaskLimits

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0


@dataclass(frozen=True)
class Surroundings:
    """Time and chance, passed in so that tests can hold them still."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = field(default=random.random)


def wait_s(attempt: int, after_s: float, chance: float) -> float:
    """How long to wait after the failure of `attempt` (from 0): full jitter, and never less than the server asks for.

    Between 0 and FIRST_WAIT_S * 2^attempt, at most LONGEST_WAIT_S.

    Source: Brooker, "Exponential backoff and jitter", AWS Architecture Blog 2015 ("full jitter").
    """
    return max(after_s, chance * min(LONGEST_WAIT_S, FIRST_WAIT_S * float(2**attempt)))


def ask_patiently(
    call: Callable[[float], Answer], *, limits: TaskLimits, until: float, breaker: Breaker, around: Surroundings
) -> Answer:
    """The answer to `call(timeout_s)`, asked again where that may help and there is time for it.

    Raises:
        CallFailed: the last failure; or the breaker is open, or the deadline has passed.
    """
    for attempt in range(limits.max_retries + 1):
        try:
            return _ask_once(call, min(limits.timeout_s, until - around.clock()), breaker)
        except CallFailed as failed:
            wait = wait_s(attempt, failed.after_s, around.chance())
            if not failed.may_retry or attempt == limits.max_retries or around.clock() + wait >= until:
                raise
            around.sleep(wait)
    raise AssertionError("the last attempt answers or raises")


def _ask_once(call: Callable[[float], Answer], timeout_s: float, breaker: Breaker) -> Answer:
    if timeout_s <= 0:
        raise CallFailed("had no time left for it")
    if not breaker.may_call():
        raise CallFailed("failed too often just now and is left alone for a while")
    try:
        answer = call(timeout_s)
    except CallFailed as failed:
        if failed.is_rejection:
            breaker.succeeded()  # it is there, it only does not take this
        else:
            breaker.failed()
        raise
    breaker.succeeded()
    return answer
