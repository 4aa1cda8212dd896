"""Sends what was approved, and never twice.

The message and the decision to send it are stored together. The worker holds a message, gives it to its adapter with
the draft's id as the key, and records the receipt. If it dies in between, the message is given to the adapter again
with the same key: an adapter that can tell sends once; one that cannot leaves it to a person.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.connect.sending import Sender, SendFailed
from copilot.store import Outbox, OutboxRow

HOLD = timedelta(minutes=2)
MOST_ATTEMPTS = 8
FIRST_WAIT_S = 5.0
LONGEST_WAIT_S = 3600.0
NOT_SENT = "not sent; it is tried again"


@dataclass(frozen=True)
class Sent:
    """What one round of the worker did."""

    sent: int = 0
    failed: int = 0


def send_due(
    outbox: Outbox,
    senders: Mapping[str, Sender],
    *,
    clock: Callable[[], datetime],
    chance: Callable[[], float] = random.random,
    most: int = 100,
    on_sent: Callable[[OutboxRow], None] = lambda _row: None,
) -> Sent:
    """Send what is due, at most so many; failures wait longer each time, and end where people see them.

    `on_sent` is told of each message after it is recorded as sent.
    """
    done = Sent()
    for _ in range(most):
        row = outbox.take(now=clock(), hold=HOLD)
        if row is None:
            return done
        is_sent = _send_one(outbox, senders, row, clock, chance)
        if is_sent:
            on_sent(row)
        done = Sent(done.sent + is_sent, done.failed + (not is_sent))
    return done


def _send_one(
    outbox: Outbox,
    senders: Mapping[str, Sender],
    row: OutboxRow,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
) -> bool:
    sender = senders.get(row.adapter)
    if sender is None:
        outbox.give_up(row, f"no adapter {row.adapter!r}; there are: {', '.join(senders)}", now=clock())
        return False
    if row.attempts > 1 and not sender.is_idempotent and row.detail != NOT_SENT:
        outbox.give_up(row, "its sender died; whether it went out cannot be told", now=clock(), unsure=True)
        return False
    try:
        receipt = sender.send(outbox.key(row), row.message)
    except SendFailed as error:
        failed = error
    except Exception as error:  # one bad receiver must not keep the others from being served
        failed = SendFailed(f"the adapter failed: {type(error).__name__}", may_have_left=True)
    else:
        outbox.sent(row, receipt, now=clock())
        return True
    if failed.may_have_left and not sender.is_idempotent:
        outbox.give_up(row, f"{failed}; whether it went out cannot be told", now=clock(), unsure=True)
    elif failed.is_final or row.attempts >= MOST_ATTEMPTS:
        outbox.give_up(row, str(failed), now=clock())
    else:
        # what was not sent may be tried again by any adapter; what nobody knows may not
        outbox.again(row, NOT_SENT, now=clock(), wait=_wait(row.attempts, chance))
    return False


def _wait(attempts: int, chance: Callable[[], float]) -> timedelta:
    seconds = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (attempts - 1))
    return timedelta(seconds=seconds * (0.5 + chance() / 2))
