"""Promises and red flags of calls become cases: when a call has ended, and at the start for what was missed."""

import logging
import threading
from datetime import UTC, datetime, timedelta

from copilot.calls.live import LiveCalls
from copilot.cases.desk import CaseDesk
from copilot.errors import NotFound

LOOK_S = 0.5
TRIES = 5
CATCH_UP = timedelta(days=7)

_logger = logging.getLogger(__name__)


class CaseKeeping:
    """Keeps the cases of one tenant's calls; begins a thread, which `close` ends."""

    def __init__(self, live: LiveCalls, desk: CaseDesk) -> None:
        self._live, self._desk = live, desk
        self._changed = threading.Condition()
        since = datetime.now(UTC) - CATCH_UP
        self._moved: set[str] = set(live.ended_since(since))  # what ended before a crash
        self._failed: dict[str, int] = {}
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="case keeping")
        self._thread.start()

    def moved_on(self, call_id: str) -> None:
        """Leave word that something was appended to a call; takes no time and waits for nothing."""
        with self._changed:
            self._moved.add(call_id)
            self._changed.notify()

    def look(self) -> None:
        """Open the cases of the calls that ended."""
        with self._changed:
            moved, self._moved = self._moved, set()
        for call_id in moved:
            try:
                progress = self._live.progress(call_id)
                if progress is None or progress.ended:
                    self._keep(call_id)
                self._failed.pop(call_id, None)
            except NotFound:  # no note yet
                continue
            except Exception as error:  # one call must not stop the others; its text may hold a caller's words
                _logger.warning("follow-ups of a call were not recorded: %s", type(error).__name__)
                self._again(call_id)

    def _again(self, call_id: str) -> None:
        """Look at a call once more, a few times: a database that was busy is free a moment later."""
        tries = self._failed.pop(call_id, 0) + 1
        if tries < TRIES:
            self._failed[call_id] = tries
            with self._changed:
                self._moved.add(call_id)

    def close(self) -> None:
        """Record what is left, and stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(timeout=5)
        self.look()

    def _keep(self, call_id: str) -> None:
        note, now = self._live.note(call_id), datetime.now(UTC)
        self._desk.from_note(note, now=now)
        events = [{"type": each.type, "body": each.body} for each in self._live.events(call_id)]
        self._desk.from_flags(note, events, now=now)

    def _run(self) -> None:
        while not self._is_closed:
            with self._changed:
                if not self._moved:
                    self._changed.wait()
            threading.Event().wait(LOOK_S)  # many turns, one look
            self.look()
