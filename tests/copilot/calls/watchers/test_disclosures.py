import pytest

from tests.copilot.calls.watchers.conftest import Line, PlayCall

NOTICE: Line = ("agent", "Hello, this call is recorded.")


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "Am I talking to a robot?"),
        ("en", "wait are you a real person"),
        ("en", "Is an AI listening to this?"),
        ("en", "Is this an AI?"),
        ("es", "¿Estoy hablando con una máquina?"),
        ("es", "¿Usted es un robot?"),
    ],
)
def test_the_question_for_a_machine_gets_an_honest_answer(play_call: PlayCall, language: str, question: str) -> None:
    (card,) = play_call(("customer", question), language=language).cards("ai_question")
    assert card["kind"] == "next_step"
    assert ("assistant listens" in card["body"]) or ("asistente automático escucha" in card["body"])


@pytest.mark.parametrize(
    "talk",
    ["I want to talk to a real person", "I was talking to a robot for an hour", "my computer is listening on port 80"],
)
def test_talk_of_machines_is_no_question(play_call: PlayCall, talk: str) -> None:
    assert play_call(("customer", talk)).cards("ai_question") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Stop texting me."),
        ("en", "Take me off your call list"),
        ("en", "please unsubscribe me"),
        ("en", "Don't call me again"),
        ("es", "Dejen de llamarme"),
        ("es", "Ya no quiero recibir mensajes"),
    ],
)
def test_taking_back_consent_brings_the_ten_business_days(play_call: PlayCall, language: str, words: str) -> None:
    (card,) = play_call(("customer", words), language=language).cards("contact_revoked")
    assert card["kind"] == "next_step"
    assert "10 business days" in card["body"] or "10 días hábiles" in card["body"]


@pytest.mark.parametrize(
    ("channel", "text", "cards"),
    [
        ("sms", "STOP", 1),
        ("sms", "Opt out!", 1),
        ("sms", "stop by tomorrow", 0),
        ("voice", "stop", 0),
        ("chat", "End", 0),
    ],
)
def test_a_text_message_of_one_word_revokes(play_call: PlayCall, channel: str, text: str, cards: int) -> None:
    assert len(play_call(("customer", text), channel=channel).cards("contact_revoked")) == cards
