from knowledge.documents import Document
from knowledge.passages import passages_of
from knowledge.quotes import best_sentences


def quote(text: str, question: str, max_words: int = 60) -> list[str]:
    (passage,) = passages_of(Document("d", "Title", text, "here"))
    return best_sentences(passage, question, max_words=max_words)


def test_the_nearest_sentences_are_quoted_in_their_order() -> None:
    text = "We open at nine. The late fee is eight dollars. Parking is free. The fee is charged once."
    assert quote(text, "how much is the late fee", max_words=12) == [
        "The late fee is eight dollars.",
        "The fee is charged once.",
    ]


def test_a_line_break_inside_a_paragraph_does_not_cut_a_sentence() -> None:
    assert quote("Parts are\ncharged on each visit.", "parts charged") == ["Parts are charged on each visit."]


def test_list_items_stay_apart() -> None:
    assert quote("- Bring the form.\n- Sign the form here.", "sign", max_words=5) == ["Sign the form here."]


def test_markup_is_not_quoted() -> None:
    assert quote("The **late fee** is `8` dollars.", "late fee") == ["The late fee is 8 dollars."]


def test_a_passage_of_one_word_is_quoted_as_it_is() -> None:
    assert quote("Closed.", "when") == ["Closed."]
