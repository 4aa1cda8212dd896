"""Fusion: one ranking out of the words' and the vectors'."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

TRUST_EXPONENT = 0.75
# Cosines of MiniLM: unrelated texts stay below the one, near-paraphrases pass the other.
COSINE_OF_NOTHING = 0.2
COSINE_OF_CERTAINTY = 0.7

RankedId = TypeVar("RankedId", bound=Hashable)


def fuse_scores(
    cosines: NDArray[np.floating], word_scores: NDArray[np.floating], word_trust: float
) -> NDArray[np.float64]:
    """One score a passage: both scorings in their own standard deviations, the words' times `word_trust`.

    Reciprocal ranks forget by how much the first is ahead: on six sets of questions this sum was 0.03 to 0.06 nDCG@10
    better. It is an order for one query; its numbers mean nothing across queries.

    Args:
        cosines: of the passages with the query.
        word_scores: of the same passages, 0 or more.
        word_trust: 0..1, see `trust_in_words`.
    """
    return _standardised(cosines) + word_trust * _standardised(word_scores)


def trust_in_words(best_word_score: float, question_rarity: float) -> float:
    """How far the words may decide, 0..1: the share of the question's rare words that the best passage has.

    A question in words the documents do not use is for the vectors. The exponent is between trusting always (0, best
    for questions about named things) and by the share itself (1, best for paraphrases), which cost 0.02 on the others.
    """
    if question_rarity <= 0:
        return 1.0
    return float(min(1.0, best_word_score / question_rarity) ** TRUST_EXPONENT)


def confidences(cosines: NDArray[np.floating], coverage: NDArray[np.floating]) -> NDArray[np.float64]:
    """How sure a match is, 0..1, comparable between queries: half meaning, half words.

    On the demo documents nine of ten right first hits stand above 0.45; small talk and questions of another trade
    mostly below 0.35, which is a fair line under which to stay silent.

    Args:
        cosines: of passages with the query.
        coverage: share of the query's weight that their words cover, 0..1.
    """
    meaning = np.clip(
        (cosines.astype(np.float64) - COSINE_OF_NOTHING) / (COSINE_OF_CERTAINTY - COSINE_OF_NOTHING), 0, 1
    )
    return (meaning + coverage) / 2


def _standardised(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    centred = scores.astype(np.float64) - scores.mean(dtype=np.float64)
    spread = float(centred.std())
    return centred / spread if spread > 0 else np.zeros(len(scores))


def fuse_rankings(rankings: Sequence[Sequence[RankedId]], *, k: int = 60) -> list[tuple[RankedId, float]]:
    """Merge rankings of one query by reciprocal rank.

    score(p) = sum of 1 / (k + rank of p), rank from 1, over the rankings that hold p.
    Equal scores keep the order in which the passages were first seen.

    Args:
        rankings: one list per retriever, best first; ids unique within a list.
        k: damping, in ranks, above 0; a larger k flattens the lead of the top places.

    Returns:
        (id, score) pairs, best first, 0 < score <= len(rankings) / (k + 1); empty if nothing was ranked.

    Raises:
        ValueError: k is not above 0, or a ranking holds an id twice.

    Source: Cormack, Clarke, Büttcher, "Reciprocal rank fusion ...", SIGIR 2009; k = 60 as there.
    """
    if k <= 0:
        raise ValueError(f"k is {k}; it must be above 0.")
    scores: dict[RankedId, float] = {}
    for ranking in rankings:
        if len(set(ranking)) != len(ranking):
            raise ValueError("A ranking holds an id twice; ids must be unique within a ranking.")
        for rank, ranked_id in enumerate(ranking, start=1):
            scores[ranked_id] = scores.get(ranked_id, 0.0) + 1 / (k + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
