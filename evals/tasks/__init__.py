"""The tasks of the suites: each drives the product's own functions; one file a task, its name is the task's."""

from copilot.errors import BadInput
from evals.modules import module_of, names_in
from evals.runner import Task
from evals.tasks._parts import TaskOptions

__all__ = ["TaskOptions", "open_task", "task_names"]


def task_names() -> tuple[str, ...]:
    """The tasks there are, sorted."""
    return names_in(__path__)


def open_task(name: str, options: TaskOptions | None = None) -> Task:
    """The task of this name, ready to run.

    Args:
        name: one of `task_names()`.
        options: pack, model, prompt version and noise; the demo pack without a model when None.

    Raises:
        BadInput: there is no such task, or it cannot run with these options.
    """
    if name not in task_names():
        raise BadInput(f"No task {name!r}; there are: {', '.join(task_names())}. Name one of them in the suite.")
    task: Task = module_of(__name__, name).build(options or TaskOptions())
    return task
