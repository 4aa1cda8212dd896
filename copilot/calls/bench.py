"""How fast the live path is, and how long its notes are, on transcripts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.calls.live import LiveCalls
from copilot.calls.note.text import MAX_SHARE, MAX_WORDS
from copilot.latency import Latency
from copilot.transcript import Transcript


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
