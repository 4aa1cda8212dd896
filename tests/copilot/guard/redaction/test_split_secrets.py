"""PINs and social security numbers said in pieces, in two languages, with interjections: one digit is left at most."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.guard.redaction import Redactor
from copilot.spoken import find_numbers
from copilot.transcript import Speaker, Turn
from tests.copilot.guard.redaction.saying import spoken

MOST_LEFT = 1  # the "one" of "oh, uh, one": no number yet when it is said

Lines = list[tuple[Speaker, str]]
INTERJECTIONS = {
    "en": ("go ahead", "mm-hmm", "okay", "got it", "uh huh yes", "just a moment", "sorry, go on", "right", "and then?"),
    "es": ("ajá", "sí", "siga", "ya va", "adelante", "listo", "perdón, siga", "claro", "¿y luego?"),
}
LEAD = {"en": ("it's ", "okay so ", "uh, ", "then ", ""), "es": ("es ", "a ver, ", "luego ", "este, ", "")}
ASKED = {
    "PIN": {
        "en": ("can I have your four digit PIN?", "what's the pin on the account", "please verify your account pin"),
        "es": ("¿me da su pin de cuatro dígitos?", "¿cuál es su clave?", "confirme su pin por favor"),
    },
    "SSN": {
        "en": ("can I have your social security number?", "what's your social", "your full social please"),
        "es": ("¿me da su número de seguro social?", "¿cuál es su seguro social?", "su seguro social por favor"),
    },
}


def _plain(rng: random.Random, digits: str, language: str) -> str:
    return spoken(rng, digits, language, plain=True) if rng.random() < 0.7 else digits


def _said(rng: random.Random, pieces: Sequence[str], language: str, *, read_back: bool) -> Lines:
    """One turn a piece by the customer; the agent interjects, or reads a piece back."""
    lines: Lines = []
    for piece in pieces:
        lines.append(("customer", rng.choice(LEAD[language]) + _plain(rng, piece, language)))
        chance = rng.random()
        if chance < 0.35:
            lines.append(("agent", rng.choice(INTERJECTIONS[language])))
        elif chance < 0.55 and read_back:
            lines.append(("agent", _plain(rng, piece, language)))
    return lines


def _stored(lines: Lines) -> list[str]:
    redactor, texts = Redactor(), []
    for place, (speaker, text) in enumerate(lines):
        result = redactor.redact(Turn(str(place), speaker, text))
        texts.append(result.text)
        for amendment in result.amends:
            texts[int(amendment.turn_id)] = amendment.text
    return texts


def _digits_left(texts: Sequence[str], language: str) -> str:
    return "".join(number.digits for text in texts for number in find_numbers(text, language=language))


@pytest.mark.parametrize("language", ["en", "es"])
@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_a_social_security_number_in_its_three_groups_leaves_one_digit_at_most(
    rng: random.Random, language: str
) -> None:
    digits = f"{rng.randrange(100, 1000)}{rng.randrange(100):02}{rng.randrange(10000):04}"
    pieces = [digits[:3], digits[3:5], digits[5:]] if rng.random() < 0.7 else [digits[:5], digits[5:]]
    lines: Lines = [("agent", rng.choice(ASKED["SSN"][language])), *_said(rng, pieces, language, read_back=True)]
    texts = _stored(lines)
    assert len(_digits_left(texts[1:], language)) <= MOST_LEFT, (lines, texts)


@pytest.mark.parametrize("language", ["en", "es"])
@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_a_pin_in_two_turns_leaves_one_digit_at_most(rng: random.Random, language: str) -> None:
    digits = f"{rng.randrange(10000):04}"
    lines: Lines = [
        ("agent", rng.choice(ASKED["PIN"][language])),
        *_said(rng, [digits[:2], digits[2:]], language, read_back=False),
    ]
    texts = _stored(lines)
    assert len(_digits_left(texts[1:], language)) <= MOST_LEFT, (lines, texts)


@pytest.mark.parametrize("language", ["en", "es"])
@settings(max_examples=60, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_a_pin_that_is_read_back_after_talk_leaves_one_digit_at_most(rng: random.Random, language: str) -> None:
    digits = f"{rng.randrange(10000):04}"
    talk = "let me check that for you" if language == "en" else "permítame revisar eso"
    lines: Lines = [
        ("agent", rng.choice(ASKED["PIN"][language])),
        ("customer", rng.choice(LEAD[language]) + _plain(rng, digits, language)),
        ("agent", talk),
        ("agent", _plain(rng, digits, language)),
    ]
    texts = _stored(lines)
    assert len(_digits_left(texts[1:], language)) <= MOST_LEFT, (lines, texts)


@pytest.mark.parametrize(
    ("language", "asked", "answer", "left"),
    [
        ("en", "And your PIN, please.", "It's either 2270 or 6149, I'm not sure right now.", ""),
        ("en", "What is your PIN?", "2270, or maybe it would be 6149. My bill was 61 dollars.", "61"),
        ("en", "The code we texted you?", "551 902. No, 551 209.", ""),
        ("en", "May I have the account pen?", "four eight two one", ""),
        ("es", "¿Cuál es su PIN?", "2270, o tal vez 6149, no me acuerdo.", ""),
    ],
)
def test_every_guess_at_a_secret_is_hidden(language: str, asked: str, answer: str, left: str) -> None:
    texts = _stored([("agent", asked), ("customer", answer)])
    assert _digits_left(texts[1:], language) == left, texts
