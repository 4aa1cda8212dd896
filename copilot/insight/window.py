"""The time a report is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.errors import BadInput

LONGEST = timedelta(days=400)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Window:
    """From `begin` on and before `end`; both aware."""

    begin: datetime
    end: datetime

    @classmethod
    def of(cls, begin: datetime, end: datetime) -> "Window":
        """The window between two moments.

        Raises:
            BadInput: it is empty, or longer than LONGEST.
        """
        if not timedelta(0) < end - begin <= LONGEST:
            raise BadInput(
                f"The window is {begin.isoformat()} to {end.isoformat()}; allowed are up to {LONGEST.days} days, "
                "the end after the beginning. Choose other days."
            )
        return cls(begin, end)

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.begin <= at < self.end

    def before(self) -> "Window":
        """The window of the same length before this one."""
        return Window(self.begin - (self.end - self.begin), self.begin)

    def weeks(self) -> Iterator["Window"]:
        """The window in weeks, counted back from its end; the first may be shorter."""
        ends = []
        at = self.end
        while at > self.begin:
            ends.append(at)
            at -= WEEK
        for end in reversed(ends):
            yield Window(max(self.begin, end - WEEK), end)
