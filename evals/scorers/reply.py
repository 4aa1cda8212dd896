"""Replies: the rules of the channel, each allegation answered, nothing made up, plain words, little to edit."""

import re
from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import invented_numbers, number_recall
from evals.scorers._labels import recall
from evals.scorers._readability import readability
from evals.scorers._rules import rule_scores
from evals.scorers._secrets import no_secret
from evals.scorers._texts import edit_burden, forbidden, must_points, required, rouge_l

_OPEN = re.compile(r"\[[^\]]*\]")
_POINTS = re.compile(r"^\d+(?:, \d+)*\. |\b(?:points?|puntos?) \d+(?:, \d+)*", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")
_HOUSE = re.compile(r"555-0100 \([^)]*\)|555-0100")
"""The care line of the demo pack with its hours, which the house may always give."""


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores of a draft; `codes.status` is what should come of the item, `labels` the topics it has to answer."""
    text, language = output["text"], output["language"]
    item = " ".join(str(case.input.get(name) or "") for name in ("title", "text", "body", "desired"))
    quotes = [citation["quote"] for sentence in output["sentences"] for citation in sentence["citations"]]
    facts = [str(value) for value in (case.input.get("facts") or {}).values()]
    house = [*_told_with(case, output), *re.findall(_HOUSE, text)]
    figures, invented = invented_numbers(_without_numbering(text), [item, *quotes, *facts, *house], language)
    reference = case.input.get("reference")
    return {
        **rule_scores(output, item),
        "issue_coverage": recall(output["topics"], case.expect.labels or (), "topics"),
        "key_points": must_points(case, text),
        "required": required(case, text),
        "forbidden": forbidden(case, _QUOTED.sub("“”", text)),  # what others wrote may be quoted
        "number_recall": number_recall(case, text, language),
        "number_precision": figures,
        "invented_number": invented,
        "secret": no_secret(text, ()),
        "status": _status(case, output),
        "readability": readability(_QUOTED.sub("", _OPEN.sub("", text)), language),
        "edit_burden": edit_burden(text, reference),
        "rouge_l": rouge_l(text, reference),
    }


def _status(case: Case, output: Any) -> Score:
    if "status" not in case.expect.codes:
        return Score(None, "not labelled")
    return Score(float(output["status"] == case.expect.codes["status"]), f"is {output['status']}")


def _told_with(case: Case, output: Any) -> list[str]:
    """What came with the item besides its text."""
    given = {"received_at": output["received_at"], **case.input}
    return [str(given.get(name) or "") for name in ("received_at", "complaint_id", "rating")]


def _without_numbering(text: str) -> str:
    """Without the numbers of points, and without what others are asked to fill in."""
    return _POINTS.sub("", _OPEN.sub("", text))
