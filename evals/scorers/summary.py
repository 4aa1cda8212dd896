"""Rolling summaries: key points, figures, groundedness, secrets."""

from collections.abc import Mapping
from typing import Any

from copilot.guard.grounding import Evidence
from evals.cases import Case
from evals.results import Score
from evals.scorers._figures import invented_numbers, number_recall
from evals.scorers._secrets import no_secret
from evals.scorers._spans import groundedness
from evals.scorers._texts import must_points

MOST_SENTENCES = 6


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores of a summary."""
    turns = {row["turn_id"]: Evidence(row["turn_id"], row["text"], row["speaker"]) for row in output["turns"]}
    language, text = output["language"], output["text"]
    precision, invented = invented_numbers(text, [piece.text for piece in turns.values()], language)
    return {
        "key_points": must_points(case, text),
        "number_recall": number_recall(case, text, language),
        "number_precision": precision,
        "invented_number": invented,
        "groundedness": groundedness(output["sentences"], turns, language),
        "secret": no_secret(text, [each.removeprefix("secret:") for each in case.expect.forbidden]),
        "length": Score(float(len(output["sentences"]) <= MOST_SENTENCES), f"{len(output['sentences'])} sentences"),
    }
