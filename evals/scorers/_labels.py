"""Sets of labels against sets of labels: precision, recall, F1."""

from collections.abc import Collection

from evals.cases import Case
from evals.results import Score

RECALL_ONLY = "recall-only"
NOT_COMPLETE = Score(None, "not everything is labelled")


def is_partly_labelled(case: Case) -> bool:
    """Whether a case names some of what is there and not all (tag `recall-only`): what else is found may be right."""
    return RECALL_ONLY in case.tags


def recall(found: Collection[str], wanted: Collection[str], what: str) -> Score:
    """The share of what was wanted that was found; unscored where nothing was."""
    if not wanted:
        return Score(None, f"no {what} expected")
    missed = sorted(set(wanted) - set(found))
    reason = f"{len(wanted) - len(missed)} of {len(wanted)} {what}" + (
        f"; missed: {', '.join(missed)}" if missed else ""
    )
    return Score(round(1 - len(missed) / len(set(wanted)), 4), reason)


def precision(found: Collection[str], wanted: Collection[str], what: str, also: Collection[str] = ()) -> Score:
    """The share of what was found that was wanted, or is in `also`; unscored where nothing was found."""
    if not found:
        return Score(None, f"no {what} found")
    wrong = sorted(set(found) - set(wanted) - set(also))
    reason = f"{len(set(found)) - len(wrong)} of {len(set(found))} {what}"
    return Score(round(1 - len(wrong) / len(set(found)), 4), reason + (f"; wrong: {', '.join(wrong)}" if wrong else ""))


def f1(found: Collection[str], wanted: Collection[str], what: str, also: Collection[str] = ()) -> Score:
    """Harmonic mean of both; 1 where nothing was wanted and nothing wrong found, 0 where only one of them is empty."""
    counted = set(found) - (set(also) - set(wanted))
    if not wanted and not counted:
        return Score(1.0, f"no {what}, rightly")
    right = len(counted & set(wanted))
    missed, wrong = sorted(set(wanted) - counted), sorted(counted - set(wanted))
    told = [f"{right} right", *([f"missed {', '.join(missed)}"] if missed else [])]
    told += [f"wrong {', '.join(wrong)}"] if wrong else []
    return Score(round(2 * right / (len(counted) + len(set(wanted))), 4), "; ".join(told))
