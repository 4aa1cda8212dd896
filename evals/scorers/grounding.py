"""Grounding: what is borne out is kept, what is not is caught, and how far support and label are apart."""

from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores: `kept` of supported sentences, `caught` of the others, each unscored elsewhere; `brier` of both."""
    wanted, told = case.expect.supported, bool(output["supported"])
    if wanted is None:
        return {name: Score(None, "not labelled") for name in ("correct", "kept", "caught", "brier")}
    reason = "; ".join(output["reasons"]) or f"support {output['support']:.2f}"
    right = Score(float(told == wanted), reason)
    return {
        "correct": right,
        "kept": right if wanted else Score(None, "is not supported"),
        "caught": right if not wanted else Score(None, "is supported"),
        "brier": Score(round(1 - (output["support"] - wanted) ** 2, 4), f"support {output['support']:.2f}"),
    }
