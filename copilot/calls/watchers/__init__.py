"""What watches every turn, one file a concern: each looks at the moment and says what it noticed. No I/O, no model."""

from copilot.calls.moment import Watcher
from copilot.calls.watchers import flags, verification

WATCHERS: tuple[Watcher, ...] = (flags.watch, verification.watch)  # in the order their events are appended

__all__ = ["WATCHERS"]
