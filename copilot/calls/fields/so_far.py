"""The form of a call that grows: each turn is read once, however often the form is asked for."""

from collections.abc import Sequence

from copilot.calls.fields.form import Field
from copilot.calls.fields.lines import read_line
from copilot.calls.fields.reader import Reader
from copilot.calls.fields.vocabulary import load_vocabulary
from copilot.transcript import Turn

BOOKMARK_EVERY = 16  # turns
BOOKMARKS = 4  # what amends earlier turns, a secret said in pieces, seldom reaches back further


class FieldsSoFar:
    """Reads the turns of one call as they come; for one thread at a time.

    When an earlier turn has changed, come late or got another language, reading goes on from the bookmark before it.
    What it remembers is derived: a new one that is given the same turns gives the same fields.
    """

    def __init__(self) -> None:
        self._language = "en"
        self._reader = Reader(load_vocabulary(self._language))
        self._read: list[Turn] = []
        self._bookmarks: list[tuple[int, Reader]] = []  # what was read before the turn of this place

    def hear(self, turns: Sequence[Turn], language: str) -> None:
        """Take in what is new in these turns: all of the call so far, as they were spoken."""
        turns = list(turns)
        if language != self._language:
            self._language = language
            self._go_back(0)
        elif self._read != turns[: len(self._read)]:
            self._go_back(_first_difference(self._read, turns))
        for turn in turns[len(self._read) :]:
            self._next(turn)

    def fields(self, turns: Sequence[Turn], language: str) -> list[Field]:
        """What an agent would type into a form if the call ended behind these turns; reading may go on afterwards."""
        self.hear(turns, language)
        return self._reader.copy().fields()

    def _next(self, turn: Turn) -> None:
        place = len(self._read)
        is_marked = any(marked == place for marked, _ in self._bookmarks)
        if place and place % BOOKMARK_EVERY == 0 and not is_marked:
            self._bookmarks = [*self._bookmarks[1 - BOOKMARKS :], (place, self._reader.copy())]
        self._reader.read(read_line(place, turn, load_vocabulary(self._language).language))
        self._read.append(turn)

    def _go_back(self, changed: int) -> None:
        """To the last bookmark in front of the turn that changed."""
        self._bookmarks = [(place, reader) for place, reader in self._bookmarks if place <= changed]
        if self._bookmarks:
            place, reader = self._bookmarks[-1]
            self._reader = reader.copy()
        else:
            place, self._reader = 0, Reader(load_vocabulary(self._language))
        del self._read[place:]


def _first_difference(before: Sequence[Turn], after: Sequence[Turn]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
