"""How fast the live path is, and how long its notes are, on transcripts."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from copilot.calls.live import LiveCalls
from copilot.calls.note.compose import draft_note
from copilot.calls.note.grounded import EXACT_CHECKS_ONLY, statements_of
from copilot.calls.note.quoted import spoken_words
from copilot.calls.note.text import MAX_SHARE, MAX_WORDS
from copilot.calls.state import CallState, in_spoken_order
from copilot.guard.grounding import Evidence, gazetteer_of, house_names_of
from copilot.guard.grounding.cases import Case
from copilot.latency import Latency
from copilot.transcript import Transcript
from knowledge.pack import Pack


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


def note_cases(live: LiveCalls, transcripts: Iterable[Transcript], pack: Pack) -> Iterator[Case]:
    """Every statement the notes of these calls would make, before its check, as claimed of its turns."""
    gazetteer, known_names = list(gazetteer_of(pack)), list(house_names_of(pack))
    for transcript in transcripts:
        live.start(transcript)
        live.add_turns(transcript.call_id, transcript.turns)
        language = live.end(transcript.call_id)["call_language"]
        state = CallState(transcript.call_id)
        for event in live.events(transcript.call_id):
            state.apply(event)
        state = in_spoken_order(state)
        for statement in statements_of(draft_note(state, pack, language=language)):
            if statement.text:
                turns = [state.turns[turn_id] for turn_id in statement.turn_ids if turn_id in state.turns]
                yield Case(
                    id=transcript.call_id,
                    sentence=spoken_words(statement.text),
                    evidence=[Evidence(turn.turn_id, turn.text, turn.speaker) for turn in turns],
                    supported=True,
                    language=language,
                    gazetteer=gazetteer,
                    known_names=known_names,
                    min_support=EXACT_CHECKS_ONLY,
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
