"""No language model: everything goes the extractive way."""

from collections.abc import Sequence

from copilot.errors import ConfigError, NoModel
from copilot.models.model import CheckReport, Reply, TaskLimits
from copilot.models.prompts import FilledPrompt, Prompt, load_prompt
from copilot.models.trace import Trace
from copilot.models.usage import TaskUsage
from copilot.settings import Settings


class NoLanguageModel:
    """A model that is not there."""

    name = "none"
    is_degraded = False

    def warm_up(self) -> None:
        """Nothing."""

    def usage(self) -> dict[str, TaskUsage]:
        """Nothing."""
        return {}

    def traces(self) -> Sequence[Trace]:
        """Nothing."""
        return ()

    def prompt(self, name: str) -> Prompt:
        """The newest version, for those who only look at it."""
        return load_prompt(name)

    def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
        """Never answers."""
        raise NoModel(f"COPILOT_MODEL is 'none': nobody writes {task.task} with the prompt {prompt.name}.")

    def check(self) -> CheckReport:
        """That nothing was asked."""
        return CheckReport(self.name, answers=False)


def build(model_name: str, _settings: Settings) -> NoLanguageModel:
    """The model that is not there."""
    if model_name:
        raise ConfigError(f"COPILOT_MODEL is 'none:{model_name}': 'none' takes no name. Set it to 'none'.")
    return NoLanguageModel()
