"""What a language model is asked to do for a call, one errand at a time, and what became of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from threading import Lock
from typing import Any, Literal

from copilot.answers import Answer, Finding, word_answer
from copilot.calls.live import LiveCalls
from copilot.calls.note.reworded import reword_note
from copilot.calls.state import CallState
from copilot.calls.summary import Summary, SummarySentence, summarise
from copilot.errors import ModelFailed
from copilot.guard.grounding import house_names_of
from copilot.models import ModelHost

Kind = Literal["answer", "note", "summary"]
Outcome = Literal["shown", "stale", "unsupported", "failed", "error"]


class SlowErrands:
    """Errands for the calls of one tenant; safe to use from several threads, no lock of a call held while asking."""

    def __init__(self, host: ModelHost, live: LiveCalls, gazetteer: Sequence[str]) -> None:
        self._host = host
        self._live = live
        self._gazetteer = tuple(gazetteer)
        self._house = house_names_of(live.desk.pack)
        self._lock = Lock()
        self._outcomes: Counter[tuple[Kind, Outcome]] = Counter()

    def worded(self, finding: Finding) -> Answer | None:
        """The answer in the model's words; None when the extractive one stands."""
        try:
            answer = self._host.run(
                partial(
                    word_answer,
                    finding=finding,
                    policy=self._live.policy,
                    gazetteer=self._gazetteer,
                    known_names=self._house,
                )
            )
        except ModelFailed:
            self.count("answer", "failed")
            return None
        if answer is None:
            self.count("answer", "unsupported")
        return answer

    def answer(self, call_id: str, finding: Finding, turn_ids: Sequence[str]) -> None:
        """Word an answer and append it to its call, unless the call has ended or its question had to be masked."""
        call = self._live.snapshot(call_id)
        answer = self.worded(finding) if call.may_ask else None
        if answer is None:
            return
        body = {**answer_body(answer), "turn_ids": list(turn_ids)}
        fits = self._live.append_if(
            call_id,
            "answer.ready",
            lambda state: body if _still_asks(state) and call.stands(turn_ids, state) else None,
        )
        self.count("answer", "shown" if fits else "stale")

    def sum_up(self, call_id: str, before: Sequence[SummarySentence]) -> Summary | None:
        """Summarise a call and append it; the summary if it was shown."""
        call = self._live.snapshot(call_id)
        if call.ended or not call.may_ask:
            return None
        kept = [one for one in before if call.has(one.turn_ids)]
        try:
            summary = self._host.run(
                partial(
                    summarise,
                    call=call,
                    before=kept,
                    policy=self._live.policy,
                    gazetteer=self._gazetteer,
                    known_names=self._house,
                )
            )
        except ModelFailed:
            self.count("summary", "failed")
            return None
        if summary is None:
            self.count("summary", "unsupported")
            return None
        fits = self._live.append_if(call_id, "answer.ready", summary.body)
        self.count("summary", "shown" if fits else "stale")
        return summary if fits else None

    def word_note(self, call_id: str) -> None:
        """Reword the note of an ended call and append it, unless somebody has edited it meanwhile."""
        call = self._live.snapshot(call_id)
        if not call.may_ask or call.note is None:
            return
        try:
            note = self._host.run(
                partial(
                    reword_note,
                    call=call,
                    policy=self._live.policy,
                    max_characters=self._live.desk.pack.head.note.max_chars,
                    gazetteer=self._gazetteer,
                    known_names=self._house,
                )
            )
        except ModelFailed:
            self.count("note", "failed")
            return
        if note is None:
            self.count("note", "unsupported")
            return
        fits = self._live.append_if(call_id, "note.updated", note.body)
        self.count("note", "shown" if fits else "stale")

    def count(self, kind: Kind, outcome: Outcome) -> None:
        """Add one to what became of errands."""
        with self._lock:
            self._outcomes[kind, outcome] += 1

    def outcomes(self) -> Mapping[tuple[Kind, Outcome], int]:
        """What became of the errands so far."""
        with self._lock:
            return dict(self._outcomes)


def answer_body(answer: Answer) -> dict[str, Any]:
    """The body of an `answer.ready` event."""
    fields = asdict(answer)
    fields["sources"] = [{key: _plain(value) for key, value in source.items()} for source in fields["sources"]]
    fields["sentences"] = [{**one, "citations": list(one["citations"])} for one in fields["sentences"]]
    return {"kind": "answer", **fields, "conflicts": list(answer.conflicts)}


def _still_asks(state: CallState) -> bool:
    return not state.ended and not state.capture_paused and state.recording is not False


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
