"""Language models: one file per provider in `providers/`, found by its name and imported when it is first asked for."""

from importlib import import_module
from pkgutil import iter_modules

from copilot.errors import ConfigError
from copilot.models import providers as _providers
from copilot.models.host import InProcess, ModelHost
from copilot.models.model import (
    BATCH,
    DRAFT,
    LIVE_ANSWER,
    NOTE_WORDING,
    OFFER_WORDING,
    SUMMARY,
    TRANSLATION,
    CheckReport,
    Model,
    Reply,
    TaskLimits,
)
from copilot.models.prompts import FilledPrompt, Prompt, load_prompt
from copilot.models.trace import Trace, Traces
from copilot.models.usage import TaskUsage
from copilot.settings import Settings

__all__ = [
    "BATCH",
    "DRAFT",
    "LIVE_ANSWER",
    "NOTE_WORDING",
    "OFFER_WORDING",
    "SUMMARY",
    "TRANSLATION",
    "CheckReport",
    "FilledPrompt",
    "InProcess",
    "Model",
    "ModelHost",
    "Prompt",
    "Reply",
    "TaskLimits",
    "TaskUsage",
    "Trace",
    "Traces",
    "load_model",
    "load_prompt",
    "providers",
]


def providers() -> list[str]:
    """The providers there are: the file names in `providers/` without "_"."""
    return sorted(module.name for module in iter_modules(_providers.__path__) if not module.name.startswith("_"))


def load_model(spec: str, settings: Settings) -> Model:
    """Build the model `spec` names: "openai:NAME" is what copilot/models/providers/openai.py makes of "NAME".

    Nothing is asked of the model yet.

    Args:
        spec: provider, or provider and model with ":" between.
        settings: prices, the number of calls at once, the data folder; keys are read from the environment.

    Raises:
        ConfigError: the provider is unknown, or what it needs is missing; the message names the variable.
    """
    provider, _, model_name = spec.partition(":")
    if provider not in providers():
        there_are = ", ".join(providers())
        raise ConfigError(f"COPILOT_MODEL is {spec!r}: no provider {provider!r}; there are: {there_are}.")
    try:
        model: Model = import_module(f"{_providers.__name__}.{provider}").build(model_name, settings)
    except ImportError as error:
        install = "install the extra [models] of retention-copilot, or set COPILOT_MODEL=none."
        raise ConfigError(f"COPILOT_MODEL is {spec!r}, which needs the package {error.name}: {install}") from error
    return model
