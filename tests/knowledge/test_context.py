"""The question weighs most, the agent's words more than the customer's, older turns less."""

import pytest

from knowledge.context import AGENT_WORDS, OTHER_WORDS, QUESTION_SHARE, ContextTurn, texts_to_embed, weigh_words


def test_words_weigh_less_the_older_they_are_and_less_when_the_customer_says_them() -> None:
    context = [ContextTurn("modem", "agent"), ContextTurn("paper", "customer"), ContextTurn("router", "agent")]
    weights = weigh_words("fee", context, str.split)
    assert weights == pytest.approx({"fee": 1.0, "router": 0.9, "paper": 0.45 * 0.9, "modem": 0.9 * 0.9**2})


def test_a_word_said_often_has_its_largest_weight_not_the_sum() -> None:
    weights = weigh_words("fee", [ContextTurn("fee fee", "customer")] * 5, str.split)
    assert weights == {"fee": 1.0}


def test_without_known_speakers_any_turn_may_be_the_agents() -> None:
    assert weigh_words("fee", [ContextTurn("modem")], str.split) == {"fee": 1.0, "modem": 0.9}
    texts = [text for text, _ in texts_to_embed("fee", [ContextTurn("one " * 40)])]
    assert texts[0].split() == ["one"] * 40 + ["fee"]


def test_a_question_alone_is_embedded_once() -> None:
    assert texts_to_embed("late fee", []) == [("late fee", 1.0)]


def test_the_question_is_embedded_after_what_was_said_and_alone() -> None:
    context = [ContextTurn("my modem is broken", "customer"), ContextTurn("the model four?", "agent")]
    assert texts_to_embed("yes", context) == [
        ("my modem is broken the model four? yes", 1.0),
        ("yes", QUESTION_SHARE),
    ]


def test_a_long_past_is_cut_from_its_beginning_and_the_question_stays_whole() -> None:
    question = "question " * 100
    context = [ContextTurn("old " * 500, "agent"), ContextTurn("new " * 10, "agent"), ContextTurn("mine " * 90)]
    words = texts_to_embed(question, context)[0][0].split()
    counts = {word: words.count(word) for word in ("question", "old", "new", "mine")}
    assert counts == {"question": 100, "old": AGENT_WORDS - 10, "new": 10, "mine": OTHER_WORDS}
