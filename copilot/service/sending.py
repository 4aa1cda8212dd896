"""Sends what was approved, in a thread of its own, for as long as the service runs."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from copilot.connect.sending import Sender
from copilot.review.sending import send_due
from copilot.store import Outbox, OutboxRow

LOOK_S = 5.0

_logger = logging.getLogger(__name__)


class SendingLoop:
    """Looks every LOOK_S seconds and when it is woken; begins a thread, which `close` ends."""

    def __init__(self, outbox: Outbox, senders: Mapping[str, Sender], on_sent: Callable[[OutboxRow], None]) -> None:
        self._outbox, self._senders, self._on_sent = outbox, senders, on_sent
        self._wake = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="sending")
        self._thread.start()

    def wake(self) -> None:
        """Look soon."""
        self._wake.set()

    def close(self) -> None:
        """Stop; what is being sent is sent."""
        self._is_closed = True
        self._wake.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._is_closed:
            try:
                send_due(self._outbox, self._senders, clock=lambda: datetime.now(UTC), on_sent=self._on_sent)
            except Exception as error:  # the next look may do better; its text may hold a customer's words
                _logger.warning("sending: %s", type(error).__name__)
            self._wake.wait(timeout=LOOK_S)
            self._wake.clear()
