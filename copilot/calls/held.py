"""The calls a process holds in memory, those used last; any other is rebuilt from its events when it is asked for."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

from copilot.calls.fields import FieldsSoFar
from copilot.calls.state import CallState
from copilot.guard.redaction import RedactionPolicy, Redactor
from copilot.store import Event

CALLS_IN_MEMORY = 2000
ENDED_IN_MEMORY = 50  # of these: a call that has ended is seldom asked for, and then rebuilt from its events


@dataclass
class Held:
    """A call this process holds: its state, and what the redactor still has in its ear."""

    state: CallState
    redactor: Redactor
    recent: tuple[Event, ...] = ()  # the last events of the log, as they stand in it
    form: FieldsSoFar = field(default_factory=FieldsSoFar)  # what the turns of the state say to it
    preview: tuple[int, Mapping[str, Any]] | None = None  # the note of the running call, and the event it stands at
    lock: RLock = field(default_factory=RLock)


class HeldCalls:
    """Safe to use from several threads; what is done with a call is done under the call's own lock."""

    def __init__(self, policy: RedactionPolicy) -> None:
        self._policy = policy
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def hold(self, call_id: str) -> Held:
        """The call, empty when it was not held; the one used longest ago makes room for it."""
        with self._lock:
            held = self._held.get(call_id)
            if held is None:
                held = self._held[call_id] = Held(CallState(call_id), Redactor(self._policy))
            self._held.move_to_end(call_id)
            while len(self._held) > CALLS_IN_MEMORY:
                self._held.popitem(last=False)
            return held

    def get(self, call_id: str) -> Held | None:
        """The call if it is held; nothing is changed."""
        with self._lock:
            return self._held.get(call_id)

    def ended(self, call_id: str) -> None:
        """Note that a call was hung up, and let go of one that was long before."""
        with self._lock:
            self._ended[call_id] = None
            self._ended.move_to_end(call_id)
            while len(self._ended) > ENDED_IN_MEMORY:
                oldest, _ = self._ended.popitem(last=False)
                self._held.pop(oldest, None)
