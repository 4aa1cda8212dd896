"""What is open when the call closes: one card, only if there is anything."""

import pytest

from tests.copilot.calls.watchers.conftest import Talk

ANY_TIME = "You may complete the cancellation at any time by saying so."


def before_hang_up(cards: list[dict[str, object]]) -> list[dict[str, object]]:
    return [card for card in cards if card["about"] == "before_hang_up"]


def test_a_question_nobody_answered_stands_in_the_callers_words(talk: Talk) -> None:
    shown = talk(
        ("customer", "I moved the router. When will the technician come?"),
        ("agent", "Thank you, I updated the phone number. Is there anything else I can help you with?"),
    )
    (card,) = before_hang_up(shown)
    assert (card["kind"], card["title"]) == ("next_step", "Before you hang up")
    assert card["body"] == "Still unanswered: “When will the technician come?”"
    assert card["turn_ids"] == ["t1", "t2"]


def test_in_spanish_it_comes_in_spanish_when_the_customer_takes_leave(talk: Talk) -> None:
    shown = talk(
        ("customer", "¿cuándo me llega la factura nueva?"),
        ("agent", "Listo, actualicé su correo."),
        ("customer", "bueno, adiós"),
        language="es",
    )
    (card,) = before_hang_up(shown)
    assert (card["title"], card["body"]) == (
        "Antes de colgar",
        "Sin respuesta: “¿cuándo me llega la factura nueva?”",
    )


def test_a_line_left_out_of_a_script_that_was_followed_is_named(talk: Talk) -> None:
    shown = talk(
        ("customer", "I want to cancel my internet"),
        ("agent", ANY_TIME),
        ("agent", "Have a great day."),
        customer_id="C-1021",
    )
    (card,) = before_hang_up(shown)
    assert card["body"] == "Not said: Yes, I can cancel that for you on this call."


@pytest.mark.parametrize(
    ("promise", "is_open"),
    [
        ("Somebody will call you back about it.", True),
        ("Somebody will call you back on Thursday.", False),
        ("Somebody will call you back within two hours.", False),
        ("I will put a note on the account.", False),
    ],
)
def test_a_promise_to_come_back_needs_a_time(talk: Talk, promise: str, is_open: bool) -> None:
    cards = before_hang_up(talk(("agent", promise), ("customer", "thank you"), ("agent", "Have a nice day.")))
    assert [card["body"] for card in cards] == ([f"Promised without a time: “{promise}”"] if is_open else [])


def test_nothing_open_nothing_shown(talk: Talk) -> None:
    shown = talk(
        ("customer", "When is my bill due?"),
        ("agent", "It is due on the twentieth. Anything else I can help you with?"),
        ("customer", "No thanks, bye."),
    )
    assert before_hang_up(shown) == []


def test_it_comes_once_a_call(talk: Talk) -> None:
    open_question = ("customer", "When will the technician come?")
    closings = [("agent", "Anything else I can help you with?"), ("customer", "bye"), ("customer", "goodbye")]
    assert len(before_hang_up(talk(open_question, *closings))) == 1


def test_a_line_said_in_the_closing_turn_is_not_left_out(talk: Talk) -> None:
    shown = talk(
        ("customer", "I want to cancel my internet"),
        ("agent", "Yes, I can cancel that for you on this call. " + ANY_TIME + " Have a great day."),
        customer_id="C-1021",
    )
    assert before_hang_up(shown) == []
