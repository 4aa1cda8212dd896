"""The bench: its measures, and a small folder measured."""

import math
from pathlib import Path

import pytest

from knowledge.bench import as_table, bench_search, ndcg, read_relevance, recall
from knowledge.embedders.hashed import HashedEmbedder
from knowledge.embedders.none import NoEmbedder
from knowledge.errors import SourceError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(
        '{"doc_id": "late", "title": "Late fee", "text": "Eight dollars."}\n'
        '{"doc_id": "modem", "title": "Modem", "text": "Send it back."}\n'
    )
    (tmp_path / "queries.jsonl").write_text(
        '{"query_id": "q1", "text": "late fee"}\n{"query_id": "q2", "text": "send the modem"}\n'
        '{"query_id": "unjudged", "text": "hello"}\n'
    )
    (tmp_path / "qrels.tsv").write_text("query_id\tdoc_id\trelevance\nq1\tlate\t2\nq1\tmodem\t0\nq2\tmodem\t1\n")
    return tmp_path


def test_gain_is_discounted_by_rank_and_divided_by_the_best_order() -> None:
    relevance = {"a": 2, "b": 1}
    best = 2 + 1 / math.log2(3)
    assert ndcg(["a", "b"], relevance) == pytest.approx(1)
    assert ndcg(["b", "x", "a"], relevance) == pytest.approx((1 + 2 / math.log2(4)) / best)
    assert ndcg(["x"] * 10 + ["a"], relevance) == 0
    assert ndcg([], relevance) == 0


def test_recall_counts_the_relevant_among_the_first_ten() -> None:
    assert recall(["a", "x"], {"a": 1, "b": 1}) == 0.5
    assert recall([*"0123456789", "a"], {"a": 1}) == 0


def test_every_way_of_searching_is_measured(folder: Path) -> None:
    bench = bench_search(folder, HashedEmbedder())
    assert [(row.name, row.ndcg_at_10, row.recall_at_10) for row in bench.rows] == [
        (name, 1.0, 1.0) for name in ("bm25", "vectors", "hybrid", "rank fusion")
    ]
    assert (bench.queries, bench.documents) == (2, 2)
    assert all(row.p50_ms and row.p95_ms and row.p50_ms <= row.p95_ms for row in bench.rows[:3])
    assert (bench.rows[3].p50_ms, bench.rows[3].p95_ms) == (None, None)
    assert "| hybrid | 1.000 | 1.000 |" in as_table(bench)


def test_without_vectors_only_words_are_measured(folder: Path) -> None:
    assert [row.name for row in bench_search(folder, NoEmbedder()).rows] == ["bm25"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("query_id\tdoc_id\trelevance\nq1 late 1\n", r"qrels\.tsv:2"),
        ("query_id\tdoc_id\trelevance\nq1\tlate\tyes\n", r"qrels\.tsv:2"),
        ("query_id\tdoc_id\trelevance\nother\tlate\t1\n", "no query has a relevant document"),
    ],
)
def test_wrong_judgements_are_named(folder: Path, content: str, expected: str) -> None:
    (folder / "qrels.tsv").write_text(content)
    with pytest.raises(SourceError, match=expected):
        bench_search(folder, NoEmbedder())


def test_missing_judgements_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"qrels\.tsv: cannot be read"):
        read_relevance(tmp_path / "qrels.tsv")
