"""For all tests of the copilot: the demo pack indexed by words alone, and live calls over a database of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.store import EventLog, open_database
from copilot.transcript import Speaker, Transcript, Turn
from copilot.wiring import index_pack
from knowledge.embedders import load_embedder
from knowledge.pack import Pack, load_pack
from knowledge.retriever import Retriever

Say = Callable[..., list[Turn]]


@pytest.fixture(scope="session")
def demo_pack() -> Pack:
    return load_pack("demo")


@pytest.fixture(scope="session")
def desk(demo_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("index")
    engine = open_database(f"sqlite:///{folder}/index.db")
    words_alone = load_embedder("none", folder)
    index_pack(engine, demo_pack, words_alone, "default")
    return Desk(demo_pack, Retriever.open(engine, demo_pack.name, embedder=words_alone))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/calls.db")
    yield engine
    engine.dispose()


@pytest.fixture
def live(database: Engine, desk: Desk) -> LiveCalls:
    return LiveCalls(EventLog(database), desk)


def call(call_id: str = "call-1", *, language: str | None = "en", customer_id: str | None = None) -> Transcript:
    return Transcript(call_id, language=language, customer_id=customer_id)


def said(*lines: tuple[Speaker, str]) -> list[Turn]:
    return [Turn(f"t{place}", speaker, text) for place, (speaker, text) in enumerate(lines, start=1)]
