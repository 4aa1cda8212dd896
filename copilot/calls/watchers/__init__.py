"""What watches every turn, one file a concern: each looks at the moment and says what it noticed. No I/O, no model."""

from copilot.calls.moment import Watcher
from copilot.calls.watchers import (
    before_hang_up,
    disclosures,
    dispatch,
    feelings,
    flags,
    obstruction,
    offers,
    payment,
    proof,
    recording,
    save_attempts,
    script,
    third_party,
    unverified,
    verification,
)

WATCHERS: tuple[Watcher, ...] = (  # in the order their events are appended, and their cards considered
    flags.watch,
    third_party.watch,
    verification.watch,
    unverified.watch,
    proof.watch,
    save_attempts.watch,  # behind flags: its alert about a repeated "cancel" takes the place of the cue's own
    obstruction.watch,
    offers.watch,
    recording.watch,
    payment.watch,
    dispatch.watch,
    disclosures.watch,
    feelings.watch,
    before_hang_up.watch,
    script.watch,
)

__all__ = ["WATCHERS"]
