"""A thread that looks for work every few seconds and when it is woken, for as long as the service runs."""

import logging
import threading
from collections.abc import Callable

LOOK_S = 5.0

_logger = logging.getLogger(__name__)


class LookingLoop:
    """Calls `look` at once, every LOOK_S seconds and when it is woken; begins a thread, which `close` ends."""

    def __init__(self, name: str, look: Callable[[], object]) -> None:
        self._name, self._look = name, look
        self._wake = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=name)
        self._thread.start()

    def wake(self) -> None:
        """Look soon."""
        self._wake.set()

    def close(self) -> None:
        """Stop; what is being done is done."""
        self._is_closed = True
        self._wake.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._is_closed:
            try:
                self._look()
            except Exception as error:  # the next look may do better; its text may hold a customer's words
                _logger.warning("%s: %s", self._name, type(error).__name__)
            self._wake.wait(timeout=LOOK_S)
            self._wake.clear()
