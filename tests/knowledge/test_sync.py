"""Sync touches only what changed, in one transaction, and survives being interrupted."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select

from knowledge.documents import Document, read_source
from knowledge.embedders.hashed import HashedEmbedder
from knowledge.embedders.none import NoEmbedder
from knowledge.errors import EmbedderError, SourceError
from knowledge.stored import Scope, revision, stored_documents, stored_passages
from knowledge.sync import SyncReport, sync
from knowledge.tables import passage_vectors

SCOPE = Scope("default", "care")


def document(doc_id: str, text: str = "Eight dollars.", source: str = "folder") -> Document:
    return Document(doc_id=doc_id, title=doc_id, text=text, source=source)


def vectors_stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(passage_vectors)) or 0)


def revision_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return revision(connection, SCOPE)


def test_the_report_tells_what_happened_to_each_document(engine: Engine, embedder: HashedEmbedder) -> None:
    first = sync(engine, "care", [document("a"), document("b"), document("c")], embedder=embedder)
    assert first == SyncReport(added=("a", "b", "c"))
    second = sync(engine, "care", [document("a"), document("b", "Nine."), document("d")], embedder=embedder)
    assert second == SyncReport(added=("d",), changed=("b",), removed=("c",), unchanged=("a",))


def test_documents_come_back_as_they_went_in(engine: Engine, embedder: HashedEmbedder, tmp_path: Path) -> None:
    (tmp_path / "fee.md").write_text(
        "---\nkind: policy\neffective_from: 2026-04-01\njurisdiction: [US]\n"
        "triggers: [price]\nowner: Ana\n---\nOcho dólares."
    )
    documents = list(read_source(tmp_path / "fee.md"))
    sync(engine, "care", documents, embedder=embedder)
    with engine.connect() as connection:
        assert stored_documents(connection, SCOPE) == documents
        assert stored_documents(connection, SCOPE)[0].content_hash == documents[0].content_hash


def test_only_changed_passages_are_embedded(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", [document("a", "## One\n\nFirst.\n\n## Two\n\nSecond."), document("b")], embedder=embedder)
    embedder.asked.clear()
    sync(engine, "care", [document("a", "## One\n\nFirst.\n\n## Two\n\nChanged."), document("b")], embedder=embedder)
    assert embedder.asked == ["a\nTwo\nChanged.", "a"]  # the passage, and the title of its document
    assert vectors_stored(engine) == 3


def test_a_sync_without_changes_embeds_and_writes_nothing(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", [document("a")], embedder=embedder)
    before = revision_of(engine)
    embedder.asked.clear()
    sync(engine, "care", [document("a")], embedder=embedder)
    assert (revision_of(engine), embedder.asked) == (before, [])


def test_other_sources_tenants_and_collections_are_left_alone(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", [document("a"), document("b")], embedder=embedder)
    sync(engine, "care", [document("c", source="wiki")], embedder=embedder)
    sync(engine, "care", [document("a")], embedder=embedder, tenant="other")
    sync(engine, "sales", [document("a")], embedder=embedder)
    assert sync(engine, "care", [document("a")], embedder=embedder).removed == ("b",)
    with engine.connect() as connection:
        assert [entry.doc_id for entry in stored_documents(connection, SCOPE)] == ["a", "c"]
        assert [entry.doc_id for entry in stored_documents(connection, Scope("other", "care"))] == ["a"]
        assert [entry.doc_id for entry in stored_documents(connection, Scope("default", "sales"))] == ["a"]


def test_a_source_that_became_empty_loses_its_documents(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", [document("a")], embedder=embedder)
    assert sync(engine, "care", [], embedder=embedder).removed == ()
    assert sync(engine, "care", [], embedder=embedder, sources=["folder"]).removed == ("a",)
    assert vectors_stored(engine) == 0


def test_a_failing_embedder_leaves_everything_as_it_was(engine: Engine, embedder: HashedEmbedder) -> None:
    class Broken(HashedEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise EmbedderError(f"no answer to {len(texts)} texts")

    sync(engine, "care", [document("a")], embedder=embedder)
    with pytest.raises(EmbedderError):
        sync(engine, "care", [document("b")], embedder=Broken())
    with engine.connect() as connection:
        assert [entry.doc_id for entry in stored_documents(connection, SCOPE)] == ["a"]


def test_a_failure_halfway_through_writing_leaves_everything_as_it_was(
    engine: Engine, embedder: HashedEmbedder
) -> None:
    sync(engine, "care", [document("a")], embedder=embedder)
    unstorable = replace(document("b"), extra={"cannot": object()})  # type: ignore[dict-item]
    with pytest.raises(Exception, match="JSON serializable"):
        sync(engine, "care", [unstorable], embedder=embedder)
    with engine.connect() as connection:
        assert [entry.doc_id for entry in stored_documents(connection, SCOPE)] == ["a"]
        assert [piece.doc_id for piece in stored_passages(connection, SCOPE)] == ["a"]


def test_another_embedder_gets_its_vectors_with_the_next_sync(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", [document("a"), document("b")], embedder=NoEmbedder())
    assert vectors_stored(engine) == 0
    report = sync(engine, "care", [document("a"), document("b")], embedder=embedder)
    assert report == SyncReport(unchanged=("a", "b"))
    assert vectors_stored(engine) == 2


def test_two_documents_of_one_id_are_refused(engine: Engine, embedder: HashedEmbedder) -> None:
    with pytest.raises(SourceError, match="'a' stands twice"):
        sync(engine, "care", [document("a"), document("a", source="wiki")], embedder=embedder)


def test_a_document_moves_to_the_source_that_brings_it_last(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", [document("a"), document("b")], embedder=embedder)
    assert sync(engine, "care", [document("a", source="wiki")], embedder=embedder).changed == ("a",)
    assert sync(engine, "care", [document("b")], embedder=embedder).removed == ()
