"""The state of a call keeps what is asked for often, and it stays true whatever event comes next."""

from collections.abc import Sequence
from typing import Any

import pytest

from copilot.calls.state import CallState, fold, in_spoken_order
from copilot.store import Event


def event(seq: int, type_: str, **body: Any) -> Event:
    return Event("call-1", seq, "2025-01-01T00:00:00+00:00", type_, body)


def turn(seq: int, t_ms: int | None, turn_id: str | None = None, type_: str = "turn.final") -> Event:
    body = {"turn_id": turn_id or f"t{seq}", "speaker": "agent", "text": "hello", "t_ms": t_ms}
    return event(seq, type_, **body, withdraws=["greeting"])


def cue(seq: int, cue_id: str, turn_id: str) -> Event:
    return event(seq, "cue.raised", cue_id=cue_id, kind="intent", label="", turn_id=turn_id, words="")


def order(events: Sequence[Event]) -> list[str]:
    return list(in_spoken_order(fold("call-1", events)).turns)


@pytest.mark.parametrize(
    ("times", "spoken"),
    [
        ([0, 10, 20], ["t1", "t2", "t3"]),
        ([10, 10, 20], ["t1", "t2", "t3"]),
        ([0, 20, 10], ["t1", "t3", "t2"]),
        ([30, 20, 10], ["t3", "t2", "t1"]),
        ([None, 20, 10], ["t1", "t3", "t2"]),
        ([20, None, 10], ["t3", "t1", "t2"]),  # without a time it stays behind the turn it came after
        ([None, None, None], ["t1", "t2", "t3"]),
        ([5, -5, 0], ["t2", "t3", "t1"]),
    ],
)
def test_turns_stand_where_their_time_puts_them(times: list[int | None], spoken: list[str]) -> None:
    assert order([turn(seq, t_ms) for seq, t_ms in enumerate(times, start=1)]) == spoken


def test_a_correction_that_brings_another_time_moves_its_turn() -> None:
    events = [turn(1, 0), turn(2, 10), turn(3, 20)]
    assert order([*events, turn(4, 30, "t1", "turn.corrected")]) == ["t2", "t3", "t1"]
    assert order([*events, turn(4, 0, "t1", "turn.corrected")]) == ["t1", "t2", "t3"]


def test_a_cue_names_the_turn_in_which_it_was_heard_first() -> None:
    state = fold("call-1", [turn(1, 0), cue(2, "greeting", "t1"), cue(3, "closing", "t1"), cue(4, "greeting", "t9")])
    assert dict(state.first_heard) == {"greeting": "t1", "closing": "t1"}


def test_cues_heard_after_somebody_asked_are_known_and_withdrawn_ones_are_not() -> None:
    state = CallState("call-1")
    asked = []
    for each in (
        cue(1, "greeting", "t1"),
        cue(2, "closing", "t1"),
        cue(3, "greeting", "t2"),
        turn(4, 0, "t1", "turn.corrected"),
        turn(5, 0, "t2", "turn.corrected"),
    ):
        state.apply(each)
        asked.append(dict(state.first_heard))
    assert asked == [
        {"greeting": "t1"},
        {"greeting": "t1", "closing": "t1"},
        {"greeting": "t1", "closing": "t1"},
        {"greeting": "t2", "closing": "t1"},
        {"closing": "t1"},
    ]
