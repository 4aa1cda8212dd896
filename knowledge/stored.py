"""What the database holds of a collection, read back as documents, passages and vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, Table, and_, select

from knowledge.documents import Audience, Document
from knowledge.errors import UnknownCollection
from knowledge.passages import Passage
from knowledge.tables import collections, documents, passage_vectors, passages


@dataclass(frozen=True, slots=True)
class Scope:
    """The tenant and collection that every statement is bound to."""

    tenant: str
    collection: str

    def columns(self) -> dict[str, str]:
        """As values of a new row."""
        return {"tenant": self.tenant, "collection": self.collection}

    def matches(self, table: Table) -> ColumnElement[bool]:
        """As a condition on rows."""
        return and_(table.c.tenant == self.tenant, table.c.collection == self.collection)


def collection_names(connection: Connection, tenant: str) -> list[str]:
    """The tenant's collections, in order."""
    query = select(collections.c.collection).where(collections.c.tenant == tenant).order_by(collections.c.collection)
    return list(connection.scalars(query))


def revision(connection: Connection, scope: Scope) -> int:
    """A number that grows with every change of the collection.

    Raises:
        UnknownCollection: nothing was ever indexed under this name.
    """
    found = connection.scalar(select(collections.c.revision).where(scope.matches(collections)))
    if found is None:
        raise UnknownCollection(scope.collection, collection_names(connection, scope.tenant))
    return int(found)


def stored_hashes(connection: Connection, scope: Scope) -> dict[str, tuple[str, str]]:
    """(hash, source) of every document by its doc_id."""
    query = select(documents.c.doc_id, documents.c.content_hash, documents.c.source).where(scope.matches(documents))
    return {row.doc_id: (row.content_hash, row.source) for row in connection.execute(query)}


def stored_documents(connection: Connection, scope: Scope) -> list[Document]:
    """All documents, ordered by doc_id."""
    query = select(documents).where(scope.matches(documents)).order_by(documents.c.doc_id)
    return [_document(row) for row in connection.execute(query)]


def stored_passages(connection: Connection, scope: Scope) -> list[Passage]:
    """All passages, ordered by document and place in it."""
    query = _passage_query(scope).order_by(passages.c.doc_id, passages.c.ordinal)
    return [Passage(*row) for row in connection.execute(query)]


def passages_without_vector(connection: Connection, scope: Scope, recipe: str) -> list[Passage]:
    """The passages have no vector of this recipe."""
    has_vector = (
        select(passage_vectors.c.passage_id)
        .where(scope.matches(passage_vectors), passage_vectors.c.recipe == recipe)
        .where(passage_vectors.c.passage_id == passages.c.passage_id)
        .exists()
    )
    return [Passage(*row) for row in connection.execute(_passage_query(scope).where(~has_vector))]


def vector_ids(connection: Connection, scope: Scope, recipe: str) -> set[str]:
    """The passage_ids that have a vector of this recipe."""
    query = select(passage_vectors.c.passage_id).where(scope.matches(passage_vectors))
    return set(connection.scalars(query.where(passage_vectors.c.recipe == recipe)))


def stored_vectors(connection: Connection, scope: Scope, recipe: str) -> dict[str, NDArray[np.float32]]:
    """The vectors of this recipe by passage_id."""
    query = select(passage_vectors.c.passage_id, passage_vectors.c.vector).where(scope.matches(passage_vectors))
    rows = connection.execute(query.where(passage_vectors.c.recipe == recipe))
    return {passage_id: np.frombuffer(vector, dtype="<f4") for passage_id, vector in rows}


def _passage_query(scope: Scope) -> Any:
    columns = (passages.c.passage_id, passages.c.doc_id, passages.c.ordinal, documents.c.title)
    same_document = and_(
        documents.c.tenant == passages.c.tenant,
        documents.c.collection == passages.c.collection,
        documents.c.doc_id == passages.c.doc_id,
    )
    query = select(*columns, passages.c.heading, passages.c.text).join(documents, same_document)
    return query.where(scope.matches(passages))


def _document(row: Row[Any]) -> Document:
    return Document(
        doc_id=row.doc_id,
        title=row.title,
        text=row.text,
        source=row.source,
        kind=row.kind,
        language=row.language,
        audience=cast(Audience, row.audience),
        jurisdiction=_names(row.jurisdiction),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        supersedes=row.supersedes,
        triggers=_names(row.triggers),
        extra=row.extra,
    )


def _names(stored: Sequence[str]) -> tuple[str, ...]:
    return tuple(stored)
