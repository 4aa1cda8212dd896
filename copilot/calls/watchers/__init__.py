"""What watches every turn, one file a concern: each looks at the moment and says what it noticed. No I/O, no model."""

from copilot.calls.moment import Watcher
from copilot.calls.watchers import (
    disclosures,
    dispatch,
    flags,
    obstruction,
    payment,
    recording,
    save_attempts,
    verification,
)

WATCHERS: tuple[Watcher, ...] = (  # in the order their events are appended
    flags.watch,
    verification.watch,
    save_attempts.watch,  # behind flags: its alert about a repeated "cancel" takes the place of the cue's own
    obstruction.watch,
    recording.watch,
    payment.watch,
    dispatch.watch,
    disclosures.watch,
)

__all__ = ["WATCHERS"]
