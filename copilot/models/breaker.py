"""A circuit breaker: a model that keeps failing is left alone for a while, then tried once."""

from collections.abc import Callable
from threading import Lock

FAILURES_TO_OPEN = 5
REST_S = 30.0


class Breaker:
    """Closed while calls succeed; open after a row of failures; after a rest one call may try. Safe between threads."""

    def __init__(
        self, clock: Callable[[], float], *, failures_to_open: int = FAILURES_TO_OPEN, rest_s: float = REST_S
    ) -> None:
        self._clock = clock
        self._failures_to_open = failures_to_open
        self._rest_s = rest_s
        self._lock = Lock()
        self._failures = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """No call may be made now."""
        with self._lock:
            return self._is_open()

    @property
    def has_tripped(self) -> bool:
        """It opened, and no call has succeeded since; unlike `is_open` it does not change while it rests."""
        with self._lock:
            return self._failures >= self._failures_to_open

    def may_call(self) -> bool:
        """Whether to call now; the one who tries an open breaker keeps the others out for another rest."""
        with self._lock:
            if self._is_open():
                return False
            if self._failures >= self._failures_to_open:
                self._closed_again_at = self._clock() + self._rest_s
            return True

    def succeeded(self) -> None:
        """The model answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """The model did not answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._failures_to_open:
                self._closed_again_at = self._clock() + self._rest_s

    def _is_open(self) -> bool:
        return self._failures >= self._failures_to_open and self._clock() < self._closed_again_at
