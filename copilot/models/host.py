"""Where a language model does its work, and the checks of what it wrote with it: here, or in a process of its own."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from copilot.models.model import Model
from copilot.models.trace import Trace
from copilot.models.usage import TaskUsage

Result = TypeVar("Result")
Work = Callable[[Model], Result]


class ModelHost(Protocol):
    """A model and a place to work with it; safe to use from several threads."""

    @property
    def name(self) -> str:
        """The model, as in COPILOT_MODEL."""
        ...

    @property
    def is_degraded(self) -> bool:
        """It failed so often that it is left alone, and has not answered since."""
        ...

    def run(self, work: Work[Result]) -> Result:
        """What the work makes of the model; waits for it.

        Args:
            work: a function of some module, or a `partial` of one, whose other arguments and result can be pickled.

        Raises:
            ModelFailed: the model gave nothing usable.
        """
        ...

    def usage(self) -> dict[str, TaskUsage]:
        """What was used since the start, by task."""
        ...

    def traces(self) -> Sequence[Trace]:
        """The last completed tasks, oldest first; figures and names only."""
        ...

    def close(self) -> None:
        """Stop; work under way fails."""
        ...


class InProcess:
    """The model in this process: for one thing after another, and for tests."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model, as in COPILOT_MODEL."""
        return self._model.name

    @property
    def is_degraded(self) -> bool:
        """It failed so often that it is left alone, and has not answered since."""
        return self._model.is_degraded

    def run(self, work: Work[Result]) -> Result:
        """What the work makes of the model.

        Raises:
            ModelFailed: the model gave nothing usable.
        """
        return work(self._model)

    def usage(self) -> dict[str, TaskUsage]:
        """What was used since the start, by task."""
        return self._model.usage()

    def traces(self) -> Sequence[Trace]:
        """The last completed tasks, oldest first."""
        return self._model.traces()

    def close(self) -> None:
        """Nothing to stop."""
