"""How often somebody may ask: a bucket for each, which fills up again as time goes by."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from copilot.errors import CopilotError

MOST_KEPT = 10_000


class TooMany(CopilotError):
    """Somebody asks too often; `retry_after_s` says when they may again."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Rates:
    """Lets each key ask `most` times in `per_s` seconds, bursts included; with 0 as often as it likes."""

    def __init__(self, most: int, per_s: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._per_s, self._clock = most, per_s, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def check(self, key: str) -> None:
        """Count one.

        Raises:
            TooMany: that is one too many.
        """
        if not self._most:
            return
        with self._lock:
            now = self._clock()
            left, at = self._buckets.pop(key, (float(self._most), now))
            left = min(self._most, left + (now - at) * self._most / self._per_s)
            self._buckets[key] = (max(0.0, left - 1) if left >= 1 else left, now)
            if len(self._buckets) > MOST_KEPT:
                self._buckets.popitem(last=False)
        if left < 1:
            wait = (1 - left) * self._per_s / self._most
            raise TooMany(f"Too many requests; {self._most} in {self._per_s:g} s are allowed. Wait a while.", wait)
