"""The word index: BM25 over passages, for queries whose words have weights."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Passage
from knowledge.words import query_words, stem, stems

K1 = 1.5
B = 0.75
# The title names what the document is about; its words count twice.
TITLE_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """What all passages have of one query's words, one number a passage.

    Attributes:
        scores: BM25, 0 or more.
        coverage: how much of the query's weight a passage holds, rare words counting more; 0..1.
    """

    scores: NDArray[np.float32]
    coverage: NDArray[np.float32]

    def within(self, rows: NDArray[np.intp]) -> "LexicalMatch":
        """The same of these passages only."""
        return LexicalMatch(self.scores[rows], self.coverage[rows])


class LexicalIndex:
    """BM25 over stems; read-only once built, so threads may share it."""

    def __init__(self, passages: Sequence[Passage], languages: Sequence[str]) -> None:
        """Index passages, each with the language of its document."""
        self.languages = tuple(sorted({language.partition("-")[0] for language in languages}))
        self.size = len(passages)
        self._row_of_term: dict[str, int] = {}
        rows = [
            self._rows(_passage_stems(passage, language)) for passage, language in zip(passages, languages, strict=True)
        ]
        self._postings: Any = _bm25(rows, self._row_of_term) if self._row_of_term else None
        self._idf = _inverse_document_frequencies(rows, len(self._row_of_term))

    def _rows(self, terms: Iterable[str]) -> list[int]:
        known = self._row_of_term
        return [known.setdefault(term, len(known)) for term in terms]

    def match(self, word_weights: Mapping[str, float]) -> LexicalMatch:
        """Score every passage.

        score(p) = sum over the query's stems of weight * BM25(stem, p). A word is looked up under its stem in each
        language of the index; two words of one stem count once, with the larger weight.

        Args:
            word_weights: folded words (see `knowledge.words`) with weights above 0.
        """
        scores = np.zeros(self.size, dtype=np.float32)
        held = np.zeros(self.size, dtype=np.float32)
        weights, unknown = self._weighted_rows(word_weights)
        for row, weight in weights.items():
            start, end = self._postings["indptr"][row : row + 2]
            passages = self._postings["indices"][start:end]
            scores[passages] += weight * self._postings["data"][start:end]
            held[passages] += weight * self._idf[row]
        # A word that stands nowhere is as rare as can be.
        whole = self._rarity(weights) + unknown * float(np.log1p((self.size + 0.5) / 0.5))
        return LexicalMatch(scores, held / np.float32(whole) if whole > 0 else held)

    def rarity(self, word_weights: Mapping[str, float]) -> float:
        """The most a passage could score: the weights of the words that stand anywhere times their rarity, summed."""
        return self._rarity(self._weighted_rows(word_weights)[0])

    def words_of(self, query: str) -> list[str]:
        """The words of a query worth looking up: without stop words of the index's languages."""
        return query_words(query, self.languages)

    def _rarity(self, weights: Mapping[int, float]) -> float:
        return sum(weight * float(self._idf[row]) for row, weight in weights.items())

    def _weighted_rows(self, word_weights: Mapping[str, float]) -> tuple[dict[int, float], float]:
        """Weights by row of the stem, and the weight of all words that stand nowhere."""
        weights: dict[int, float] = {}
        unknown = 0.0
        for word, weight in word_weights.items():
            stems_of_word = [stem(word, language) for language in self.languages]
            rows = [self._row_of_term[term] for term in stems_of_word if term in self._row_of_term]
            unknown += 0.0 if rows else weight
            for row in rows:
                weights[row] = max(weight, weights.get(row, 0.0))
        return weights, unknown


def _passage_stems(passage: Passage, language: str) -> list[str]:
    title = stems(passage.title, language)
    return title * TITLE_WEIGHT + stems(passage.heading, language) + stems(passage.text, language)


def _bm25(rows: Sequence[Sequence[int]], row_of_term: dict[str, int]) -> Any:
    import bm25s  # noqa: PLC0415 - imports scipy, 0.2 s that only a search needs

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it logs every build at DEBUG, and to standard error

    index = bm25s.BM25(k1=K1, b=B)
    index.index((rows, dict(row_of_term)), show_progress=False)
    return index.scores


def _inverse_document_frequencies(rows: Sequence[Sequence[int]], terms: int) -> NDArray[np.float64]:
    # Lucene's formula, as bm25s uses it: ln(1 + (N - n + 0.5) / (n + 0.5)).
    holding = np.zeros(terms)
    for passage_rows in rows:
        holding[list(set(passage_rows))] += 1
    return np.log1p((len(rows) - holding + 0.5) / (holding + 0.5))
