"""The Chroma store is kept equal to SQL, and belongs to one process at a time."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.errors import IndexLocked, KnowledgeError
from knowledge.stored import Scope
from knowledge.vectors import ChromaStore, chroma_name

pytest.importorskip("chromadb")

SCOPE = Scope("default", "care")
RECIPE = "hashed"


def vectors(*passage_ids: str) -> dict[str, NDArray[np.float32]]:
    rows = np.eye(4, dtype=np.float32)
    return {passage_id: rows[place % 4] for place, passage_id in enumerate(passage_ids)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChromaStore]:
    store = ChromaStore.embedded(tmp_path / "chroma")
    yield store
    store.close()


def test_what_was_written_is_read_back(store: ChromaStore) -> None:
    written = vectors("fees#1", "fees#2")
    assert store.reconcile(SCOPE, RECIPE, written) == (2, 0)
    read = store.read(SCOPE, RECIPE)
    assert read.keys() == written.keys()
    assert all(np.array_equal(read[passage_id], written[passage_id]) for passage_id in written)


def test_only_the_difference_is_written(store: ChromaStore) -> None:
    store.reconcile(SCOPE, RECIPE, vectors("fees#1", "fees#2"))
    assert store.reconcile(SCOPE, RECIPE, vectors("fees#2", "fees#3")) == (1, 1)
    assert store.reconcile(SCOPE, RECIPE, vectors("fees#2", "fees#3")) == (0, 0)
    assert store.read(SCOPE, RECIPE).keys() == {"fees#2", "fees#3"}


def test_more_records_than_fit_in_one_call_are_written_and_read(store: ChromaStore) -> None:
    many = vectors(*(f"fees#{number}" for number in range(2500)))
    assert store.reconcile(SCOPE, RECIPE, many) == (2500, 0)
    assert store.read(SCOPE, RECIPE).keys() == many.keys()
    assert store.reconcile(SCOPE, RECIPE, vectors("fees#0")) == (0, 2499)


def test_tenants_collections_and_recipes_do_not_mix(store: ChromaStore) -> None:
    store.reconcile(SCOPE, RECIPE, vectors("fees#1"))
    assert store.read(Scope("other", "care"), RECIPE) == {}
    assert store.read(Scope("default", "sales"), RECIPE) == {}
    assert store.read(SCOPE, "another") == {}


def test_names_that_chroma_would_refuse_are_made_allowed_and_stay_apart() -> None:
    names = {chroma_name(Scope("default", name), "openai:text / large") for name in ("a b", "a-b", "ñ" * 300, "")}
    assert len(names) == 4
    assert all(3 <= len(name) <= 100 and name.isascii() and "/" not in name for name in names)


def test_vectors_survive_a_restart(tmp_path: Path) -> None:
    first = ChromaStore.embedded(tmp_path / "chroma")
    first.reconcile(SCOPE, RECIPE, vectors("fees#1"))
    first.close()
    second = ChromaStore.embedded(tmp_path / "chroma")
    assert second.read(SCOPE, RECIPE).keys() == {"fees#1"}
    second.close()


def test_the_folder_belongs_to_one_store_until_it_is_closed(tmp_path: Path, store: ChromaStore) -> None:
    with pytest.raises(IndexLocked, match=f"held by process {os.getpid()}"):
        ChromaStore.embedded(tmp_path / "chroma")
    store.close()
    store.close()
    ChromaStore.embedded(tmp_path / "chroma").close()


def _write_and_die(folder: Path) -> None:
    ChromaStore.embedded(folder).reconcile(SCOPE, RECIPE, vectors("fees#1", "fees#2"))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_leaves_neither_a_lock_nor_a_loss(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_write_and_die, args=(tmp_path / "chroma",))
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    store = ChromaStore.embedded(tmp_path / "chroma")
    assert store.read(SCOPE, RECIPE).keys() == {"fees#1", "fees#2"}
    store.close()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://"])
def test_a_wrong_server_address_is_named(url: str) -> None:
    with pytest.raises(KnowledgeError, match="is not http"):
        ChromaStore.server(url)


def test_a_silent_server_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"No Chroma server answers at http://127\.0\.0\.1:9"):
        ChromaStore.server("http://127.0.0.1:9")
