"""Fusing words and meaning."""

import numpy as np
import pytest

from knowledge.fusion import confidences, fuse_rankings, fuse_scores, trust_in_words


def test_both_halves_count_in_their_own_deviations() -> None:
    # (0.1, 0.3) and (0, 20) are both (-1, 1) in standard deviations.
    assert list(fuse_scores(np.array([0.1, 0.3]), np.array([20.0, 0.0]), 0.5)) == pytest.approx([-0.5, 0.5])


def test_a_half_that_says_the_same_of_all_changes_nothing() -> None:
    assert list(fuse_scores(np.array([0.1, 0.3]), np.zeros(2), 1.0)) == pytest.approx([-1.0, 1.0])
    assert list(fuse_scores(np.array([0.4]), np.array([3.0]), 1.0)) == [0.0]


def test_words_are_trusted_by_how_much_of_the_question_the_best_passage_has() -> None:
    assert trust_in_words(10.0, 10.0) == 1.0
    assert trust_in_words(1.0, 16.0) == pytest.approx(0.125)  # (1/16) ** 0.75
    assert trust_in_words(0.0, 10.0) == 0.0
    assert trust_in_words(5.0, 0.0) == 1.0


def test_confidence_is_half_meaning_and_half_words() -> None:
    cosines, coverage = np.array([0.7, 0.45, 0.2, -0.5, 1.0]), np.array([1.0, 0.0, 0.5, 0.0, 1.0])
    assert list(confidences(cosines, coverage)) == pytest.approx([1.0, 0.25, 0.25, 0.0, 1.0])


def test_second_place_in_both_rankings_beats_first_place_in_one() -> None:
    fused = dict(fuse_rankings([["refunds", "returns"], ["opening-hours", "returns"]], k=60))
    assert list(fused) == ["returns", "refunds", "opening-hours"]
    assert list(fused.values()) == pytest.approx([1 / 62 + 1 / 62, 1 / 61, 1 / 61])


def test_nothing_ranked_gives_nothing() -> None:
    assert fuse_rankings([]) == fuse_rankings([[], []]) == []


@pytest.mark.parametrize(("rankings", "k"), [([["a", "a"]], 60), ([["a"]], 0)])
def test_wrong_rankings_are_refused(rankings: list[list[str]], k: int) -> None:
    with pytest.raises(ValueError, match=r"above 0|twice"):
        fuse_rankings(rankings, k=k)
