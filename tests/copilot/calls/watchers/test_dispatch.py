"""Field visits in speech: what must be said before one is booked."""

import pytest

from tests.copilot.calls.watchers.conftest import Line, PlayCall

FAULT: Line = ("customer", "My phone line is dead, there is no dial tone.")
VERIFY: tuple[Line, ...] = (
    ("agent", "This call is recorded. Can I have your account PIN?"),
    ("customer", "it is on file"),
    ("agent", "You are verified, thank you."),
)
SEND: Line = ("agent", "We need to send a technician.")
CHARGE: Line = ("agent", "There is a charge of 85 dollars for the visit if the fault is in your own equipment.")
WINDOW: Line = ("agent", "I have Tuesday, eight to noon. Who will be there?")
ACCESS: Line = ("agent", "Is there a gate or a dog?")
NEITHER: Line = ("customer", "Me, and there is a dog.")
AGREE: Line = ("customer", "Yes, I agree.")
BOOKED: Line = ("agent", "Great, the technician will be there on Tuesday.")


def test_a_visit_booked_without_anything_said_lists_what_is_missing(play_call: PlayCall) -> None:
    played = play_call(FAULT, *VERIFY, SEND, BOOKED, BOOKED)
    (card,) = played.cards("dispatch_consent_missing")
    assert card["kind"] == "alert"
    assert card["body"].split("\n") == [
        "Do not book the visit yet. Still missing:",
        "– day and time of the visit",
        "– who will be there",
        "– access: gate, code, dog",
        "– the possible $85 charge",
        "– the customer's clear yes to it",
    ]


def test_everything_said_and_agreed_to_is_a_consent_and_no_alert(play_call: PlayCall) -> None:
    played = play_call(FAULT, *VERIFY, SEND, CHARGE, WINDOW, ACCESS, NEITHER, AGREE, BOOKED)
    assert played.cards("dispatch") == []
    (consent,) = [body for body in played.bodies("consent.changed") if body["kind"] == "dispatch"]
    assert (consent["given"], consent["turn_id"], consent["auth_level"]) == (True, "t10", "password")  # a PIN was given
    assert consent["elements"] == {
        "reason": "t1", "window": "t7", "site_contact": "t7", "access": "t8", "charge": "t6", "yes": "t10",
    }  # fmt: skip


def test_a_yes_before_the_charge_was_named_does_not_count(play_call: PlayCall) -> None:
    played = play_call(FAULT, *VERIFY, SEND, WINDOW, ACCESS, AGREE, CHARGE, BOOKED)
    (card,) = played.cards("dispatch_consent_missing")
    assert card["body"].split("\n")[1:] == ["– the customer's clear yes to it"]


def test_a_caller_who_failed_verification_cannot_agree(play_call: PlayCall) -> None:
    failed: Line = ("agent", "That PIN doesn't match.")
    played = play_call(FAULT, *VERIFY[:2], failed, SEND, CHARGE, WINDOW, ACCESS, AGREE, BOOKED)
    assert played.cards("dispatch_consent_missing")[0]["body"].split("\n")[1:] == ["– a verified caller"]
    assert played.consents("dispatch") == []


def test_moving_a_visit_needs_a_new_consent(play_call: PlayCall) -> None:
    moved: Line = ("agent", "I moved your appointment to Thursday.")
    played = play_call(FAULT, *VERIFY, SEND, CHARGE, WINDOW, ACCESS, NEITHER, AGREE, moved)
    assert [card["kind"] for card in played.cards("visit_moved")] == ["alert"]


def test_spanish_calls_are_heard(play_call: PlayCall) -> None:
    played = play_call(
        ("customer", "Mi teléfono no tiene tono, no hay línea."),
        ("agent", "Voy a mandar un técnico."),
        ("agent", "El técnico estará el martes."),
        language="es",
    )
    assert "– el posible cargo de $85" in played.cards("dispatch_consent_missing")[0]["body"]


@pytest.mark.parametrize(
    "line",
    [
        "Your payment is scheduled for the twentieth.",
        "A technician never came, I am sorry.",
        "I have booked the payment.",
    ],
)
def test_other_bookings_are_no_visit(play_call: PlayCall, line: str) -> None:
    assert play_call(("customer", "The technician didn't come."), ("agent", line)).cards("dispatch") == []


@pytest.mark.parametrize(
    ("language", "booked"),
    [
        ("en", "I've booked a technician for tomorrow between eight and noon."),
        ("en", "I have scheduled a tech for Monday."),
        ("en", "I'll send a technician out tomorrow."),
        ("es", "Le mando un técnico el próximo martes."),
        ("es", "Ya le agendé un técnico para mañana de ocho a doce."),
    ],
)
def test_a_visit_that_is_named_first_when_it_is_booked_is_warned_of(
    play_call: PlayCall, language: str, booked: str
) -> None:
    fault = FAULT if language == "en" else ("customer", "El teléfono está muerto, no hay tono de marcar.")
    assert len(play_call(fault, ("agent", booked), language=language).cards("dispatch_consent_missing")) == 1
