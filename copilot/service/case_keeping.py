"""Promises and red flags of calls become cases: when a call has ended, and at the start for what was missed."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from copilot.calls.live import LiveCalls
from copilot.cases.desk import CaseDesk
from copilot.errors import NotFound
from copilot.service.keeping import CallKeeper

CATCH_UP = timedelta(days=7)


class CaseKeeping(CallKeeper):
    """Keeps the cases of one tenant's calls."""

    def __init__(self, live: LiveCalls, desk: CaseDesk) -> None:
        super().__init__("follow-ups", live.ended_since(datetime.now(UTC) - CATCH_UP))  # what ended before a crash
        self._live, self._desk = live, desk
        self.start()

    def look_at(self, call_id: str) -> None:
        """Open the cases of a call that has ended: what was promised, and the flags that were raised."""
        progress = self._live.progress(call_id)  # takes no lock; None where the call is not in memory
        with suppress(NotFound):
            if progress.ended if progress is not None else self._live.has_ended(call_id):
                note, now = self._live.note(call_id), datetime.now(UTC)
                self._desk.from_note(note, now=now)
                events = [{"type": each.type, "body": each.body} for each in self._live.events(call_id)]
                self._desk.from_flags(note, events, now=now)
