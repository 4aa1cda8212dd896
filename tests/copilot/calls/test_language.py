"""The language a call is held in, and when it changes."""

from copilot.calls.language import language_now
from copilot.transcript import Speaker, Turn

SPANISH = ("es que mi inglés no es muy bueno, quiero pagar la cuenta", "no sé por qué la cuenta está con un cargo más")
ENGLISH = ("what is this charge on my account", "can you tell me when the bill is due")


def turns(*texts: str, speaker: Speaker = "customer") -> list[Turn]:
    return [Turn(f"t{place}", speaker, text) for place, text in enumerate(texts)]


def test_two_telling_turns_change_the_language_and_one_does_not() -> None:
    assert language_now("en", turns(*ENGLISH, SPANISH[0])) == "en"
    assert language_now("en", turns(*ENGLISH, *SPANISH)) == "es"


def test_short_answers_in_between_tell_nothing() -> None:
    assert language_now("en", turns(*ENGLISH, SPANISH[0], "sí", "okay", SPANISH[1], "gracias")) == "es"


def test_the_way_back_is_the_same() -> None:
    assert language_now("en", turns(*SPANISH, *ENGLISH)) == "en"
    assert language_now("es", turns(*SPANISH, *ENGLISH)) == "en"


def test_what_the_agent_says_does_not_count() -> None:
    assert language_now("en", turns(*SPANISH, speaker="agent")) == "en"


def test_a_mixed_turn_tells_nothing() -> None:
    mixed = "i want to pay la cuenta de mi esposa y es que the bill is not right pero no sé"
    assert language_now("en", turns(mixed, mixed)) == "en"


def test_without_turns_the_language_stays() -> None:
    assert language_now("es", []) == "es"
