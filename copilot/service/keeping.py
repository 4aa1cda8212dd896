"""Keeps something beside the calls: requests only leave word that a call has moved on, a thread of its own looks at it.

What a keeper records goes in under ids of its own making, so that the same again changes nothing.
"""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable

LOOK_S = 0.5
TRIES = 5  # of a call that cannot be looked at

_logger = logging.getLogger(__name__)


class CallKeeper(ABC):
    """Looks at calls that moved on; `start` begins a thread, which `close` ends.

    Args:
        what: is kept, for the log.
        at_once: calls to look at first, such as those that ended before a crash.
    """

    def __init__(self, what: str, at_once: Iterable[str] = ()) -> None:
        self._what = what
        self._changed = threading.Condition()
        self._looking = threading.Lock()
        self._moved: set[str] = set(at_once)
        self._failed: dict[str, int] = {}
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"keeping {what}")

    @abstractmethod
    def look_at(self, call_id: str) -> None:
        """Record what is new in a call."""

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def moved_on(self, call_id: str) -> None:
        """Leave word that something was appended to a call; takes no time and waits for nothing."""
        with self._changed:
            self._moved.add(call_id)
            self._changed.notify()

    def look(self) -> None:
        """Record what is new in the calls that moved on."""
        with self._looking:
            with self._changed:
                moved, self._moved = self._moved, set()
            for call_id in moved:
                try:
                    self.look_at(call_id)
                    self._failed.pop(call_id, None)
                except Exception as error:  # one call must not stop the others; its text may hold a caller's words
                    _logger.warning("%s of a call were not recorded: %s", self._what, type(error).__name__)
                    self._again(call_id)

    def _again(self, call_id: str) -> None:
        """Look at a call once more, a few times: a database that was busy is free a moment later."""
        tries = self._failed.pop(call_id, 0) + 1
        if tries < TRIES:
            self._failed[call_id] = tries
            with self._changed:
                self._moved.add(call_id)

    def close(self) -> None:
        """Record what is left, and stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(timeout=5)
        self.look()

    def _run(self) -> None:
        while not self._is_closed:
            with self._changed:
                if not self._moved:
                    self._changed.wait()
            time.sleep(LOOK_S)  # many turns, one look
            self.look()
