"""Retrieval: recall at 5, nDCG at 10 and reciprocal rank, by ir_measures over one query."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from evals.cases import Case
from evals.results import Score

NAMES = {"nDCG@10": "ndcg_at_10", "R@5": "recall_at_5", "RR@10": "mrr"}


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores of a ranking; grades of the case: 2 answers, 1 helps, 0 is known not to."""
    if not case.expect.relevant:
        return {name: Score(None, "no relevant document is named") for name in NAMES.values()}
    if find_spec("ir_measures") is None:
        return {name: Score(None, "ir-measures is not installed") for name in NAMES.values()}
    ranked = [row["doc_id"] for row in output["ranked"]]
    values = _measured(case.expect.relevant, ranked)
    places = ", ".join(
        f"{doc_id} at {ranked.index(doc_id) + 1 if doc_id in ranked else '–'}"
        for doc_id, grade in case.expect.relevant.items()
        if grade > 0
    )
    return {name: Score(round(values[measure], 4), places) for measure, name in NAMES.items()}


def _measured(relevant: Mapping[str, int], ranked: list[str]) -> dict[str, float]:
    import ir_measures  # noqa: PLC0415 - half a second that only this suite needs

    measures = [ir_measures.parse_measure(name) for name in NAMES]
    run = {"q": {doc_id: float(len(ranked) - place) for place, doc_id in enumerate(ranked)}}
    if not ranked:
        return dict.fromkeys(NAMES, 0.0)
    found = ir_measures.calc_aggregate(measures, {"q": dict(relevant)}, run)
    return {str(measure): float(value) for measure, value in found.items()}
