"""The scorers of the suites: pure functions of case and output, a value and a reason for each metric; one file a task.

A value is in 0..1, higher is better; what the case does not label is None, never 0. Hard metrics are 0 or 1.
"""

from copilot.errors import BadInput
from evals.modules import module_of, names_in
from evals.runner import Scorer

__all__ = ["scored_tasks", "scorer_for"]


def scored_tasks() -> tuple[str, ...]:
    """The tasks that have a scorer, sorted."""
    return names_in(__path__)


def scorer_for(task: str) -> Scorer:
    """The scorer of a task.

    Raises:
        BadInput: the task has none.
    """
    if task not in scored_tasks():
        raise BadInput(
            f"No scorer for the task {task!r}; there are: {', '.join(scored_tasks())}. Name one in the suite."
        )
    score: Scorer = module_of(__name__, task).score
    return score
