"""The vector store: Chroma, embedded in one process or as a server, kept equal to SQL.

Retrieval itself is exact: the matrix of a collection is read from Chroma when it is opened and searched with numpy
(6 ms at 100,000 x 384), so that filters act before ranking and a hit's cosine is the true one.

One process writes an embedded folder; a lock file refuses the second, because Chroma itself does not and loses rows.
Who only wants to search beside it (`copilot search` while `copilot serve` runs) opens the retriever without a store:
the same vectors stand in SQL.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from knowledge._lock_file import LockFile
from knowledge.errors import KnowledgeError
from knowledge.stored import Scope

RECORDS_PER_CALL = 1000
MAX_NAME_LENGTH = 60


class ChromaStore:
    """The vectors of all collections; keeps the folder locked until it is closed."""

    def __init__(self, client: Any, lock: LockFile | None = None) -> None:
        self._client = client
        self._lock = lock

    @classmethod
    def embedded(cls, folder: Path) -> Self:
        """Open a folder for this process alone.

        Raises:
            IndexLocked: another process, or another store of this one, holds the folder.
            KnowledgeError: Chroma is not installed, or cannot open the folder.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lock = LockFile.acquire(folder / "copilot.lock")
        try:
            chromadb = _chromadb()
            return cls(chromadb.PersistentClient(str(folder), settings=_settings(chromadb)), lock)
        except KnowledgeError:
            lock.release()
            raise
        except Exception as error:  # Chroma's Rust core raises its own kinds, unnamed in the package
            lock.release()
            problem = f"Chroma cannot open {folder} ({type(error).__name__})."
            raise KnowledgeError(f"{problem} Move the folder away: the next start builds it again from SQL.") from error

    @classmethod
    def server(cls, url: str) -> Self:
        """Connect to a Chroma server, as in "http://localhost:8000".

        Raises:
            KnowledgeError: the URL is none, or nothing answers there.
        """
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise KnowledgeError(f"The Chroma URL {url!r} is not http://host:port or https://host:port.")
        is_tls = address.scheme == "https"
        chromadb = _chromadb()
        try:
            client = chromadb.HttpClient(
                host=address.hostname,
                port=address.port or (443 if is_tls else 8000),
                ssl=is_tls,
                settings=_settings(chromadb),
            )
        except Exception as error:  # a ValueError, or what httpx or the server gave
            raise KnowledgeError(
                f"No Chroma server answers at {url}; start `chroma run` or correct the URL."
            ) from error
        return cls(client)

    def reconcile(self, scope: Scope, recipe: str, vectors: Mapping[str, NDArray[np.float32]]) -> tuple[int, int]:
        """Make Chroma hold exactly these vectors; (added, deleted).

        A passage's id changes with its text, so equal ids mean equal vectors; only the difference is written. This is
        what repairs the store after a crash between SQL and Chroma, or after the folder was lost.

        Raises:
            KnowledgeError: Chroma failed; SQL still has everything.
        """
        with _translated("write to"):
            return self._reconcile(self._collection(scope, recipe), vectors)

    def _reconcile(self, collection: Any, vectors: Mapping[str, NDArray[np.float32]]) -> tuple[int, int]:
        held = set(collection.get(include=[])["ids"])
        surplus, missing = sorted(held - vectors.keys()), sorted(vectors.keys() - held)
        for ids in _batches(surplus):
            collection.delete(ids=ids)
        for ids in _batches(missing):
            collection.add(
                ids=ids,
                embeddings=np.stack([vectors[passage_id] for passage_id in ids]),
                metadatas=[{"doc_id": passage_id.rpartition("#")[0]} for passage_id in ids],
            )
        return len(missing), len(surplus)

    def read(self, scope: Scope, recipe: str) -> dict[str, NDArray[np.float32]]:
        """All vectors of a collection by passage_id.

        Raises:
            KnowledgeError: Chroma failed; SQL still has everything.
        """
        vectors: dict[str, NDArray[np.float32]] = {}
        with _translated("read from"):
            collection = self._collection(scope, recipe)
            for start in range(0, collection.count(), RECORDS_PER_CALL):
                page = collection.get(include=["embeddings"], limit=RECORDS_PER_CALL, offset=start)
                vectors.update(zip(page["ids"], np.asarray(page["embeddings"], dtype=np.float32), strict=True))
        return vectors

    def close(self) -> None:
        """Let another process have the folder."""
        if self._lock is not None:
            close = getattr(self._client, "close", None)
            if close is not None:
                close()
            self._lock.release()

    def _collection(self, scope: Scope, recipe: str) -> Any:
        return self._client.get_or_create_collection(
            chroma_name(scope, recipe),
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )


@contextmanager
def _translated(action: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Chroma, its Rust core and httpx each raise their own kinds
        raise KnowledgeError(f"Cannot {action} Chroma ({type(error).__name__}); check its folder or server.") from error


def chroma_name(scope: Scope, recipe: str) -> str:
    """A name Chroma allows, one for each tenant, collection and recipe; readable as far as it goes."""
    key = "\0".join((scope.tenant, scope.collection, recipe))
    readable = re.sub(r"[^a-zA-Z0-9]+", "-", f"{scope.tenant}-{scope.collection}-{recipe}").strip("-")
    return f"c-{readable[:MAX_NAME_LENGTH]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def _batches(ids: Sequence[str]) -> list[list[str]]:
    return [list(ids[start : start + RECORDS_PER_CALL]) for start in range(0, len(ids), RECORDS_PER_CALL)]


def _settings(chromadb: Any) -> Any:
    return chromadb.config.Settings(anonymized_telemetry=False)


def _chromadb() -> Any:
    try:
        import chromadb  # noqa: PLC0415 - 0.6 s, and an extra
        import chromadb.config  # noqa: PLC0415
    except ImportError as error:
        raise KnowledgeError("Chroma is not installed: pip install 'retention-copilot[chroma]'.") from error
    return chromadb
