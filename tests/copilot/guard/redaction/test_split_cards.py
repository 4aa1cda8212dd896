"""A card read out in any style, cut anywhere, by anyone: what stays in the stored texts is no number any more."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.guard.redaction import Redactor
from copilot.spoken import find_numbers
from copilot.transcript import Speaker, Turn
from tests.copilot.guard.redaction.saying import spoken, typed
from tests.copilot.guard.redaction.sentences import card

LONGEST_LEFT = 4  # digits of the card in a row
INTERJECTIONS = {
    "en": ("go ahead", "mm-hmm", "okay", "got it", "uh huh yes", "one moment", "sorry, go on", "right", "and then?"),
    "es": ("ajá", "sí", "siga", "un momento", "adelante", "listo", "perdón, siga", "claro"),
}
LEAD = {"en": ("it's ", "okay so ", "uh, ", "then ", "", ""), "es": ("es ", "a ver, ", "luego ", "", "")}
QUESTIONS = {"en": "can I have the card number please?", "es": "¿me da el número de la tarjeta?"}
CODES = {"en": "and the security code?", "es": "¿y el código de seguridad?"}

Lines = list[tuple[Speaker, str]]


def split(rng: random.Random, digits: str, language: str) -> Lines:
    """The digits over turns: cut at random, said in some style, read back now and then, interrupted."""
    cuts = sorted(rng.sample(range(1, len(digits)), rng.randrange(0, 6)))
    pieces = [digits[start:end] for start, end in zip([0, *cuts], [*cuts, len(digits)], strict=True)]
    pairs: tuple[tuple[Speaker, Speaker], ...] = (("customer", "agent"), ("customer", "agent"), ("unknown", "unknown"))
    teller, listener = rng.choice(pairs)
    lines: Lines = []
    for piece in pieces:
        text = spoken(rng, piece, language) if rng.random() < 0.7 else typed(rng, piece)
        lines.append((teller, rng.choice(LEAD[language]) + text))
        chance = rng.random()
        if chance < 0.3:
            lines.append((listener, rng.choice(INTERJECTIONS[language])))
        elif chance < 0.45:
            lines.append((listener, spoken(rng, piece, language)))
    return lines


def stored(lines: Sequence[tuple[Speaker, str]]) -> list[str]:
    """The texts as they stand after the last turn, amendments applied."""
    redactor, texts = Redactor(), []
    for place, (speaker, text) in enumerate(lines):
        result = redactor.redact(Turn(str(place), speaker, text))
        texts.append(result.text)
        for amendment in result.amends:
            texts[int(amendment.turn_id)] = amendment.text
    return texts


def longest_left(digits: str, texts: Sequence[str], language: str) -> int:
    """How many digits of the card in a row can still be read out of the texts, turn by turn or run together."""
    left = "".join(number.digits for text in texts for number in find_numbers(text, language=language))
    return next(
        (
            size
            for size in range(len(digits), 0, -1)
            if any(digits[start : start + size] in left for start in range(len(digits) - size + 1))
        ),
        0,
    )


@pytest.mark.parametrize("language", ["en", "es"])
@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_a_card_that_was_asked_for_leaves_no_digit(rng: random.Random, language: str) -> None:
    number = card(rng)
    lines: Lines = [("agent", QUESTIONS[language]), *split(rng, number, language)]
    texts = stored(lines)
    assert longest_left(number, texts, language) <= 1, f"{lines}\n{texts}"


@pytest.mark.parametrize("language", ["en", "es"])
@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_the_code_after_a_card_dies_with_it(rng: random.Random, language: str) -> None:
    number, code = card(rng), f"{rng.randrange(1000):03}"
    lines: Lines = [("agent", QUESTIONS[language]), *split(rng, number, language)]
    lines += [("agent", CODES[language]), ("customer", spoken(rng, code, language, plain=True))]
    texts = stored(lines)
    assert longest_left(number, texts, language) <= 1, f"{lines}\n{texts}"
    assert longest_left(code, texts[-1:], language) == 0, (lines, texts)


@pytest.mark.parametrize("language", ["en", "es"])
@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_a_card_that_nobody_asked_for_is_no_number_in_the_end(rng: random.Random, language: str) -> None:
    number = card(rng)
    lines = split(rng, number, language)
    texts = stored(lines)
    assert longest_left(number, texts, language) <= LONGEST_LEFT, (lines, texts)
