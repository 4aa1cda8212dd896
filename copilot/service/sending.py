"""Sends what was approved, in a thread of its own, for as long as the service runs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from copilot.connect.sending import Sender
from copilot.review.sending import send_due
from copilot.service.looking import LookingLoop
from copilot.store import Outbox, OutboxRow


class SendingLoop(LookingLoop):
    """Sends what is due; begins a thread, which `close` ends."""

    def __init__(self, outbox: Outbox, senders: Mapping[str, Sender], on_sent: Callable[[OutboxRow], None]) -> None:
        super().__init__("sending", lambda: send_due(outbox, senders, clock=lambda: datetime.now(UTC), on_sent=on_sent))
