"""Misheard words: as many as asked for, the same for a seed, and none where none is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import BadInput
from evals.noise import add_noise

SAID = "I want to cancel my internet because the bill is eighty dollars and it used to be sixty five " * 40


def test_no_noise_leaves_every_character() -> None:
    assert add_noise(SAID, 0.0, 1) == SAID


@pytest.mark.parametrize("rate", [0.1, 0.15, 0.2])
def test_about_so_many_words_go_wrong(rate: float) -> None:
    before, after = SAID.split(" "), add_noise(SAID, rate, 7).split(" ")
    same = sum(one == other for one, other in zip(before, after, strict=False))
    changed = sum(add_noise(word, rate, f"{place}") != word for place, word in enumerate(SAID.split()))
    assert 0.7 * rate <= changed / len(SAID.split()) <= 1.3 * rate
    assert same < len(before)


def test_the_same_seed_mishears_the_same() -> None:
    assert add_noise(SAID, 0.2, "a") == add_noise(SAID, 0.2, "a")
    assert add_noise(SAID, 0.2, "a") != add_noise(SAID, 0.2, "b")


@pytest.mark.parametrize("rate", [-0.1, 0.51, 2.0])
def test_a_rate_out_of_range_is_named(rate: float) -> None:
    with pytest.raises(BadInput, match=r"allowed is 0 to 0\.5"):
        add_noise("a", rate, 1)


@given(st.text(max_size=200), st.floats(0, 0.5), st.integers())
def test_any_text_can_be_misheard(text: str, rate: float, seed: int) -> None:
    assert isinstance(add_noise(text, rate, seed), str)
