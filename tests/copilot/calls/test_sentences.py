import pytest

from copilot.calls.sentences import has_mask, is_pleasantry, sentences_of, without_opening
from copilot.transcript import Turn


def texts(*said: str) -> list[str]:
    return [sentence.text for sentence in sentences_of(Turn(str(n), "customer", text) for n, text in enumerate(said))]


def test_noise_and_fillers_are_no_part_of_a_sentence() -> None:
    assert texts("[noise] uh my, um, card is <unk> lost [laughter]") == ["my, card is lost"]


def test_a_turn_of_noise_has_no_sentence() -> None:
    assert texts("[noise]", "mhm", "<unk> [noise]", "") == []


def test_masks_stay_where_noise_goes() -> None:
    (sentence,) = sentences_of([Turn("1", "customer", "it's [CARD] [cough]")])
    assert sentence.text == "it's [CARD]"
    assert has_mask(sentence)


def test_titles_do_not_end_a_sentence() -> None:
    assert texts("I would like to see Dr. Alexis. Next week.") == ["I would like to see Dr. Alexis.", "Next week."]


def test_a_long_turn_without_marks_is_cut_where_a_new_thought_begins() -> None:
    said = (
        "okay one hundred dollars has been transferred from savings to checking "
        "is there anything else i can help you with"
    )
    assert texts(said) == [
        "okay one hundred dollars has been transferred from savings to checking",
        "is there anything else i can help you with",
    ]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what is the bill amount", True),
        ("can i get your name", True),
        ("Is it off?", True),
        ("¿cuándo llega?", True),
        ("what a day.", False),
        ("your balance is ten dollars", False),
    ],
)
def test_questions_are_known_by_their_mark_or_their_first_words(text: str, asks: bool) -> None:
    assert [sentence.is_question for sentence in sentences_of([Turn("1", "agent", text)])] == [asks]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("hi my name is linda miller i would like to reset my password", "i would like to reset my password"),
        ("Hello, good morning, this is Ann. I lost my card", "I lost my card"),
        ("I'm cancelling my line", "I'm cancelling my line"),
        ("buenos días, me llamo Rosa Díaz, quiero pagar", "quiero pagar"),
        ("okay so the internet is down", "the internet is down"),
    ],
)
def test_greetings_and_introductions_are_taken_off(text: str, rest: str) -> None:
    assert without_opening(text) == rest


def test_sympathy_and_farewells_are_pleasantries() -> None:
    said = ["I'm glad to help you with that.", "Have a great day!", "The fee is eight dollars."]
    found = [is_pleasantry(sentence) for sentence in sentences_of(Turn(str(n), "agent", s) for n, s in enumerate(said))]
    assert found == [True, True, False]
