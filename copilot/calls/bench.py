"""How fast the live path is, and how long its notes are, on transcripts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.calls.live import LiveCalls
from copilot.calls.note.text import MAX_SHARE, MAX_WORDS
from copilot.transcript import Transcript


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
class NotesBench:
    """The live path over a set of calls; `note_share` is the mean of note words to call words."""

    calls: int
    turns: int
    turn_to_cards: Latency
    note: Latency
    note_share: float
    notes_over_budget: int

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.calls} calls, {self.turns} turns, every call with a note",
                f"turn to cards: {self.turn_to_cards}",
                f"note: {self.note}",
                f"note words / call words: mean {self.note_share:.2f}; over the budget: {self.notes_over_budget}",
            ]
        )


def bench_notes(live: LiveCalls, transcripts: Sequence[Transcript]) -> NotesBench:
    """Play the calls as fast as they go, and time every turn and every note."""
    turn_s: list[float] = []
    note_s: list[float] = []
    shares: list[float] = []
    over_budget = 0
    for transcript in transcripts:
        live.start(transcript)
        for turn in transcript.turns:
            began = time.perf_counter()
            live.add_turns(transcript.call_id, [turn])
            turn_s.append(time.perf_counter() - began)
        began = time.perf_counter()
        note = live.end(transcript.call_id)
        note_s.append(time.perf_counter() - began)
        note_words = len(note["text"].split())
        call_words = sum(len(turn.text.split()) for turn in transcript.turns)
        shares.append(note_words / max(call_words, 1))
        over_budget += note_words > max(MAX_WORDS, MAX_SHARE * call_words)
    mean_share = sum(shares) / max(len(shares), 1)
    return NotesBench(len(shares), len(turn_s), Latency.of(turn_s), Latency.of(note_s), mean_share, over_budget)
