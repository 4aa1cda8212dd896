"""How good and how fast search is on a folder of corpus.jsonl, queries.jsonl and qrels.tsv."""

import math
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

from knowledge.documents import read_source
from knowledge.embedders import Embedder
from knowledge.errors import SourceError
from knowledge.fusion import fuse_rankings
from knowledge.retriever import By, Retriever
from knowledge.sync import sync
from knowledge.tables import metadata
from knowledge.trec import Query, read_queries

DEPTH = 100
CUTOFF = 10
Relevance = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One way of searching, over all queries that have a relevant document.

    Latencies are for one query; None for what was put together from other rows.
    """

    name: str
    ndcg_at_10: float
    recall_at_10: float
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class SearchBench:
    """The rows of a folder, and what was searched."""

    folder: str
    documents: int
    queries: int
    embedder: str
    index_s: float
    rows: tuple[BenchRow, ...]


def bench_search(folder: Path, embedder: Embedder) -> SearchBench:
    """Index the folder in a temporary database and answer its queries by words, by meaning, and by both.

    Raises:
        SourceError: a file is missing or wrong.
    """
    relevance = read_relevance(folder / "qrels.tsv")
    queries = [query for query in read_queries(folder / "queries.jsonl") if query.query_id in relevance]
    if not queries:
        raise SourceError(str(folder / "qrels.tsv"), "no query has a relevant document", "Compare the query_ids.")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        engine = create_engine(f"sqlite:///{temporary}/bench.db")
        metadata.create_all(engine)
        report = sync(engine, "bench", read_source(folder / "corpus.jsonl"), embedder=embedder)
        retriever = Retriever.open(engine, "bench", embedder=embedder)
        index_s = time.perf_counter() - started
        rows = tuple(_rows(retriever, queries, relevance, with_vectors=embedder.dimension > 0))
        engine.dispose()
    return SearchBench(str(folder), len(report.added), len(queries), embedder.name, index_s, rows)


def as_table(bench: SearchBench) -> str:
    """The bench as lines of a Markdown table under one line of facts."""
    sizes = f"{bench.queries} queries, {bench.documents} documents"
    lines = [
        f"{bench.folder}: {sizes}, embedder {bench.embedder}, indexed in {bench.index_s:.1f} s",
        "",
        "| search | nDCG@10 | recall@10 | p50 ms | p95 ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in bench.rows:
        latencies = " | ".join("-" if ms is None else f"{ms:.1f}" for ms in (row.p50_ms, row.p95_ms))
        lines.append(f"| {row.name} | {row.ndcg_at_10:.3f} | {row.recall_at_10:.3f} | {latencies} |")
    return "\n".join(lines)


def read_relevance(path: Path) -> dict[str, dict[str, int]]:
    """Read lines `query_id, doc_id, relevance` with tabs between, after a head line; relevance above 0 only.

    Raises:
        SourceError: the file cannot be read, or a line has other columns.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), "cannot be read as text", "Give the judgements as UTF-8 text.") from error
    relevance: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in enumerate(lines[1:], start=2):
        columns = line.split("\t")
        if len(columns) != 3 or not columns[2].strip().isdigit():
            raise SourceError(
                f"{path}:{number}", "the line is not query_id, doc_id, relevance", "Put tabs between them."
            )
        if int(columns[2]) > 0:
            relevance[columns[0]][columns[1]] = int(columns[2])
    return dict(relevance)


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], *, cutoff: int = CUTOFF) -> float:
    """Normalised discounted cumulative gain: sum of relevance / log2(rank + 1), over that of the best order.

    Source: Järvelin, Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002; as trec_eval does it.
    """
    gains = [relevance.get(doc_id, 0) for doc_id in ranked[:cutoff]]
    return _discounted(gains) / _discounted(sorted(relevance.values(), reverse=True)[:cutoff])


def recall(ranked: Sequence[str], relevance: Mapping[str, int], *, cutoff: int = CUTOFF) -> float:
    """The share of the relevant documents among the first."""
    return len(relevance.keys() & set(ranked[:cutoff])) / len(relevance)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _rows(
    retriever: Retriever, queries: Sequence[Query], relevance: Relevance, *, with_vectors: bool
) -> Iterator[BenchRow]:
    ways: dict[str, By] = (
        {"bm25": "words", "vectors": "meaning", "hybrid": "both"} if with_vectors else {"bm25": "words"}
    )
    runs: dict[str, list[list[str]]] = {}
    for name, by in ways.items():
        retriever.search_documents(queries[0].text, context=queries[0].context, by=by)  # warm
        runs[name], seconds = [], list[float]()
        for query in queries:
            started = time.perf_counter()
            hits = retriever.search_documents(query.text, context=query.context, k=DEPTH, by=by)
            seconds.append(time.perf_counter() - started)
            runs[name].append([hit.document.doc_id for hit in hits])
        yield _row(name, queries, runs[name], relevance, seconds)
    if with_vectors:  # what rank fusion would make of the same two halves
        pairs = zip(runs["bm25"], runs["vectors"], strict=True)
        fused = [[doc_id for doc_id, _ in fuse_rankings(pair)] for pair in pairs]
        yield _row("rank fusion", queries, fused, relevance, [])


def _row(
    name: str,
    queries: Sequence[Query],
    run: Sequence[Sequence[str]],
    relevance: Relevance,
    seconds: Sequence[float],
) -> BenchRow:
    judged = [(ranked, relevance[query.query_id]) for query, ranked in zip(queries, run, strict=True)]
    in_order = sorted(seconds)
    return BenchRow(
        name,
        statistics.mean(ndcg(ranked, known) for ranked, known in judged),
        statistics.mean(recall(ranked, known) for ranked, known in judged),
        statistics.median(in_order) * 1000 if in_order else None,
        in_order[math.ceil(0.95 * len(in_order)) - 1] * 1000 if in_order else None,
    )
