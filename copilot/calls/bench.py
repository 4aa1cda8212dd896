"""How fast the live path is, and how long its notes are, on transcripts."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, cycle, islice

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

LONG_CALL_TURNS = 400


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
