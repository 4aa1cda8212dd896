"""Translations: what must be said in the other language, and how often the product had to refuse."""

from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import number_recall
from evals.scorers._secrets import no_secret
from evals.scorers._texts import must_points


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores of a translation; a refused one says nothing, and misses every point."""
    text, language = output["text"], output["to"]
    return {
        "key_points": must_points(case, text),
        "number_recall": number_recall(case, text, language),
        "accepted": Score(float(not output["refused"]), output["refused"] or "nothing was lost that can be counted"),
        "secret": no_secret(text, [each.removeprefix("secret:") for each in case.expect.forbidden]),
    }
