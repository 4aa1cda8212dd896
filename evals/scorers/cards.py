"""Cards: the documents the moment needs came up, few others did, none that must not, and every red flag rang."""

from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._labels import precision, recall

ALERT = "alert"


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores; `relevant` documents of grade 2 have to come up, those of grade 1 may, `forbidden` ones must not.

    Red flags are the `labels`, as `flag:NAME`; a card of kind alert about the flag is what rings.
    """
    shown = list(dict.fromkeys(doc_id for card in output["cards"] for doc_id in card["doc_ids"]))
    must = [doc_id for doc_id, grade in case.expect.relevant.items() if grade > 1]
    rung = {card["about"] for card in output["cards"] if card["kind"] == ALERT}
    flags = [label.removeprefix("flag:") for label in case.expect.labels or ()]
    wrong = sorted(set(case.expect.forbidden) & set(shown))
    return {
        "coverage": recall(shown, must, "documents"),
        "precision": precision(shown, list(case.expect.relevant), "documents"),
        "alerts": recall(rung, flags, "red flags"),
        "forbidden": Score(float(not wrong), f"shows {', '.join(wrong)}" if wrong else "shows none that it must not")
        if case.expect.forbidden
        else Score(None, "no document is forbidden"),
    }
