"""The form of a growing call says what it would say if the call were read from its start."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from copilot.calls.fields import FieldsSoFar, extract_fields
from copilot.calls.fields.reader import Reader
from copilot.transcript import Turn

QUESTIONS = ["Could you tell me your account number, please?", "What is your name?", "And your PIN?", "What's wrong?"]
ANSWERS = ["it's 77120093", "Linda Miller", "4410, sorry, I meant 4411", "I want to cancel my plan", "um", "yes please"]


def a_call(turns: int, seed: int = 1) -> list[Turn]:
    chance = random.Random(seed)
    said = [("agent", QUESTIONS), ("customer", ANSWERS)]
    return [Turn(f"t{i}", said[i % 2][0], chance.choice(said[i % 2][1])) for i in range(turns)]  # type: ignore[arg-type]


@pytest.fixture
def lines_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    read: list[int] = []
    plain: Callable[..., None] = Reader.read

    def counted(self: Reader, line: object) -> None:
        read.append(1)
        plain(self, line)

    monkeypatch.setattr(Reader, "read", counted)
    return read


def test_after_every_turn_the_form_is_that_of_the_call_so_far() -> None:
    turns, form = a_call(60), FieldsSoFar()
    for count in range(len(turns) + 1):
        assert form.fields(turns[:count], "en") == extract_fields(turns[:count])


def test_a_turn_is_read_once_however_often_the_form_is_asked_for(lines_read: list[int]) -> None:
    turns, form = a_call(40), FieldsSoFar()
    for count in range(1, len(turns) + 1):
        form.hear(turns[:count], "en")
        form.fields(turns[:count], "en")
    assert len(lines_read) == 40


@pytest.mark.parametrize("changed", [0, 1, 15, 16, 17, 60, 99])
def test_when_an_earlier_turn_changes_the_form_is_that_of_the_changed_call(changed: int) -> None:
    turns, form = a_call(100), FieldsSoFar()
    form.hear(turns, "en")
    for email in ("maria@example.com", "ana@example.org"):
        turns[changed] = replace(turns[changed], speaker="customer", text=f"my email is {email}")
        fields = form.fields(turns, "en")
        assert email in [field.value for field in fields]
        assert fields == extract_fields(turns)


def test_a_change_among_the_last_turns_has_only_those_read_again(lines_read: list[int]) -> None:
    turns, form = a_call(100), FieldsSoFar()
    form.hear(turns, "en")
    turns[98] = replace(turns[98], text="[PIN]")
    form.hear(turns, "en")
    assert len(lines_read) == 100 + 4  # from turn 96 on, where the last bookmark is


def test_a_turn_that_comes_late_is_read_in_its_place() -> None:
    turns, form = a_call(50), FieldsSoFar()
    late = Turn("late", "customer", "my account number is 5550001234")
    form.hear(turns, "en")
    assert form.fields([*turns[:20], late, *turns[20:]], "en") == extract_fields([*turns[:20], late, *turns[20:]])


def test_a_shorter_call_is_read_as_it_stands() -> None:
    turns, form = a_call(50), FieldsSoFar()
    form.hear(turns, "en")
    assert form.fields(turns[:30], "en") == extract_fields(turns[:30])


def test_in_another_language_everything_is_read_again() -> None:
    turns = [Turn("1", "agent", "¿Me da su número de cuenta?"), Turn("2", "customer", "siete siete uno dos")]
    form = FieldsSoFar()
    form.hear(turns, "en")
    assert form.fields(turns, "es") == extract_fields(turns, language="es")
