import pytest

from copilot.calls.navigator.words import BLANK, MAX_WORDS, negations, sentences_in_words, spoken_words


@pytest.mark.parametrize(
    ("written", "spoken", "language"),
    [
        ("I'm sending it, you don't pay", "im sending it you do not pay", "en"),
        ("We're calling at 555-0100", "we are calling at five five five zero one zero zero", "en"),
        ("It's $85 for four lines", "it is eighty five dollars for 4 lines", "en"),
        ("Call 911 now", "call nine one one now", "en"),
        ("cancelled", "cancelling", "en"),
        ("Son $25 al mes, opción 2", "son veinticinco dólares al mes opcion dos", "es"),
    ],
)
def test_the_same_said_and_written_becomes_the_same_words(written: str, spoken: str, language: str) -> None:
    assert spoken_words(written, language) == spoken_words(spoken, language)


def test_were_and_well_stay_words_of_their_own_without_an_apostrophe() -> None:
    assert "be" not in spoken_words("they were late", "en")
    assert spoken_words("we'll call", "en") == spoken_words("we will call", "en")


def test_a_placeholder_is_one_blank() -> None:
    assert sentences_in_words("Ends {effective_date}. Bye {name}!", "en") == [("end", BLANK), ("bye", BLANK)]


def test_of_a_text_without_end_the_last_words_are_taken() -> None:
    assert spoken_words("word " * 5000 + "last", "en")[-1] == "last"
    assert len(spoken_words("word " * 5000, "en")) <= MAX_WORDS


def test_negations_are_known_in_both_languages_and_none_in_another() -> None:
    assert {"not", "no"} <= negations("en")
    assert "no" in negations("es")
    assert negations("fr") == frozenset()
