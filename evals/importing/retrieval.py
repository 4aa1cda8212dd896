"""A search test set: `corpus.jsonl`, `queries.jsonl` of {query_id, text, context}, `qrels.tsv`; cases for retrieval.

The cases search that corpus and not the pack's documents: their input names the file, which a run indexes first.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from copilot.errors import BadInput
from evals.cases import Case
from evals.importing._rows import case_of, files_of, id_of, rows_of, text_of

QRELS, CORPUS, QUERIES = "qrels.tsv", "corpus.jsonl", "queries.jsonl"


def read(folder: Path) -> Iterator[Case]:
    """A case a query that has a judged document."""
    for name in (CORPUS, QUERIES, QRELS):
        files_of(folder, [name])
    relevant = _qrels(folder / QRELS)
    path = folder / QUERIES
    for where, row in rows_of(path):
        query_id = text_of(row, "query_id", where)
        if query_id not in relevant:
            continue
        context = [
            {"speaker": str(turn.get("speaker", "customer")), "text": str(turn.get("text", ""))}
            for turn in row.get("context") or []
        ]
        yield case_of(
            {
                "id": id_of("retrieval", folder.name, query_id),
                "task": "retrieval",
                "cluster": query_id,
                "tags": ["en", *(["context"] if context else [])],
                "input": {"question": text_of(row, "text", where), "corpus": str((folder / CORPUS).resolve())},
                "context": context,
                "expect": {"relevant": relevant[query_id]},
            },
            path,
            where,
        )


def _qrels(path: Path) -> Mapping[str, dict[str, int]]:
    """Query, document, grade; a head line may stand in front."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        parts = line.split("\t")
        if not line.strip() or (number == 1 and parts[-1].strip() == "relevance"):
            continue
        try:
            query_id, doc_id, grade = parts
            found[query_id][doc_id] = int(grade)
        except ValueError:
            raise BadInput(f"{path}:{number}: not query, document and whole grade between tabs. Correct it.") from None
    return found
