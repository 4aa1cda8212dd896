"""What watches every turn, one file a concern: each looks at the moment and says what it noticed. No I/O, no model."""

from copilot.calls.moment import Watcher
from copilot.calls.watchers import flags, proof, third_party, unverified, verification

# in the order their events are appended
WATCHERS: tuple[Watcher, ...] = (flags.watch, third_party.watch, verification.watch, unverified.watch, proof.watch)

__all__ = ["WATCHERS"]
