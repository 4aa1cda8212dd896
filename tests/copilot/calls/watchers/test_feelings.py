"""Anger and abuse: calm steps once, warnings counted as they are said, no end without them."""

import pytest

from tests.copilot.calls.watchers.conftest import Talk

WARNING = {
    "en": "I want to help you, and I can do that while we speak with respect. If the insults go on, I will have to end "
    "the call.",
    "es": "Quiero ayudarle y puedo hacerlo si hablamos con respeto. Si siguen los insultos, tendré que terminar la "
    "llamada.",
}


def abouts(cards: list[dict[str, object]]) -> list[object]:
    return [card["about"] for card in cards if card["kind"] != "alert"]


@pytest.mark.parametrize(
    ("language", "angry", "first"),
    [
        ("en", "This is ridiculous, I am so angry with you", "1. Let them finish."),
        ("es", "estoy furioso, esto es una burla", "1. Deje que termine."),
    ],
)
def test_anger_brings_the_calm_steps_in_order_and_once(talk: Talk, language: str, angry: str, first: str) -> None:
    (card,) = [card for card in talk(("customer", angry), language=language) if card["kind"] != "alert"]
    assert (card["kind"], card["about"]) == ("next_step", "calm_steps")
    assert card["body"].split("\n")[0] == first
    assert len(card["body"].split("\n")) == 6
    assert "calm_steps" not in abouts(talk(("customer", angry), language=language))


@pytest.mark.parametrize(
    ("language", "doc_id"), [("en", "scripts/irate-deescalation"), ("es", "scripts/irate-deescalation-es")]
)
def test_the_script_for_an_irate_caller_follows_with_the_next_turn(talk: Talk, language: str, doc_id: str) -> None:
    angry = {"en": "I am so angry with you, nobody helps me", "es": "estoy furiosa, nadie me ayuda"}[language]
    assert abouts(talk(("customer", angry), language=language)) == ["calm_steps"]
    next_turn = {"en": "well what now", "es": "y qué va a hacer"}[language]
    assert abouts(talk(("customer", next_turn), language=language)) == [doc_id]


@pytest.mark.parametrize(
    ("language", "insult", "again", "third"),
    [
        ("en", "you are an idiot", "go to hell", "you stupid bitch"),
        ("es", "usted es un idiota", "váyase al diablo", "hijo de puta"),
    ],
)
def test_two_warnings_said_come_before_the_end(talk: Talk, language: str, insult: str, again: str, third: str) -> None:
    (first,) = talk(("customer", insult), language=language)
    assert (first["about"], first["body"]) == ("abuse_warning 1", WARNING[language])
    talk(("agent", WARNING[language]), language=language)
    assert abouts(talk(("customer", again), language=language)) == ["abuse_warning 2"]
    talk(("agent", WARNING[language]), language=language)
    (end,) = talk(("customer", third), language=language)
    assert end["about"] == "abuse_end"
    assert end["body"].startswith({"en": "I asked twice", "es": "Le pedí dos veces"}[language])


def test_nobody_is_hung_up_on_without_having_been_warned(talk: Talk) -> None:
    shown = talk(*[("customer", text) for text in ("you are an idiot", "go to hell", "fuck you", "you moron")])
    assert abouts(shown) == ["abuse_warning 1"]


def test_a_warning_before_there_was_abuse_does_not_count(talk: Talk) -> None:
    talk(("agent", "I will have to end the call at five, I have a meeting"), ("agent", "I have to hang up soon"))
    assert abouts(talk(("customer", "you are an idiot"))) == ["abuse_warning 1"]


@pytest.mark.parametrize(
    "text",
    [
        "this is bullshit, I want my money back",
        "I am furious about this bill",
        "my neighbor is an idiot",
        "do you think I'm stupid",
        "shut off my service",
    ],
)
def test_irate_is_not_abuse(talk: Talk, text: str) -> None:
    assert not any(str(about).startswith("abuse") for about in abouts(talk(("customer", text))))


@pytest.mark.parametrize(
    "text", ["I'm not angry at all", "no worries, take your time", "that's insane speed, I love it"]
)
def test_no_anger_no_steps(talk: Talk, text: str) -> None:
    assert "calm_steps" not in abouts(talk(("customer", text)))
