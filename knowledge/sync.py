"""Sync: make a collection equal to its source, touching only what changed, in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge.documents import Document
from knowledge.embedders import Embedder
from knowledge.errors import SourceError
from knowledge.passage_embedding import embed_passages, recipe
from knowledge.passages import Passage, passages_of
from knowledge.stored import Scope, passages_without_vector, stored_hashes, vector_ids
from knowledge.tables import DEFAULT_TENANT, collections, documents, passage_vectors, passages

# Part of every stored hash: with a new number every document is cut into passages again.
PASSAGES_VERSION = "1"
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class SyncReport:
    """The doc_ids by what happened to them, each in order."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    by_id: Mapping[str, Document]
    sources: frozenset[str]

    def compare(self, stored: Mapping[str, tuple[str, str]]) -> SyncReport:
        states = {doc_id: (stored_hash(document), document.source) for doc_id, document in self.by_id.items()}
        return SyncReport(
            added=tuple(sorted(doc_id for doc_id in states if doc_id not in stored)),
            changed=tuple(sorted(doc_id for doc_id in states if doc_id in stored and stored[doc_id] != states[doc_id])),
            removed=tuple(sorted(i for i, (_, source) in stored.items() if source in self.sources and i not in states)),
            unchanged=tuple(sorted(doc_id for doc_id in states if stored.get(doc_id) == states[doc_id])),
        )

    def pieces(self, report: SyncReport) -> list[Passage]:
        return [piece for i in (*report.added, *report.changed) for piece in passages_of(self.by_id[i])]


def sync(
    engine: Engine,
    collection: str,
    source_documents: Iterable[Document],
    *,
    embedder: Embedder,
    tenant: str = DEFAULT_TENANT,
    sources: Collection[str] = (),
) -> SyncReport:
    """Store the documents of one or more sources, and remove what these sources no longer hold.

    Vectors are made before the transaction begins (that may take minutes, and a live call must be able to write
    meanwhile), and only for passages that have none from this embedder. Readers see the collection as it was or as it
    will be. Documents of other sources stay; one with a doc_id that another source brought before replaces it.

    Args:
        engine: a database that has the tables of `knowledge.tables`.
        collection: its name; made when it is new.
        source_documents: everything the sources hold now.
        embedder: makes the vectors.
        tenant: the business the collection belongs to.
        sources: needed only where a source may hold no document any more; `Document.source` names the others.

    Raises:
        SourceError: two documents have one doc_id, or one cannot be read.
        EmbedderError: the vectors could not be made; nothing was changed.
    """
    scope, wanted = Scope(tenant, collection), _wanted(source_documents, sources)
    for attempt in range(1, ATTEMPTS + 1):
        vectors = _missing_vectors(engine, scope, wanted, embedder)
        try:
            with engine.begin() as connection:
                return _write(connection, scope, wanted, recipe(embedder), vectors)
        except IntegrityError:  # another process made the same collection at the same moment
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def stored_hash(document: Document) -> str:
    """What is compared to see whether a document changed."""
    return f"{PASSAGES_VERSION}:{document.content_hash}"


def _wanted(source_documents: Iterable[Document], sources: Collection[str]) -> _Wanted:
    by_id: dict[str, Document] = {}
    for document in source_documents:
        if document.doc_id in by_id:
            where = " and ".join(sorted({by_id[document.doc_id].source, document.source}))
            raise SourceError(where, f"doc_id {document.doc_id!r} stands twice", "Rename one of the two.")
        by_id[document.doc_id] = document
    return _Wanted(by_id, frozenset(sources) | {document.source for document in by_id.values()})


def _missing_vectors(
    engine: Engine, scope: Scope, wanted: _Wanted, embedder: Embedder
) -> dict[str, NDArray[np.float32]]:
    with engine.connect() as connection:
        report = wanted.compare(stored_hashes(connection, scope))
        have = vector_ids(connection, scope, recipe(embedder))
        kept = passages_without_vector(connection, scope, recipe(embedder)) if embedder.dimension else []
    gone = {*report.removed, *report.changed}
    missing = [piece for piece in kept if piece.doc_id not in gone]
    missing += [piece for piece in wanted.pieces(report) if piece.passage_id not in have]
    return embed_passages(missing, embedder)


def _write(
    connection: Connection,
    scope: Scope,
    wanted: _Wanted,
    vector_recipe: str,
    vectors: Mapping[str, NDArray[np.float32]],
) -> SyncReport:
    _lock(connection, scope)
    report = wanted.compare(stored_hashes(connection, scope))
    for table in (passages, documents):
        _delete_documents(connection, table, scope, [*report.removed, *report.changed])
    written = [*report.added, *report.changed]
    _insert(connection, documents, [_document_row(wanted.by_id[doc_id], scope) for doc_id in written])
    _insert(connection, passages, [_passage_row(piece, scope) for piece in wanted.pieces(report)])
    have = vector_ids(connection, scope, vector_recipe)
    rows = [_vector_row(key, vector, vector_recipe, scope) for key, vector in vectors.items() if key not in have]
    _insert(connection, passage_vectors, rows)
    _delete_orphans(connection, scope)
    if written or report.removed or rows:
        connection.execute(
            update(collections).where(scope.matches(collections)).values(revision=collections.c.revision + 1)
        )
    return report


def _lock(connection: Connection, scope: Scope) -> None:
    # A write comes first, so that the reads after it see what the write is based on, on SQLite and on Postgres.
    touch = update(collections).where(scope.matches(collections)).values(revision=collections.c.revision)
    if connection.execute(touch).rowcount == 0:
        connection.execute(insert(collections).values(**scope.columns(), revision=0))


def _delete_documents(connection: Connection, table: Table, scope: Scope, doc_ids: Sequence[str]) -> None:
    if doc_ids:
        gone = delete(table).where(scope.matches(table), table.c.doc_id == bindparam("gone"))
        connection.execute(gone, [{"gone": doc_id} for doc_id in doc_ids])


def _delete_orphans(connection: Connection, scope: Scope) -> None:
    has_passage: ColumnElement[bool] = (
        select(passages.c.passage_id)
        .where(and_(scope.matches(passages), passages.c.passage_id == passage_vectors.c.passage_id))
        .exists()
    )
    connection.execute(delete(passage_vectors).where(scope.matches(passage_vectors), ~has_passage))


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def _document_row(document: Document, scope: Scope) -> dict[str, object]:
    row: dict[str, object] = {field.name: getattr(document, field.name) for field in fields(document)}
    row.update(
        jurisdiction=list(document.jurisdiction),
        triggers=list(document.triggers),
        extra=dict(document.extra),
        content_hash=stored_hash(document),
        **scope.columns(),
    )
    return row


def _passage_row(piece: Passage, scope: Scope) -> dict[str, object]:
    columns = ("passage_id", "doc_id", "ordinal", "heading", "text")
    return {**{column: getattr(piece, column) for column in columns}, **scope.columns()}


def _vector_row(passage_id: str, vector: NDArray[np.float32], vector_recipe: str, scope: Scope) -> dict[str, object]:
    stored = vector.astype("<f4").tobytes()
    return {"passage_id": passage_id, "recipe": vector_recipe, "vector": stored, **scope.columns()}
