"""A bounded queue in which a newer errand for the same thing takes the place of an older one that has not begun."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition


@dataclass(frozen=True)
class Errand:
    """Something to do; of those that wait the lowest `rank` goes first. `give_up` is called when it never runs."""

    key: str
    rank: int
    run: Callable[[], None]
    give_up: Callable[[], None] = lambda: None


class LatestQueue:
    """Errands that wait; at most one a key waits and at most one a key runs. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = Condition()
        self._waiting: dict[str, Errand] = {}
        self._running: set[str] = set()
        self._is_closed = False

    def put(self, errand: Errand) -> None:
        """Take one in; the older one with its key, or when full the last of the least urgent, is given up."""
        with self._changed:
            replaced = self._waiting.pop(errand.key, None)
            self._waiting[errand.key] = errand
            surplus = self._least_urgent() if len(self._waiting) > self._most or self._is_closed else None
            self._changed.notify()
        for given_up in (replaced, surplus):
            if given_up is not None:
                given_up.give_up()

    def take(self) -> Errand | None:
        """The next errand whose key does not run already, as soon as there is one; None once the queue is closed."""
        with self._changed:
            while True:
                if self._is_closed:
                    return None
                ready = [errand for key, errand in self._waiting.items() if key not in self._running]
                if ready:
                    errand = min(ready, key=lambda one: one.rank)  # among equals the one that waits longest
                    del self._waiting[errand.key]
                    self._running.add(errand.key)
                    return errand
                self._changed.wait()

    def done(self, key: str) -> None:
        """What was taken under this key is over."""
        with self._changed:
            self._running.discard(key)
            self._changed.notify()

    def holds(self, key: str) -> bool:
        """Whether an errand with this key waits or runs."""
        with self._changed:
            return key in self._waiting or key in self._running

    def close(self) -> None:
        """Give up what waits and let the takers go."""
        with self._changed:
            self._is_closed = True
            given_up, self._waiting = list(self._waiting.values()), {}
            self._changed.notify_all()
        for errand in given_up:
            errand.give_up()

    def _least_urgent(self) -> Errand:
        worst = max(reversed(self._waiting.values()), key=lambda one: one.rank)
        return self._waiting.pop(worst.key)
