"""How fast the live path is, and how long its notes are, on transcripts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, cycle, islice

from copilot.calls.live import LiveCalls
from copilot.calls.note.text import MAX_SHARE, MAX_WORDS
from copilot.transcript import Transcript

LONG_CALL_TURNS = 400


@dataclass(frozen=True)
class Latency:
    """Percentiles in milliseconds."""

    p50_ms: float
    p95_ms: float
    max_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """The percentiles of these times; zeros when there are none."""
        if not seconds:
            return cls(0.0, 0.0, 0.0)
        ordered = sorted(seconds)
        p50, p95 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
        return cls(*(round(1000 * value, 2) for value in (p50, p95, ordered[-1])))

    def __str__(self) -> str:
        return f"p50 {self.p50_ms:.1f} ms, p95 {self.p95_ms:.1f} ms, max {self.max_ms:.1f} ms"


@dataclass(frozen=True)
class LongCall:
    """A call of many turns, the given calls one after the other: its later half, and its note."""

    turns: int
    turn_to_cards: Latency
    note_ms: float

    def __str__(self) -> str:
        head = f"one call of {self.turns} turns: note {self.note_ms:.1f} ms"
        return f"{head}; later half, turn to cards: {self.turn_to_cards}"


@dataclass(frozen=True)
class NotesBench:
    """The live path over a set of calls; `note_share` is the mean of note words to call words."""

    calls: int
    turns: int
    turn_to_cards: Latency
    note: Latency
    note_share: float
    notes_over_budget: int
    long_call: LongCall | None = None

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.calls} calls, {self.turns} turns, every call with a note",
                f"turn to cards: {self.turn_to_cards}",
                f"note: {self.note}",
                f"note words / call words: mean {self.note_share:.2f}; over the budget: {self.notes_over_budget}",
                *([str(self.long_call)] if self.long_call else []),
            ]
        )


def bench_notes(live: LiveCalls, transcripts: Sequence[Transcript]) -> NotesBench:
    """Play the calls as fast as they go, and time every turn and every note; then all of them as one long call."""
    played = [_play(live, transcript) for transcript in transcripts]
    turn_s = [seconds for one in played for seconds in one.turn_s]
    mean_share = sum(one.share for one in played) / max(len(played), 1)
    return NotesBench(
        calls=len(played),
        turns=len(turn_s),
        turn_to_cards=Latency.of(turn_s),
        note=Latency.of([one.note_s for one in played]),
        note_share=mean_share,
        notes_over_budget=sum(one.is_over_budget for one in played),
        long_call=_bench_long(live, transcripts) if turn_s else None,
    )


@dataclass(frozen=True)
class _Played:
    turn_s: Sequence[float]
    note_s: float
    share: float
    is_over_budget: bool


def _play(live: LiveCalls, transcript: Transcript) -> _Played:
    live.start(transcript)
    turn_s: list[float] = []
    for turn in transcript.turns:
        began = time.perf_counter()
        live.add_turns(transcript.call_id, [turn])
        turn_s.append(time.perf_counter() - began)
    began = time.perf_counter()
    note = live.end(transcript.call_id)
    note_s = time.perf_counter() - began
    note_words = len(note["text"].split())
    call_words = sum(len(turn.text.split()) for turn in transcript.turns)
    is_over = note_words > max(MAX_WORDS, MAX_SHARE * call_words)
    return _Played(turn_s, note_s, note_words / max(call_words, 1), is_over)


def _bench_long(live: LiveCalls, transcripts: Sequence[Transcript]) -> LongCall:
    said = cycle(chain.from_iterable(transcript.turns for transcript in transcripts))
    turns = [replace(turn, turn_id=f"{i}", t_ms=None) for i, turn in enumerate(islice(said, LONG_CALL_TURNS))]
    first = transcripts[0]
    played = _play(live, replace(first, call_id=f"{first.call_id} and the others", turns=turns))
    later = Latency.of(played.turn_s[LONG_CALL_TURNS // 2 :])
    return LongCall(len(turns), later, round(1000 * played.note_s, 2))
