"""A database, an embedder and documents to search, small enough to see through."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from knowledge.embedders.hashed import HashedEmbedder
from knowledge.tables import metadata


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/knowledge.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def embedder() -> HashedEmbedder:
    return HashedEmbedder()
