from collections.abc import Mapping
from typing import Any

import pytest

from copilot.calls.live import LiveCalls
from copilot.transcript import Turn
from tests.copilot.conftest import call, said


def played(live: LiveCalls, *lines: tuple[Any, str], language: str = "en", customer_id: str | None = None) -> None:
    live.start(call(language=language, customer_id=customer_id))
    live.add_turns("call-1", said(*lines))


def cards(live: LiveCalls, about: str) -> list[Mapping[str, Any]]:
    shown = [event.body for event in live.events("call-1") if event.type == "card.shown"]
    return [body for body in shown if body["about"] == about]


def changes(live: LiveCalls) -> list[tuple[str, str | None]]:
    return [
        (event.body["level"], event.body.get("method"))
        for event in live.events("call-1")
        if event.type == "auth.changed"
    ]


def test_account_facts_before_verification_raise_an_alert_that_says_what_to_ask(live: LiveCalls) -> None:
    played(live, ("customer", "Hi, what do I owe?"), ("agent", "Your balance is $482.17."))
    (card,) = cards(live, "unverified_account")
    assert card["kind"] == "alert"
    assert card["body"].startswith("Not verified yet")
    assert "the 4-digit account PIN" in card["body"]
    alerts = [event.body for event in live.events("call-1") if event.type == "alert.raised"]
    assert [(alert["flag"], alert["severity"], alert["route"]) for alert in alerts] == [
        ("unverified_account", "high", "privacy")
    ]
    assert live.summary("call-1")["flags"] == ["unverified_account"]


def test_the_alert_speaks_spanish(live: LiveCalls) -> None:
    played(live, ("agent", "Su saldo es de ciento veinte dólares."), language="es")
    (card,) = cards(live, "unverified_account")
    assert card["body"].startswith("Aún sin verificar")


def test_one_alert_for_each_class_is_enough(live: LiveCalls) -> None:
    told = ("agent", "Your balance is $482.17."), ("agent", "Your bill was $80.83.")
    played(live, *told, ("agent", "Your last call was at 9:30."))
    assert len(cards(live, "unverified_account")) == 1
    assert len(cards(live, "unverified_call_detail")) == 1


def test_cpni_03_repeating_what_the_customer_named_unaided_raises_nothing(live: LiveCalls) -> None:
    played(live, ("customer", "My balance says $482.17."), ("agent", "Your balance is $482.17, yes."))
    assert cards(live, "unverified_account") == []


def test_cpni_03_adding_to_what_the_customer_named_raises_the_alert(live: LiveCalls) -> None:
    played(live, ("customer", "It says $482.17."), ("agent", "Your balance is $482.17, due on December 5."))
    assert len(cards(live, "unverified_account")) == 1


def test_after_verification_account_facts_raise_nothing_and_call_details_wait_for_the_pin(live: LiveCalls) -> None:
    live.start(call())
    live.report_auth("call-1", "authenticated", "one_time_code")
    live.add_turns("call-1", said(("agent", "Your balance is $482.17."), ("agent", "Your last call was at 9:30.")))
    assert (len(cards(live, "unverified_account")), len(cards(live, "unverified_call_detail"))) == (0, 1)


def test_what_nobody_called_wrong_is_not_held_against_the_agent(live: LiveCalls) -> None:
    asked = ("agent", "Your account PIN, please?"), ("customer", "Seven seven one two.")
    played(live, *asked, ("agent", "Thank you. Your balance is $482.17."))
    assert cards(live, "unverified_account") == []
    assert live.summary("call-1")["auth_level"] == "none"  # the gate waits for the agent's word


@pytest.mark.parametrize(
    ("question", "passed", "change"),
    [
        ("Can you give me your account PIN?", "You're verified, thank you.", ("password", "pin")),
        (
            "I'm sending a verification code, what is it?",
            "Perfect, you're verified.",
            ("authenticated", "one_time_code"),
        ),
        ("Can you verify your date of birth?", "Great, you're verified.", ("identified", None)),
        ("I need to verify who you are.", "You're verified, thanks.", ("authenticated", None)),
    ],
)
def test_a_verification_reaches_the_level_of_its_method(
    live: LiveCalls, question: str, passed: str, change: tuple[str, str | None]
) -> None:
    played(live, ("agent", question), ("customer", "Sure, one moment."), ("agent", passed))
    assert changes(live) == [change]


def test_a_code_after_the_pin_does_not_lower_the_level(live: LiveCalls) -> None:
    pin = ("agent", "Your account PIN?"), ("customer", "Seven seven one two."), ("agent", "You're verified.")
    code = ("agent", "One more verification code, please."), ("customer", "It's here."), ("agent", "You're verified.")
    played(live, *pin, *code)
    assert changes(live) == [("password", "pin"), ("password", "one_time_code")]


def test_asking_for_the_social_is_answered_with_what_to_ask_instead(live: LiveCalls) -> None:
    played(live, ("agent", "Can I have the last four of your social?"))
    (card,) = cards(live, "no_proof:ssn")
    assert "social security number" in card["body"]
    assert "a one-time code sent to the number of record" in card["body"]


def test_cpni_04_a_hint_on_the_maiden_name_is_warned_of_even_when_verified(live: LiveCalls) -> None:
    live.start(call())
    live.report_auth("call-1", "password", "pin")
    live.add_turns("call-1", said(("agent", "Your security question could be your mother's maiden name.")))
    assert len(cards(live, "hint:mothers_maiden_name")) == 1


def test_the_third_failure_says_stop_once(live: LiveCalls) -> None:
    live.start(call())
    for place in range(5):
        live.add_turns("call-1", [Turn(f"f{place}", "agent", "That PIN doesn't match.")])
        assert len(cards(live, "verification_step_up")) == (1 if place >= 2 else 0)


def test_failures_reported_by_a_system_count_too(live: LiveCalls) -> None:
    live.start(call())
    for _ in range(3):
        live.report_auth("call-1", "none", "pin")
    assert len(cards(live, "verification_step_up")) == 1


def test_cpni_10_a_caller_who_speaks_for_the_holder_is_not_verified_by_a_pin(live: LiveCalls) -> None:
    third = ("customer", "I'm calling on behalf of my mother."), ("agent", "What's the account PIN?")
    played(live, *third, ("customer", "Seven seven one two."), ("agent", "You're verified."))
    assert len(cards(live, "third_party_caller")) == 1
    assert changes(live) == [("identified", "pin")]


def test_cpni_10_a_caller_verified_before_falls_back(live: LiveCalls) -> None:
    live.start(call())
    live.report_auth("call-1", "password", "pin")
    live.add_turns("call-1", said(("customer", "It's actually my wife's account.")))
    assert live.summary("call-1")["auth_level"] == "identified"
    assert live.end("call-1")["verification"]["result"] == "asked"


def test_cpni_10_an_authorised_user_who_says_their_name_counts(live: LiveCalls) -> None:
    live.desk.add_customer(
        {"customer_id": "C-AUTH", "contacts": [{"name": "Bea Deputy", "role": "office manager", "authorised": True}]}
    )
    third = ("customer", "Bea Deputy, calling on behalf of my boss."), ("agent", "What's the account PIN?")
    played(live, *third, ("customer", "Seven seven one two."), ("agent", "You're verified."), customer_id="C-AUTH")
    assert changes(live) == [("password", "pin")]


def test_naming_the_holder_makes_nobody_an_authorised_user(live: LiveCalls) -> None:
    third = ("customer", "I'm calling for my wife, Denise Okafor."), ("agent", "What's the account PIN?")
    played(live, *third, ("customer", "Seven seven one two."), ("agent", "You're verified."), customer_id="C-1001")
    assert changes(live) == [("identified", "pin")]


def test_a_script_comes_before_the_next_step_for_a_third_party_and_neither_is_lost(live: LiveCalls) -> None:
    live.start(call())
    live.add_turns("call-1", said(("customer", "I'm calling for my mother. I want to cancel her internet service.")))
    kinds = [event.body["kind"] for event in live.events("call-1") if event.type == "card.shown"]
    assert kinds[-1] == "script"
    assert cards(live, "third_party_caller") == []
    live.add_turns("call-1", [Turn("a", "agent", "I see."), Turn("b", "customer", "She asked me to.")])
    assert len(cards(live, "third_party_caller")) == 1


def test_each_secret_that_is_turned_down_is_a_failed_attempt_and_telling_it_again_is_none(live: LiveCalls) -> None:
    played(
        live,
        ("agent", "Can I have your account PIN?"),
        ("customer", "It's 4821."),
        ("agent", "That's not it, I'm afraid."),
        ("customer", "Try 4812."),
        ("agent", "No, that's not right either."),
        ("customer", "Then I don't know."),
        ("agent", "For the note: the PIN failed, not verified, nothing was changed."),
        ("customer", "So the bill of $80 is wrong?"),
        ("agent", "No, that's not right either."),
    )
    assert changes(live) == [("none", None), ("none", None)]
    assert cards(live, "verification_step_up") == []


def test_the_third_failed_attempt_says_to_stop(live: LiveCalls) -> None:
    tries = [line for pin in (4821, 4812, 4128) for line in (("customer", f"{pin}"), ("agent", "No, not right."))]
    played(live, ("agent", "What's your PIN?"), *tries)
    assert len(cards(live, "verification_step_up")) == 1


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Yes, your address is 14 Elm Street."), ("es", "Su dirección es Olmo 14.")]
)
def test_an_address_named_before_verification_raises_the_alert(live: LiveCalls, language: str, said: str) -> None:
    played(live, ("customer", "Hi." if language == "en" else "Buenas tardes."), ("agent", said), language=language)
    assert len(cards(live, "unverified_account")) == 1
