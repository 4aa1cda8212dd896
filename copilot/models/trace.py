"""What is told about each completed task of the language model: which prompt, how long, how much; never a text."""

import json
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from threading import Lock
from typing import Literal

KEPT = 100

Outcome = Literal["answered", "repaired", "unavailable", "invalid", "too_long"]

_logger = logging.getLogger("copilot.models")


@dataclass(frozen=True)
class Trace:
    """One task, answered or not; `version` is the prompt's, `usd` is None without prices."""

    at: str
    task: str
    prompt: str
    version: int
    model: str
    latency_s: float
    input_tokens: int
    output_tokens: int
    usd: Decimal | None
    outcome: Outcome


class Traces:
    """Logs each trace at level INFO and remembers the last of them; safe to use from several threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = Lock()
        self._last: deque[Trace] = deque(maxlen=kept)

    def add(self, trace: Trace) -> None:
        """Take one in."""
        with self._lock:
            self._last.append(trace)
        if _logger.isEnabledFor(logging.INFO):
            _logger.info("model task %s", json.dumps(asdict(trace), default=str))

    def last(self) -> Sequence[Trace]:
        """The newest, oldest of them first."""
        with self._lock:
            return tuple(self._last)
