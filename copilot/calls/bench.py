"""How fast the live path is, and how long its notes are, on transcripts."""

import time
from collections.abc import Sequence

from copilot.calls.live import LiveCalls
from copilot.calls.note.text import MAX_SHARE, MAX_WORDS
from copilot.transcript import Transcript


def bench_notes(live: LiveCalls, transcripts: Sequence[Transcript]) -> str:
    """A few lines: latencies of turn to cards and of the note in ms, and the notes' length against the calls'."""
    turn_s: list[float] = []
    note_s: list[float] = []
    shares: list[float] = []
    too_long = 0
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
        too_long += note_words > max(MAX_WORDS, MAX_SHARE * call_words)
    return "\n".join(
        [
            f"{len(transcripts)} calls, {len(turn_s)} turns, every call with a note",
            f"turn to cards: {_percentiles(turn_s)}",
            f"note: {_percentiles(note_s)}",
            f"note words / call words: mean {sum(shares) / len(shares):.2f}; over the budget: {too_long}",
        ]
    )


def _percentiles(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p50, p95 = (1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {1000 * ordered[-1]:.1f} ms"
