import pytest

from copilot.guard.spoken_line import is_spoken

LINE = "You may complete the cancellation at any time by saying so."  # 11 words; 9 of them are enough


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "okay so you may complete the cancellation at any time by saying so and before that",
        "You may, um, complete that cancellation at any time by saying so.",
        "you may complete the cancellation at anytime by saying so",
    ],
)
def test_a_line_is_heard_through_fillers_and_a_word_misheard(text: str) -> None:
    assert is_spoken(LINE, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "You may cancel.",
        "so saying by time any at cancellation the complete may you",
        "You can complete it at any time, really, whenever you like.",
    ],
)
def test_parts_and_shuffled_words_are_not_the_line(text: str) -> None:
    assert not is_spoken(LINE, text)


def test_an_empty_line_is_never_spoken() -> None:
    assert not is_spoken("...", "anything")
