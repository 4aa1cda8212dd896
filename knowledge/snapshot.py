"""A snapshot: one collection in memory, as SQL had it at one revision."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from knowledge.documents import Document
from knowledge.errors import KnowledgeError
from knowledge.filters import Filters, allowed_documents
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.stored import Scope, revision, stored_documents, stored_passages, stored_vectors
from knowledge.vectors import ChromaStore

log = logging.getLogger(__name__)

Vectors = Mapping[str, NDArray[np.float32]]
# Filters differ by caller and day, not by query.
FILTERS_KEPT = 64


class Snapshot:
    """Documents, passages, their word index and their vectors; never changed, so threads may share it."""

    def __init__(
        self, number: int, documents: Sequence[Document], passages: Sequence[Passage], vectors: Vectors
    ) -> None:
        """Build the indexes.

        Args:
            number: the revision.
            documents: all of the collection.
            passages: all of these documents.
            vectors: by passage_id, of length 1; a passage without one can be found by its words alone.
        """
        self.revision = number
        self.passages = passages
        self._documents = documents
        place = {document.doc_id: row for row, document in enumerate(documents)}
        self._document_rows = np.array([place[passage.doc_id] for passage in passages], dtype=np.intp)
        self.lexical = LexicalIndex(passages, [documents[row].language for row in self._document_rows])
        self.matrix = _matrix(passages, vectors)
        self._owners = frozenset(document.customer_id for document in self._documents)
        self._allowed_kept = lru_cache(maxsize=FILTERS_KEPT)(self._allowed)

    @property
    def has_vectors(self) -> bool:
        """Whether meaning can be compared at all."""
        return bool(self.matrix.shape[1])

    def documents(self, filters: Filters, as_of: date) -> list[Document]:
        """The documents that pass these filters on a day, in the order they were stored."""
        rows = allowed_documents(self._documents, filters, filters.as_of or as_of)
        return [document for document, is_allowed in zip(self._documents, rows, strict=True) if is_allowed]

    def allowed(self, filters: Filters, as_of: date) -> NDArray[np.intp]:
        """The rows of passages that may be found."""
        if filters.of_customer not in self._owners and filters.of_customer:
            filters = replace(filters, of_customer="")  # one answer for all customers of whom there is no record
        return self._allowed_kept(filters, as_of)

    def document_of(self, row: int) -> Document:
        """The document of the passage in this row."""
        return self._documents[int(self._document_rows[row])]

    def _allowed(self, filters: Filters, as_of: date) -> NDArray[np.intp]:
        return np.flatnonzero(allowed_documents(self._documents, filters, as_of)[self._document_rows])


def load_snapshot(engine: Engine, scope: Scope, recipe: str, store: ChromaStore | None) -> Snapshot:
    """Read a collection; its vectors from the store, made equal to SQL first, or from SQL where there is none.

    Raises:
        UnknownCollection: nothing was ever indexed under this name.
    """
    while True:
        with engine.connect() as connection:
            number = revision(connection, scope)
            documents, passages = stored_documents(connection, scope), stored_passages(connection, scope)
            vectors = stored_vectors(connection, scope, recipe)
            if revision(connection, scope) == number:  # else a sync came between two of the reads
                return Snapshot(number, documents, passages, _from_store(vectors, scope, recipe, store))


def _from_store(vectors: Vectors, scope: Scope, recipe: str, store: ChromaStore | None) -> Vectors:
    if store is None or not vectors:
        return vectors
    try:
        store.reconcile(scope, recipe, vectors)
        return store.read(scope, recipe)
    except KnowledgeError as error:
        # SQL holds the same vectors: a broken Chroma costs nobody an answer.
        log.warning("Searching with the vectors in SQL: %s", error)
        return vectors


def _matrix(passages: Sequence[Passage], vectors: Vectors) -> NDArray[np.float32]:
    dimension = len(next(iter(vectors.values()), ()))
    matrix = np.zeros((len(passages), dimension), dtype=np.float32)
    for row, passage in enumerate(passages):
        if passage.passage_id in vectors:
            matrix[row] = vectors[passage.passage_id]
    return matrix
