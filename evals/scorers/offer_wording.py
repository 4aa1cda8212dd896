"""Lines that offer something: all that the pack says, nothing besides, and whether the model's words may be used."""

from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import holds, invented_numbers
from evals.scorers._readability import readability
from evals.scorers._spans import name_consistency
from evals.scorers._texts import forbidden, length_band, must_points, share

LEAST, MOST = 8, 70
"""Words that a caller listens to."""


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores; `used` is 1 where the model's wording passed its checks, unscored where no model was asked."""
    say, language = output["say"], output["language"]
    sources = [output["line"], output["terms"]]
    precision, invented = invented_numbers(say, sources, language)
    figures = case.expect.numbers or ()
    held = holds(figures, [say], language)
    return {
        "key_points": must_points(case, say),
        "number_recall": share(
            held, (each for each, is_held in zip(figures, held, strict=True) if not is_held), "figures"
        ),
        "number_precision": precision,
        "invented_number": invented,
        "names": name_consistency(say, output["names"], sources, language),
        "forbidden": forbidden(case, say),
        "length": length_band(len(say.split()), LEAST, MOST),
        "readability": readability(say, language),
        "used": Score(float(output["worded"] is not None), "the model's words") if output["asked"] else _NOT_ASKED,
    }


_NOT_ASKED = Score(None, "no model was asked")
