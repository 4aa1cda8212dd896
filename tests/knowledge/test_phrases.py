"""Phrases: what each sign stands for, and which phrases are refused."""

import time

import pytest

from knowledge.phrases import BadPhrase, compile_phrases, plain_words


def hears(phrase: str, text: str) -> str | None:
    return compile_phrases([phrase]).found_in(plain_words(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I don't WANT it!", " i dont want it . "),
        ("¿Cuánto es?  Año—nuevo", " . cuanto es . ano nuevo "),
        ("It's $9.50, e-mail a@b.com", " its 9 50 e mail a b com "),
        ("", "  "),
        ("...", " . "),
    ],
)
def test_text_is_folded_to_plain_words_and_sentence_ends(text: str, plain: str) -> None:
    assert plain_words(text) == plain


def test_case_accents_apostrophes_and_punctuation_do_not_matter() -> None:
    assert hears("dont cancel it", "DON’T cancel, it...") == "dont cancel it"
    assert hears("cancelación", "la cancelacion") == "cancelacion"


def test_a_phrase_is_whole_words() -> None:
    assert hears("port", "my report") is None
    assert hears("port", "the port is locked") == "port"


def test_one_of_several() -> None:
    assert hears("my (service|line) now", "cancel my line now") == "my line now"
    assert hears("my (service|line) now", "cancel my plan now") is None


def test_an_empty_alternative_may_be_missing() -> None:
    assert hears("turn it (back |)on", "turn it on") == "turn it on"
    assert hears("turn it (back |)on", "turn it back on") == "turn it back on"


def test_brackets_may_stand_in_brackets() -> None:
    phrase = "(lower (price|bill)|save money)"
    assert [hears(phrase, text) for text in ("a lower bill", "to save money", "lower money")] == [
        "lower bill",
        "save money",
        None,
    ]


def test_a_star_is_up_to_three_words_of_one_sentence() -> None:
    assert hears("cancel * service", "cancel service") == "cancel service"
    assert hears("cancel * service", "cancel all of my service") == "cancel all of my service"
    assert hears("cancel * service", "cancel it all and the service") is None
    assert hears("cancel * service", "Cancel that. Service is bad") is None


def test_stars_add_up() -> None:
    assert hears("told me * * nothing", "told me one two three four five six nothing") is not None
    assert hears("told me * * nothing", "told me one two three four five six seven nothing") is None


def test_a_tilde_stands_for_the_rest_of_a_word_on_its_side() -> None:
    assert [hears("cancel~ it", text) for text in ("cancel it", "cancelling it", "uncancelled it")] == [
        "cancel it",
        "cancelling it",
        None,
    ]
    assert hears("i (have|) ~ed it", "I have credited it") == "i have credited it"
    assert hears("~port~", "unsupported") == "unsupported"


def test_the_first_match_in_the_text_is_the_one_that_is_told() -> None:
    phrases = compile_phrases(["second thing", "first thing"])
    assert phrases.found_in(plain_words("The first thing, then the second thing.")) == "first thing"


def test_no_phrases_find_nothing() -> None:
    assert compile_phrases([]).found_in(plain_words("anything")) is None


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("", "holds no word"),
        ("* (|)", "holds no word"),
        ("(a|b", "opens a bracket and never closes it"),
        ("a) b", "has a ) outside of brackets"),
        ("a | b", "has a | outside of brackets"),
        ("(a|b)~", "has '~' where a word belongs"),
        ("a $ b", "has '$' where a word belongs"),
        ("(a|) (b|)", "may be missing as a whole"),
        ("(" * 5_000 + "a" + ")" * 5_000, "has too many brackets in brackets"),
    ],
)
def test_a_phrase_that_means_nothing_is_refused_and_quoted(phrase: str, why: str) -> None:
    with pytest.raises(BadPhrase) as refused:
        compile_phrases(["fine", phrase])
    assert why in str(refused.value)
    assert repr(phrase)[1:30] in str(refused.value)


def test_a_phrase_of_many_stars_stays_quick_on_a_long_turn() -> None:
    phrases = compile_phrases(["a * * * * * * * * b"])
    started = time.perf_counter()
    assert phrases.found_in(plain_words("a " * 5_000)) is None
    assert time.perf_counter() - started < 1


def test_the_words_of_each_sentence_are_found_apart() -> None:
    phrases = compile_phrases(["(ill|i will) (call|send)"])
    plain = plain_words("I'll call you back on Friday. And I'll send the letter! What else?")
    assert phrases.one_a_sentence(plain) == ["ill call", "ill send"]
