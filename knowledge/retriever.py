"""The retriever: the passages that answer a question in its conversation, by words and by meaning."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, islice
from threading import Lock, local
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from knowledge.context import ContextTurn, texts_to_embed, weigh_words
from knowledge.documents import Document
from knowledge.embedders import Embedder
from knowledge.errors import EmbedderError
from knowledge.filters import Filters
from knowledge.fusion import confidences, fuse_scores, trust_in_words
from knowledge.lexical import LexicalMatch
from knowledge.passage_embedding import recipe
from knowledge.passages import Passage
from knowledge.recency import newer_first
from knowledge.snapshot import Snapshot, load_snapshot
from knowledge.stored import Scope, revision
from knowledge.tables import DEFAULT_TENANT
from knowledge.vectors import ChromaStore

__all__ = ["By", "ContextTurn", "DocumentHit", "Filters", "Hit", "Retriever"]

log = logging.getLogger(__name__)

By = Literal["both", "words", "meaning"]

NO_FILTERS = Filters()
# How far behind place k a newer document on the same topic is looked for.
LOOK_AHEAD = 5
SMALLEST_LENGTH = 1e-9


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with its document; `score` is in 0..1 and may be compared between queries.

    `coverage` is how much of the query's weight stands in the passage word by word, rare words counting more; 0..1.
    """

    rank: int
    score: float
    passage: Passage
    document: Document
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document found, with the best of its passages."""

    rank: int
    score: float
    document: Document
    passage: Passage


class Retriever:
    """Searches one collection of one tenant; threads may search while another one refreshes."""

    def __init__(
        self,
        engine: Engine,
        scope: Scope,
        embedder: Embedder,
        store: ChromaStore | None,
        today: Callable[[], date],
    ) -> None:
        self._engine = engine
        self._scope = scope
        self._embedder = embedder
        self._store = store
        self._today = today
        self._refreshing = Lock()
        self._embedded = local()
        self._snapshot = self._load()

    @classmethod
    def open(
        cls,
        engine: Engine,
        collection: str = "default",
        *,
        embedder: Embedder,
        store: ChromaStore | None = None,
        tenant: str = DEFAULT_TENANT,
        today: Callable[[], date] | None = None,
    ) -> Self:
        """Load a collection into memory.

        Args:
            engine: a database that has the tables of `knowledge.tables`.
            collection: its name.
            embedder: the one that `sync` used; passages it has not seen are found by their words alone.
            store: where the vectors are; made equal to SQL first. Without one they are read from SQL, which only
                looks and so needs no lock.
            tenant: the business the collection belongs to.
            today: the day on which documents must hold when a search names none.

        Raises:
            UnknownCollection: nothing was ever indexed under this name.
        """
        return cls(engine, Scope(tenant, collection), embedder, store, today or _local_date)

    def refresh(self) -> bool:
        """Load the collection again if `sync` changed it, here or in another process; whether it had."""
        with self._refreshing:
            with self._engine.connect() as connection:
                if revision(connection, self._scope) == self._snapshot.revision:
                    return False
            self._snapshot = self._load()
            return True

    def search(
        self,
        query: str,
        *,
        context: Sequence[ContextTurn] = (),
        filters: Filters = NO_FILTERS,
        k: int = 10,
        by: By = "both",
    ) -> list[Hit]:
        """The best passages, best first; fewer than k when fewer are allowed or nothing matches.

        Args:
            query: the current utterance or question, as said.
            context: the turns before it, oldest first.
            filters: applied before ranking, so k allowed passages come back where there are k.
            k: above 0.
            by: words and meaning, or one of them alone, for comparison.
        """
        snapshot = self._snapshot
        match = _match(snapshot, query, context)
        ranked = islice(self._rank(snapshot, query, context, filters, by, match), k + LOOK_AHEAD)
        entries = [(row, snapshot.document_of(row), score) for row, score in ranked]
        return [
            Hit(rank, score, snapshot.passages[row], document, float(match.coverage[row]))
            for rank, (row, document, score) in enumerate(_falling(newer_first(entries)[:k]), start=1)
        ]

    def documents(self, filters: Filters = NO_FILTERS) -> list[Document]:
        """The documents that hold and that such a reader may see, without a question asked."""
        return self._snapshot.documents(filters, self._today())

    def search_documents(
        self,
        query: str,
        *,
        context: Sequence[ContextTurn] = (),
        filters: Filters = NO_FILTERS,
        k: int = 10,
        by: By = "both",
    ) -> list[DocumentHit]:
        """The best documents, each with the score of its best passage; otherwise as `search`."""
        snapshot = self._snapshot
        best: dict[str, tuple[int, Document, float]] = {}
        match = _match(snapshot, query, context)
        for row, score in self._rank(snapshot, query, context, filters, by, match):
            document = snapshot.document_of(row)
            best.setdefault(document.doc_id, (row, document, score))
            if len(best) == k + LOOK_AHEAD:
                break
        return [
            DocumentHit(rank, score, document, snapshot.passages[row])
            for rank, (row, document, score) in enumerate(_falling(newer_first(list(best.values()))[:k]), start=1)
        ]

    def _rank(
        self,
        snapshot: Snapshot,
        query: str,
        context: Sequence[ContextTurn],
        filters: Filters,
        by: By,
        words: LexicalMatch,
    ) -> Iterator[tuple[int, float]]:
        """(passage row, confidence) of all allowed passages that match, best first."""
        rows = snapshot.allowed(filters, filters.as_of or self._today())
        if not query.strip() or not len(rows):
            return
        match = words.within(rows)
        cosines = None if by == "words" else self._cosines(snapshot, query, context)
        if cosines is None:
            matching = np.flatnonzero(match.scores)
            scores, rows = match.scores[matching].astype(np.float64), rows[matching]
            confidence = match.coverage[matching].astype(np.float64)
        else:
            confidence = confidences(cosines[rows], match.coverage)
            scores = _fused(snapshot, query, match, cosines[rows]) if by == "both" else cosines[rows].astype(np.float64)
        for place in np.argsort(-scores, kind="stable"):
            yield int(rows[place]), float(confidence[place])

    def _cosines(self, snapshot: Snapshot, query: str, context: Sequence[ContextTurn]) -> NDArray[np.float32] | None:
        if not snapshot.has_vectors:
            return None
        try:
            vector = self._vector_of(query, context)
        except EmbedderError as error:
            # A service that does not answer must not silence the sidebar: the words are still there.
            log.warning("Searching by words alone: %s", error)
            return None
        cosines: NDArray[np.float32] = snapshot.matrix @ vector
        return cosines

    def _vector_of(self, query: str, context: Sequence[ContextTurn]) -> NDArray[np.float32]:
        # Whoever finds nothing in one language asks the same again without it: embedding is most of a search.
        asked = (query, *context)
        if getattr(self._embedded, "asked", None) != asked:
            texts, shares = zip(*texts_to_embed(query, context), strict=True)
            total = np.array(shares, dtype=np.float32) @ self._embedder.embed(texts)
            self._embedded.vector = total / max(float(np.linalg.norm(total)), SMALLEST_LENGTH)
            self._embedded.asked = asked
        vector: NDArray[np.float32] = self._embedded.vector
        return vector

    def _load(self) -> Snapshot:
        return load_snapshot(self._engine, self._scope, recipe(self._embedder), self._store)


def _match(snapshot: Snapshot, query: str, context: Sequence[ContextTurn]) -> LexicalMatch:
    return snapshot.lexical.match(weigh_words(query, context, snapshot.lexical.words_of))


def _fused(snapshot: Snapshot, query: str, match: LexicalMatch, cosines: NDArray[np.float32]) -> NDArray[np.float64]:
    question = dict.fromkeys(snapshot.lexical.words_of(query), 1.0)
    trust = trust_in_words(float(match.scores.max()), snapshot.lexical.rarity(question))
    return fuse_scores(cosines, match.scores, trust)


def _falling(entries: Sequence[tuple[int, Document, float]]) -> list[tuple[int, Document, float]]:
    """The same order with scores that never rise: a hit is no surer than the one it was put behind."""
    ceilings = accumulate((score for _, _, score in entries), min)
    return [(row, document, score) for (row, document, _), score in zip(entries, ceilings, strict=True)]


def _local_date() -> date:
    return datetime.now().astimezone().date()
