"""The retriever: what is found, in which order, on which day, and how sure."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from knowledge.documents import Document
from knowledge.embedders.hashed import HashedEmbedder
from knowledge.embedders.none import NoEmbedder
from knowledge.errors import EmbedderError, KnowledgeError, UnknownCollection
from knowledge.retriever import ContextTurn, Filters, Retriever
from knowledge.stored import Scope
from knowledge.sync import sync
from knowledge.vectors import ChromaStore

TODAY = date(2026, 11, 20)


def document(doc_id: str, title: str, text: str, **fields: Any) -> Document:
    return Document(doc_id=doc_id, title=title, text=text, source="test", **fields)


DOCUMENTS = [
    document("late-fee", "Late fee", "Eight dollars after five days of grace.", audience="public"),
    document("port-out", "Leaving with your number", "The port-out PIN is valid for seven days."),
    document("modem", "Returning a modem", "Send the modem back within 21 days with the prepaid label."),
    document("late-fee-es", "Recargo por pago tardío", "Ocho dólares tras cinco días.", language="es"),
    document("fraud", "Fraud scores", "Scores above ninety stop the late payment.", audience="internal"),
    document("promo", "Spring promotion", "Twenty dollars off.", effective_to=date(2026, 5, 31)),
]


def open_with(engine: Engine, documents: Sequence[Document], embedder: Any, **options: Any) -> Retriever:
    sync(engine, "care", documents, embedder=embedder)
    return Retriever.open(engine, "care", embedder=embedder, today=lambda: TODAY, **options)


def found(retriever: Retriever, query: str, **options: Any) -> list[str]:
    return [hit.document.doc_id for hit in retriever.search(query, **options)]


@pytest.fixture
def retriever(engine: Engine, embedder: HashedEmbedder) -> Retriever:
    return open_with(engine, DOCUMENTS, embedder)


def test_the_matching_passage_comes_first_with_its_document(retriever: Retriever) -> None:
    first = retriever.search("how high is the late fee")[0]
    assert (first.rank, first.document.doc_id, first.passage.text) == (1, "late-fee", DOCUMENTS[0].text)
    assert first.document == DOCUMENTS[0]


def test_ranks_count_up_and_scores_never_rise(retriever: Retriever) -> None:
    hits = retriever.search("late fee for the modem", k=5)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert all(1 >= one.score >= other.score >= 0 for one, other in pairwise(hits))


def test_spanish_is_found_with_and_without_accents(retriever: Retriever) -> None:
    assert found(retriever, "¿cuánto es el recargo tardío?")[0] == "late-fee-es"
    assert found(retriever, "recargos tardios")[0] == "late-fee-es"


def test_what_has_ended_is_found_only_for_its_own_time(retriever: Retriever) -> None:
    assert "promo" not in found(retriever, "spring promotion", k=10)
    assert found(retriever, "spring promotion", filters=Filters(as_of=date(2026, 5, 31)))[0] == "promo"


def test_filters_act_before_ranking_so_that_k_hits_come_back(retriever: Retriever) -> None:
    public = Filters(audiences=("public",))
    assert found(retriever, "stop late payment fraud scores", filters=public, k=1) == ["late-fee"]
    assert "fraud" not in found(retriever, "fraud scores", filters=Filters(audiences=("public", "agent")))
    assert found(retriever, "late fee", filters=Filters(kinds=("script",))) == []


def test_the_conversation_says_what_is_meant(retriever: Retriever) -> None:
    context = [
        ContextTurn("I have your modem here"),
        ContextTurn("okay, returning the modem, I can help with that", "agent"),
    ]
    assert found(retriever, "how many days do I have", context=context)[0] == "modem"


def test_the_question_weighs_more_than_what_went_before(retriever: Retriever) -> None:
    context = [ContextTurn("I returned the modem"), ContextTurn("thanks for the modem", "agent")]
    assert found(retriever, "now what about the late fee", context=context)[0] == "late-fee"


def test_a_sure_match_scores_high_and_a_foreign_question_low(retriever: Retriever) -> None:
    sure = retriever.search("late fee after grace")[0].score
    foreign = retriever.search("who won the football championship")[0].score
    assert sure > 0.6
    assert foreign < 0.2


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_question_finds_nothing(retriever: Retriever, query: str) -> None:
    assert retriever.search(query) == []


@pytest.mark.parametrize("query", ["'\"; DROP TABLE documents; --", "?!…", "\0", "late " * 5000, "ﬁ ① 料金 🙂"])
def test_hostile_questions_do_no_harm(retriever: Retriever, query: str) -> None:
    assert len(retriever.search(query, k=3)) == 3
    assert found(retriever, "late fee")[0] == "late-fee"


def test_documents_are_ranked_by_their_best_passage(engine: Engine, embedder: HashedEmbedder) -> None:
    fees = document(
        "fees", "Fees", "## Paper bill\n\nThree dollars.\n\n## Late payment\n\nEight dollars for a late payment."
    )
    retriever = open_with(engine, [fees, document("late", "Late arrivals", "Technicians call when late.")], embedder)
    hits = retriever.search_documents("late payment dollars")
    assert [(hit.document.doc_id, hit.passage.heading) for hit in hits] == [("fees", "Late payment"), ("late", "")]


def test_of_two_valid_versions_the_newer_goes_first(engine: Engine, embedder: HashedEmbedder) -> None:
    text = "The AutoPay discount is {} dollars a month."
    old = document("a-old", "AutoPay discount", text.format("ten"), effective_from=date(2025, 1, 1))
    new = document("b-new", "AutoPay discount", text.format("five"), effective_from=date(2026, 4, 1))
    retriever = open_with(engine, [old, new], embedder)
    assert found(retriever, "AutoPay discount a month") == ["b-new", "a-old"]
    assert found(retriever, "AutoPay discount", filters=Filters(as_of=date(2026, 3, 31))) == ["a-old"]


def test_without_vectors_words_alone_are_searched(engine: Engine) -> None:
    retriever = open_with(engine, DOCUMENTS, NoEmbedder())
    assert found(retriever, "late fee")[0] == "late-fee"
    assert found(retriever, "xylophone") == []


def test_an_embedder_that_fails_while_searching_leaves_the_words(engine: Engine) -> None:
    class Failing(HashedEmbedder):
        is_down = False

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if self.is_down:
                raise EmbedderError("no answer")
            return super().embed(texts)

    embedder = Failing()
    retriever = open_with(engine, DOCUMENTS, embedder)
    embedder.is_down = True
    assert found(retriever, "late fee")[0] == "late-fee"


def test_words_and_meaning_can_be_asked_alone(retriever: Retriever) -> None:
    assert found(retriever, "late fee", by="words")[0] == "late-fee"
    assert found(retriever, "late fee", by="meaning")[0] == "late-fee"


def test_an_unknown_collection_is_named_with_those_there_are(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", DOCUMENTS, embedder=embedder)
    with pytest.raises(UnknownCollection, match="No collection 'sales'; indexed are: care"):
        Retriever.open(engine, "sales", embedder=embedder)
    with pytest.raises(UnknownCollection, match="indexed are: none"):
        Retriever.open(engine, "care", embedder=embedder, tenant="other")


def test_an_emptied_collection_finds_nothing(engine: Engine, embedder: HashedEmbedder) -> None:
    sync(engine, "care", DOCUMENTS, embedder=embedder)
    sync(engine, "care", [], embedder=embedder, sources=["test"])
    assert Retriever.open(engine, "care", embedder=embedder).search("late fee") == []


def test_refresh_shows_what_another_process_synced(
    engine: Engine, embedder: HashedEmbedder, retriever: Retriever
) -> None:
    assert retriever.refresh() is False
    sync(engine, "care", [*DOCUMENTS, document("esim", "eSIM", "Scan the code.")], embedder=embedder)
    assert "esim" not in found(retriever, "esim scan code")
    assert retriever.refresh() is True
    assert found(retriever, "esim scan code")[0] == "esim"


def test_threads_may_search_while_another_refreshes(
    engine: Engine, embedder: HashedEmbedder, retriever: Retriever
) -> None:
    def change_and_refresh(number: int) -> list[str]:
        sync(engine, "care", [*DOCUMENTS, document("news", "News", f"Number {number}.")], embedder=embedder)
        retriever.refresh()
        return []

    with ThreadPoolExecutor(4) as pool:
        changes = pool.submit(lambda: [change_and_refresh(number) for number in range(10)])
        answers = list(pool.map(lambda _: found(retriever, "late fee", k=1), range(200)))
        changes.result()
    assert answers == [["late-fee"]] * 200


def test_the_store_gives_the_same_hits_as_sql(engine: Engine, embedder: HashedEmbedder, tmp_path: Path) -> None:
    pytest.importorskip("chromadb")
    store = ChromaStore.embedded(tmp_path / "chroma")
    with_store = open_with(engine, DOCUMENTS, embedder, store=store)
    beside = Retriever.open(engine, "care", embedder=embedder, today=lambda: TODAY)  # while the folder is locked
    assert with_store.search("late fee") == beside.search("late fee")
    store.close()


def test_a_crash_between_sql_and_chroma_is_repaired_at_the_next_start(
    engine: Engine, embedder: HashedEmbedder, tmp_path: Path
) -> None:
    pytest.importorskip("chromadb")
    store = ChromaStore.embedded(tmp_path / "chroma")
    open_with(engine, DOCUMENTS, embedder, store=store)
    store.close()
    changed = [document("late-fee", "Late fee", "Nine dollars after a week."), *DOCUMENTS[1:4]]
    sync(engine, "care", changed, embedder=embedder)  # and here the process dies: Chroma was told nothing
    embedder.asked.clear()
    store = ChromaStore.embedded(tmp_path / "chroma")
    retriever = Retriever.open(engine, "care", embedder=embedder, store=store, today=lambda: TODAY)
    assert embedder.asked == []  # repaired from SQL, nothing is embedded again
    assert retriever.search("late fee")[0].passage.text == "Nine dollars after a week."
    (held,) = [store.read(Scope("default", "care"), recipe) for recipe in ["hashed + 0.5 title"]]
    assert held.keys() == {hit.passage.passage_id for hit in retriever.search("late fee", k=10)}
    store.close()


def test_a_broken_chroma_costs_no_answer(engine: Engine, embedder: HashedEmbedder) -> None:
    class Broken(ChromaStore):
        def reconcile(self, *_: Any) -> tuple[int, int]:
            raise KnowledgeError("the disk is full")

    retriever = open_with(engine, DOCUMENTS, embedder, store=Broken(None))
    assert found(retriever, "late fee")[0] == "late-fee"


def test_importing_the_retriever_loads_no_heavy_library() -> None:
    heavy = ["bm25s", "scipy", "chromadb", "onnxruntime", "openai", "tokenizers", "onnx", "Stemmer"]
    code = f"import sys, knowledge.retriever; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
