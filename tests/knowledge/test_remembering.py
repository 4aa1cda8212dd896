"""What is remembered of texts, and what is not."""

from knowledge.remembering import LONGEST, remembered


def test_a_text_is_worked_out_once_for_each_of_its_other_arguments() -> None:
    asked: list[tuple[str, str]] = []

    @remembered(10)
    def shout(text: str, language: str) -> str:
        asked.append((text, language))
        return text.upper()

    assert [shout("hola", "es"), shout("hola", "es"), shout("hola", "en")] == ["HOLA"] * 3
    assert asked == [("hola", "es"), ("hola", "en")]


def test_the_text_asked_for_longest_ago_is_forgotten_first() -> None:
    asked: list[str] = []

    @remembered(2)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    for text in ("a", "b", "a", "c", "a", "b"):
        length(text)
    assert asked == ["a", "b", "c", "b"]


def test_of_a_text_that_is_too_long_nothing_is_kept() -> None:
    asked: list[int] = []

    @remembered(10)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    for size in (LONGEST, LONGEST, LONGEST + 1, LONGEST + 1):
        assert length("x" * size) == size
    assert asked == [LONGEST, LONGEST + 1, LONGEST + 1]
