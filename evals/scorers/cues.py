"""Cues and red flags: which were noticed of those that were said, and which were not said."""

from collections.abc import Mapping
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._labels import NOT_COMPLETE, f1, is_partly_labelled, precision, recall


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores; `labels` of the case are all cues, those in `relevant` with grade 0 may be raised besides.

    Flags are told apart by their form `flag:NAME` in the labels.
    """
    if case.expect.labels is None:
        return {name: Score(None, "not labelled") for name in ("cue_f1", "cue_recall", "flag_recall", "false_flag")}
    wanted = {label.removeprefix("flag:") for label in case.expect.labels}
    flags = {label.removeprefix("flag:") for label in case.expect.labels if label.startswith("flag:")}
    found = {row["cue"] for row in output["cues"]}
    raised = {row["cue"] for row in output["cues"] if row["kind"] == "flag"}
    also = {label for label, grade in case.expect.relevant.items() if grade == 0}
    wrong = sorted(raised - wanted - also)
    return {
        "cue_f1": NOT_COMPLETE if is_partly_labelled(case) else f1(found, wanted, "cue", also),
        "cue_recall": recall(found, wanted, "cues"),
        "cue_precision": NOT_COMPLETE if is_partly_labelled(case) else precision(found, wanted, "cues", also),
        "flag_recall": recall(raised, flags, "flags"),
        "false_flag": NOT_COMPLETE
        if is_partly_labelled(case)
        else Score(float(not wrong), f"raised {', '.join(wrong)}" if wrong else "no false flag"),
    }
