"""Puts the parts together as the settings say: database, pack, search, live calls."""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls, Wake
from copilot.guard.grounding import gazetteer_of
from copilot.models import Model, load_model
from copilot.offer_advice import PackOffers, offers_of
from copilot.offers import Book, CountedEstimates
from copilot.offers.requests import book_of
from copilot.settings import Settings
from copilot.store import EventLog, Outcomes, open_database
from knowledge.documents import source_name
from knowledge.embedders import Embedder, load_embedder
from knowledge.errors import EmbedderError
from knowledge.pack import Pack, load_pack
from knowledge.retriever import Retriever
from knowledge.sync import SyncReport, sync
from knowledge.vectors import ChromaStore

Say = Callable[[str], None]


@dataclass(frozen=True)
class ReadyEmbedder:
    """The embedder in use; `missing` says why it is words alone when something else was asked for."""

    embedder: Embedder
    missing: str | None = None


def ready_embedder(settings: Settings) -> ReadyEmbedder:
    """The embedder of the settings, or words alone when its files or packages are missing."""
    cache = settings.data_dir / "embedders"
    # The key stays out of our settings, and so out of everything that prints them.
    key, base_url = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_BASE_URL")
    try:
        return ReadyEmbedder(load_embedder(settings.embedder, cache, api_key=key, base_url=base_url))
    except EmbedderError as error:
        return ReadyEmbedder(load_embedder("none", cache), str(error))


def open_vectors(settings: Settings) -> ChromaStore:
    """The vector store of the settings: a Chroma server, or the embedded one that one process may hold."""
    if settings.chroma_url:
        return ChromaStore.server(settings.chroma_url)
    return ChromaStore.embedded(settings.data_dir / "chroma")


def index_pack(engine: Engine, pack: Pack, embedder: Embedder, tenant: str) -> SyncReport:
    """Bring the index of a pack's documents up to date."""
    source = source_name(pack.documents_dir)
    return sync(engine, pack.name, pack.documents, embedder=embedder, tenant=tenant, sources=[source])


@dataclass(frozen=True)
class Parts:
    """What the service and the commands work with."""

    settings: Settings
    engine: Engine
    pack: Pack
    embedder: ReadyEmbedder
    retriever: Retriever
    vectors: ChromaStore | None
    desk: Desk
    offers: PackOffers | None = None

    @cached_property
    def offer_book(self) -> Book:
        """The rules by which offers are decided.

        Raises:
            BadInput: the pack has no offers.
        """
        return book_of(self.pack)

    @cached_property
    def model(self) -> Model:
        """The language model of the settings; loaded when it is first asked for, and light until it is used.

        Raises:
            ConfigError: the provider is unknown, or what it needs is missing.
        """
        return load_model(self.settings.model, self.settings)

    @cached_property
    def gazetteer(self) -> tuple[str, ...]:
        """The names of what the business sells: a model may name none that its sources do not."""
        return gazetteer_of(self.pack)

    def live_calls(self, tenant: str, engine: Engine | None = None, wake: Wake | None = None) -> LiveCalls:
        """Live calls of a tenant, in this database or in another one."""
        log = EventLog(engine or self.engine, tenant)
        return LiveCalls(log, self.desk, min_score=self.settings.card_min_score, wake=wake)

    def close(self) -> None:
        """Let go of the vector store and the database."""
        if self.vectors is not None:
            self.vectors.close()
        self.engine.dispose()


def settle() -> None:
    """Tell the garbage collector that what is loaded by now stays: looking through it stops every call for 100 ms."""
    gc.collect()
    gc.freeze()


def open_parts(settings: Settings, *, with_vectors: bool, say: Say = lambda _line: None) -> Parts:
    """Open everything a live call needs; the pack is indexed when it is new or has changed.

    Args:
        settings: as read at the start.
        with_vectors: hold the vector store; a command that only reads takes the vectors from SQL instead.
        say: told what takes long.

    Raises:
        ConfigError, KnowledgeError: a part cannot be opened; the message says which.
    """
    pack = load_pack(settings.pack)
    engine = open_database(settings.database)
    ready = ready_embedder(settings)
    if ready.missing:
        say(f"Searching by words alone: {ready.missing}")
    say(f"Pack {pack.name}: {len(pack.documents)} documents; indexing what is new (the first time takes a minute).")
    index_pack(engine, pack, ready.embedder, settings.tenant)
    vectors = open_vectors(settings) if with_vectors and ready.embedder.dimension else None
    outcomes = Outcomes(engine, settings.tenant)
    offers = offers_of(
        pack, count=lambda rules: CountedEstimates(outcomes.all(), rules.economics), explore=settings.offers_explore
    )
    retriever = Retriever.open(engine, pack.name, embedder=ready.embedder, store=vectors, tenant=settings.tenant)
    return Parts(settings, engine, pack, ready, retriever, vectors, Desk(pack, retriever, offers), offers)
