"""A model around another one: what a wrapper does not change is the other model's own."""

from collections.abc import Sequence

from copilot.models import FilledPrompt, Model, Prompt, Reply, TaskLimits, TaskUsage, Trace
from copilot.models.model import CheckReport


class WrappedModel:
    """Does what the model inside does."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """As in COPILOT_MODEL."""
        return self._model.name

    @property
    def is_degraded(self) -> bool:
        """Whether it is left alone."""
        return self._model.is_degraded

    def warm_up(self) -> None:
        """Load what the first task would have to load."""
        self._model.warm_up()

    def usage(self) -> dict[str, TaskUsage]:
        """What was used since the start."""
        return self._model.usage()

    def traces(self) -> Sequence[Trace]:
        """The last tasks."""
        return self._model.traces()

    def prompt(self, name: str) -> Prompt:
        """The prompt in force."""
        return self._model.prompt(name)

    def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
        """The answer."""
        return self._model.complete(prompt, task=task)

    def check(self) -> CheckReport:
        """Ask the model a few small things."""
        return self._model.check()
