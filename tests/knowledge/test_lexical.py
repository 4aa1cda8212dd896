"""The word index: BM25 with weighted words."""

import pytest

from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage


def passage(name: str, text: str, title: str = "") -> Passage:
    return Passage(name, name, 0, title, "", text)


def index(*texts: str, language: str = "en") -> LexicalIndex:
    return LexicalIndex([passage(str(row), text) for row, text in enumerate(texts)], [language] * len(texts))


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    match = index("fee for paper", "fee for modem", "fee for modem").match({"paper": 1.0, "modem": 1.0})
    assert match.scores[0] > match.scores[1] == match.scores[2] > 0


def test_a_words_weight_scales_its_score() -> None:
    words = index("late fee", "paper bill")
    assert words.match({"late": 0.5}).scores[0] == pytest.approx(0.5 * words.match({"late": 1.0}).scores[0])


def test_two_forms_of_one_word_count_once() -> None:
    words = index("late fee", "paper bill")
    assert words.match({"fee": 1.0, "fees": 1.0}).scores[0] == words.match({"fee": 1.0}).scores[0]


def test_coverage_is_the_share_of_the_query_that_a_passage_holds() -> None:
    words = index("late fee", "paper bill")
    assert list(words.match({"late": 1.0, "fee": 1.0}).coverage) == pytest.approx([1.0, 0.0])
    # "late" and "paper" are equally rare, so either passage holds half of the query.
    assert list(words.match({"late": 1.0, "paper": 1.0}).coverage) == pytest.approx([0.5, 0.5])
    assert 0 < words.match({"late": 1.0, "xylophone": 1.0}).coverage[0] < 0.5


def test_a_word_of_the_title_counts_twice() -> None:
    titled = LexicalIndex([passage("a", "bill", "refund"), passage("b", "refund bill")], ["en", "en"])
    scores = titled.match({"refund": 1.0}).scores
    assert scores[0] > scores[1]


def test_each_document_is_read_in_its_language() -> None:
    passages = [passage("en", "billing questions"), passage("es", "Facturación y líneas")]
    words = LexicalIndex(passages, ["en", "es"])
    assert list(words.match({"facturaciones": 1.0}).scores > 0) == [False, True]
    assert list(words.match({"linea": 1.0}).scores > 0) == [False, True]
    assert list(words.match({"question": 1.0}).scores > 0) == [True, False]


def test_no_words_no_passages_and_unknown_words_score_nothing() -> None:
    assert list(index("late fee").match({}).scores) == [0.0]
    assert list(index("late fee").match({"xylophone": 1.0}).coverage) == [0.0]
    assert len(LexicalIndex([], []).match({"fee": 1.0}).scores) == 0
    assert list(index("...", "!").match({"fee": 1.0}).scores) == [0.0, 0.0]
