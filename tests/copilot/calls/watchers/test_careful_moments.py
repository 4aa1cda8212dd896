"""Moments in which an agent may do harm though nobody asked to cancel: grief, danger to life, a PIN given away."""

from typing import Any

import pytest

from tests.copilot.calls.watchers.conftest import Talk


def titles(shown: list[dict[str, Any]]) -> list[str]:
    return [card["title"] for card in shown if card["kind"] == "alert"]


def test_a_pitch_to_somebody_in_grief_is_warned_of(talk: Talk) -> None:
    shown = talk(
        ("customer", "My husband died last week, I need to sort out his account."),
        ("agent", "I'm so sorry. Let me tell you about our new bundle for eighty dollars."),
    )
    assert "No offer" in titles(shown)


def test_without_a_flag_an_offer_before_any_request_to_cancel_is_no_matter(talk: Talk) -> None:
    shown = talk(
        ("customer", "What plans do you have?"), ("agent", "Let me tell you about our new bundle for eighty dollars.")
    )
    assert "No offer" not in titles(shown)


def test_thoughts_of_self_harm_are_alerted_though_the_line_of_a_patient_was_before(talk: Talk) -> None:
    shown = talk(
        ("customer", "My mother is on oxygen and the line is down."),
        ("agent", "I understand."),
        ("customer", "I can't take it any more, I want to die."),
    )
    assert {"Safety", "Thoughts of self-harm"} <= set(titles(shown))


@pytest.mark.parametrize(
    ("language", "asks", "tells"),
    [("en", "I forgot my pin.", "ok your PIN is 4419"), ("es", "Olvidé mi clave.", "Su clave es 4419.")],
)
def test_a_pin_told_to_an_unverified_caller_is_warned_of(talk: Talk, language: str, asks: str, tells: str) -> None:
    shown = talk(("customer", asks), ("agent", tells), language=language)
    assert any(card["about"] == "unverified_account" for card in shown)


def test_a_pin_read_back_is_not(talk: Talk) -> None:
    shown = talk(("agent", "What is your PIN?"), ("customer", "4419"), ("agent", "Thanks, your PIN is 4419, right?"))
    assert not any(card["about"] == "unverified_account" for card in shown)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Please don't cancel my service, that was a mistake."),
        ("es", "Por favor no cancele el servicio, fue un error."),
    ],
)
def test_who_asks_not_to_cancel_has_not_asked_to_cancel(talk: Talk, language: str, said: str) -> None:
    assert not any(card["about"] == "save_rule" for card in talk(("customer", said), language=language))


def test_why_did_you_not_cancel_is_a_request_still(talk: Talk) -> None:
    shown = talk(("customer", "I want to cancel my internet, why didn't you cancel it last month?"))
    assert any(card["about"] == "save_rule" for card in shown)
