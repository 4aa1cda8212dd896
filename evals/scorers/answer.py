"""Answers: found or not as it should be, what it has to say, its figures, and whether what it cites is what answers."""

from collections.abc import Mapping
from typing import Any

from copilot.guard.grounding import Evidence, check_sentence
from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import invented_numbers, number_recall
from evals.scorers._labels import precision, recall
from evals.scorers._texts import forbidden, must_points, share, shorten


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores; `codes.found` is yes or no, `relevant` the documents that answer."""
    language, said = output["language"], " ".join(each["text"] for each in output["sentences"])
    cited = list(dict.fromkeys(source["doc_id"] for source in output["sources"]))
    relevant = [doc_id for doc_id, grade in case.expect.relevant.items() if grade > 0]
    figures, invented = invented_numbers(said, list(output["passages"].values()), language)
    return {
        "found": _found(case, output),
        "key_points": must_points(case, said),
        "citation_precision": precision(cited, relevant, "cited documents")
        if relevant
        else Score(None, "no relevant document is named"),
        "citation_recall": recall(cited, relevant[:1], "documents that answer"),
        "number_recall": number_recall(case, said, language),
        "number_precision": figures,
        "invented_number": invented,
        "forbidden": forbidden(case, said),
        "groundedness": _grounded(output, language),
    }


def _found(case: Case, output: Any) -> Score:
    if "found" not in case.expect.codes:
        return Score(None, "not labelled")
    told = "yes" if output["found"] else "no"
    return Score(float(told == case.expect.codes["found"]), f"answers: {told}")


def _grounded(output: Any, language: str) -> Score:
    passages = output["passages"]
    checked = [
        check_sentence(
            each["text"],
            [Evidence(one, passages[one]) for one in each["citations"] if one in passages],
            language=language,
            min_support=0.0,
        )
        for each in output["sentences"]
    ]
    failed = (
        f"“{shorten(each['text'])}” {'; '.join(found.reasons)}"
        for each, found in zip(output["sentences"], checked, strict=True)
        if not found.supported
    )
    return share([each.supported for each in checked], failed, "sentences")
