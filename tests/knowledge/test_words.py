"""Words: accents, apostrophes and stems."""

import pytest

from knowledge.words import fold, query_words, stems, words


def test_accents_case_and_apostrophes_do_not_matter() -> None:
    assert fold("¿Qué AÑO?") == "¿que ano?"
    assert words("What’s the customer's PIN?") == ["whats", "the", "customers", "pin"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("es", "cancelación", "cancelacion"),
        ("es", "cancelaciones", "cancelacion"),
        ("es", "líneas", "linea"),
        ("en", "cancelled", "cancelling"),
        ("en-US", "fees", "fee"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert stems(one, language) == stems(other, language)


def test_a_language_without_stemmer_keeps_whole_words() -> None:
    assert stems("Gebühren 料金", "xx") == ["gebuhren", "料金"]


def test_stop_words_go_unless_nothing_else_is_left() -> None:
    assert query_words("how do I pay the late fee", ["en"]) == ["pay", "late", "fee"]
    assert query_words("¿cómo pago el recargo?", ["en", "es"]) == ["pago", "recargo"]
    assert query_words("what is it", ["en"]) == ["what", "is", "it"]
    assert query_words("...", ["en"]) == []
