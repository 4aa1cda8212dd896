"""What is remembered of texts, and what is not."""

from knowledge.remembering import LONG, LONG_TEXTS, SHORT, remembered


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


def test_of_long_texts_only_a_few_are_kept_and_of_longer_ones_none() -> None:
    asked: list[int] = []

    @remembered(1000)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    long = [SHORT + place for place in range(1, LONG_TEXTS + 2)]  # one more than are kept
    for size in (*long, long[-1], long[0], LONG, LONG, LONG + 1, LONG + 1):
        assert length("x" * size) == size
    assert asked == [*long, long[0], LONG, LONG + 1, LONG + 1]
