"""The slow path: what a language model adds to a call comes later, from threads of its own, or not at all.

Requests only leave word that a call has moved on. One thread looks which calls are due for a summary or for the wording
of their note; a few others ask the model and append the result if the call still wants it. Nothing here is kept: after
a crash the calls go on without it.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from copilot.answers import Answer, Finding
from copilot.calls.live import LiveCalls
from copilot.calls.state import CallState
from copilot.calls.summary import SummarySentence
from copilot.models import ModelHost
from copilot.service.latest import Errand, LatestQueue
from copilot.service.slow_errands import Kind, Outcome, SlowErrands

MAX_WAITING = 500
MAX_THREADS = 16
NOTE_PATIENCE_S = 30.0  # a note that has waited so long for its turn stays as it is
TOLD_AT_ONCE = 20  # calls a look; that the model fails is no reason to be busy
RANKS: tuple[Kind, ...] = ("answer", "note", "summary")  # what is more urgent goes first
_SAYS = {True: "does not answer", False: "answers again"}

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How often a call is summed up: after `turns` new turns and `gap_s`, or after two new ones and `idle_s`.

    Between two summaries of any calls lie `between_s`, for each takes processor time the fast path could use.
    """

    turns: int = 6
    gap_s: float = 10.0
    idle_s: float = 45.0
    between_s: float = 1.0
    look_s: float = 0.25

    def is_due(self, new_turns: int, waited_s: float) -> bool:
        """Whether a call with so many new turns, asked about so long ago, is due for a summary."""
        return (new_turns >= self.turns and waited_s >= self.gap_s) or (new_turns >= 2 and waited_s >= self.idle_s)


@dataclass
class _Watched:
    """A running call, as the slow path last saw it."""

    asked_at: float
    turns: int = 0
    told_degraded: bool = False
    summary: Sequence[SummarySentence] = ()


class SlowPath:
    """What a model does for the live calls of one tenant.

    Args:
        host: where the model works; asked from several threads.
        live: the calls.
        gazetteer: names of plans, offers and products.
        settled: told when nothing more will come to an ended call.
        threads: errands at once.
        pace: how often to sum up.
    """

    def __init__(
        self,
        host: ModelHost,
        live: LiveCalls,
        *,
        gazetteer: Sequence[str] = (),
        settled: Callable[[str], None] = lambda _call_id: None,
        threads: int = 4,
        pace: Pace | None = None,
    ) -> None:
        self._host = host
        self._live = live
        self._errands = SlowErrands(host, live, gazetteer)
        self._settled = settled
        self._pace = pace or Pace()
        self._queue = LatestQueue(MAX_WAITING)
        self._changed = threading.Condition()
        self._moved: set[str] = set()
        self._looked_at: set[str] = set()
        self._watched: dict[str, _Watched] = {}
        self._summed_up_at = 0.0
        self._is_closed = False
        for run in (self._look, *[self._work] * min(threads, MAX_THREADS)):
            threading.Thread(target=run, daemon=True, name="slow path").start()

    def moved_on(self, call_id: str) -> None:
        """Leave word that something was appended to a call; takes no time and waits for nothing."""
        with self._changed:
            self._moved.add(call_id)
            self._changed.notify()

    def is_settled(self, call_id: str) -> bool:
        """Whether no worded note will come to this call any more, as far as can be seen now."""
        with self._changed:
            if call_id in self._moved or call_id in self._looked_at:
                return False
        return not self._queue.holds(_key("note", call_id))

    def word(self, finding: Finding) -> "Future[Answer | None]":
        """The answer in the model's words, when it is there; None when the extractive one stands."""
        result: Future[Answer | None] = Future()
        run = partial(_resolve, result, lambda: self._errands.worded(finding))
        self._queue.put(Errand(f"ask/{id(result)}", 0, run, partial(_resolve, result, lambda: None)))
        return result

    def answer(self, call_id: str, finding: Finding, turn_ids: Sequence[str]) -> None:
        """Let the worded answer follow as an event; a newer question of the call takes the place of one that waits.

        Args:
            call_id: which call.
            finding: the extractive answer, with its `answer_id`.
            turn_ids: the turn the question was taken from, if it was.
        """
        self._put("answer", call_id, partial(self._errands.answer, call_id, finding, turn_ids))

    def outcomes(self) -> Mapping[tuple[Kind, Outcome], int]:
        """What became of the errands so far."""
        return self._errands.outcomes()

    def close(self) -> None:
        """Stop; what is under way ends by itself and is not waited for."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._queue.close()

    def _put(self, kind: Kind, call_id: str, run: Callable[[], None]) -> None:
        give_up = partial(self._settled, call_id) if kind == "note" else lambda: None
        self._queue.put(Errand(_key(kind, call_id), RANKS.index(kind), run, give_up))

    # --- one thread looks which calls are due ------------------------------------------------------------------------

    def _look(self) -> None:
        while not self._is_closed:
            with self._changed:
                if not self._moved:
                    self._changed.wait(timeout=self._pace.look_s if self._watched else None)
                self._looked_at, self._moved = self._moved, set()
            try:
                for call_id in self._looked_at:
                    self._look_at(call_id)
                self._sum_up_one()
                self._tell_degraded()
            except Exception as error:  # the look must go on
                _logger.warning("slow path, look: %s", type(error).__name__)
            with self._changed:
                looked_at, self._looked_at = self._looked_at, set()
            for call_id in looked_at - self._watched.keys():
                self._settled(call_id)
            time.sleep(self._pace.look_s)  # many turns, one look

    def _look_at(self, call_id: str) -> None:
        progress = self._live.progress(call_id)
        if progress is None or progress.ended:
            self._watched.pop(call_id, None)
            if progress is not None and progress.note_is_new:
                give_up_at = time.monotonic() + NOTE_PATIENCE_S
                self._put("note", call_id, partial(self._word_note, call_id, give_up_at))
        else:
            self._watched.setdefault(call_id, _Watched(asked_at=time.monotonic()))

    def _sum_up_one(self) -> None:
        """The call that waits longest for its summary, of those that are due."""
        now = time.monotonic()
        if now < self._summed_up_at + self._pace.between_s:
            return
        for call_id, seen in sorted(self._watched.items(), key=lambda pair: pair[1].asked_at):
            progress = self._live.progress(call_id)
            if progress is None:  # let go of; what comes for it later is a new beginning
                del self._watched[call_id]
            elif not progress.ended and self._pace.is_due(progress.turns - seen.turns, now - seen.asked_at):
                seen.asked_at, seen.turns, self._summed_up_at = now, progress.turns, now
                self._put("summary", call_id, partial(self._sum_up, call_id, seen))
                return

    def _tell_degraded(self) -> None:
        is_degraded = self._host.is_degraded
        untold = [pair for pair in self._watched.items() if pair[1].told_degraded != is_degraded]
        for call_id, seen in untold[:TOLD_AT_ONCE]:
            seen.told_degraded = is_degraded
            body = {"degraded": is_degraded, "reason": f"{self._host.name} {_SAYS[is_degraded]}"}
            self._live.append_if(call_id, "model.degraded", partial(_while_running, body))

    # --- the others ask the model ------------------------------------------------------------------------------------

    def _work(self) -> None:
        # No niceness: a thread that is seldom run while it holds the interpreter makes every call wait.
        while (errand := self._queue.take()) is not None:
            try:
                errand.run()
            except Exception as error:  # its text may hold a caller's words
                self._errands.count(RANKS[errand.rank], "error")
                _logger.warning("slow path, %s: %s", RANKS[errand.rank], type(error).__name__)
            self._queue.done(errand.key)
            errand.give_up()  # whoever waits for it waits no more

    def _sum_up(self, call_id: str, seen: _Watched) -> None:
        summary = self._errands.sum_up(call_id, seen.summary)
        if summary is not None:
            seen.summary = summary.sentences

    def _word_note(self, call_id: str, give_up_at: float) -> None:
        if time.monotonic() > give_up_at:
            self._errands.count("note", "stale")
            return
        self._errands.word_note(call_id)


def _while_running(body: Mapping[str, object], state: CallState) -> Mapping[str, object] | None:
    return None if state.ended else body


def _key(kind: Kind, call_id: str) -> str:
    return f"{kind}/{call_id}"


def _resolve(result: "Future[Answer | None]", answer: Callable[[], Answer | None]) -> None:
    if not result.done():
        with suppress(InvalidStateError):  # nobody waits any more
            result.set_result(answer())
