"""Turns still being spoken: shown masked, and the call remembers nothing of them."""

import pytest

from copilot.guard.redaction import Redactor
from copilot.transcript import Turn


def partial(text: str, *before: str) -> str:
    redactor = Redactor()
    for place, said in enumerate(before):
        redactor.redact(Turn(str(place), "customer", said))
    return redactor.preview(Turn("p", "customer", text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my card is four one one", "my card is [NUMBER]"),
        ("four five three", "[NUMBER]"),
        ("sure it's 45", "sure it's [NUMBER]"),
        ("4539 is what it starts with", "[NUMBER] is what it starts with"),
        ("my bill is sixty dollars a month", "my bill is [NUMBER] dollars a month"),
        ("the security code is nine", "the security code is [NUMBER]"),
        ("mi tarjeta es cuatro cinco", "mi tarjeta es [NUMBER]"),
        ("I have a line and", "I have a line and"),
        ("", ""),
    ],
)
def test_a_partial_hides_whatever_may_still_become_a_secret(text: str, shown: str) -> None:
    assert partial(text) == shown


def test_no_prefix_of_a_spoken_card_shows_a_digit() -> None:
    words = "four five three nine one four eight eight oh three four three six four six seven".split()
    shown = [partial(" ".join(words[:count]), "ok here it comes") for count in range(1, len(words) + 1)]
    assert set(shown) == {"[NUMBER]"}


def test_a_question_before_a_partial_is_answered_in_it() -> None:
    redactor = Redactor()
    redactor.redact(Turn("1", "agent", "what is the password on the account?"))
    assert redactor.preview(Turn("2", "customer", "bluebird")) == "[PASSWORD]"


def test_a_partial_leaves_no_trace_in_the_memory_of_the_call() -> None:
    said = [
        ("agent", "what are the last four of your social?"),
        ("customer", "5678"),
        ("customer", "and 4539 1488 0343"),
    ]
    plain, disturbed = Redactor(), Redactor()
    for place, (speaker, text) in enumerate(said):
        turn = Turn(str(place), "agent" if speaker == "agent" else "customer", text)
        for end in range(1, len(text), 3):
            disturbed.preview(Turn("p", turn.speaker, text[:end]))
        disturbed.preview(Turn("p", "customer", "my card number is 4539 1488 0343 6467 and the cvv"))
        assert disturbed.redact(turn) == plain.redact(turn)
