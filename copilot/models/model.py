"""What every language model of ours can do, what it is allowed per task, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from pydantic import BaseModel

from copilot.models.prompts import FilledPrompt, Prompt

if TYPE_CHECKING:
    from copilot.models.trace import Trace
    from copilot.models.usage import TaskUsage

Structured = Literal["json_schema", "json_object", "text"]
LimitField = Literal["max_completion_tokens", "max_tokens", "ignored"]
Output = TypeVar("Output", bound=BaseModel)


@dataclass(frozen=True)
class TaskLimits:
    """What one kind of task may take; `deadline_s` is for everything together: waiting, retries and the repair turn."""

    task: str
    timeout_s: float
    deadline_s: float
    max_retries: int
    max_input_tokens: int
    max_output_tokens: int


LIVE_ANSWER = TaskLimits("live_answer", 6.0, 8.0, 1, 6_000, 400)
SUMMARY = TaskLimits("rolling_summary", 10.0, 15.0, 0, 8_000, 400)
NOTE_WORDING = TaskLimits("note_wording", 20.0, 40.0, 2, 16_000, 1_200)
OFFER_WORDING = TaskLimits("offer_wording", 6.0, 8.0, 1, 4_000, 300)
TRANSLATION = TaskLimits("translation", 20.0, 40.0, 1, 6_000, 3_000)
DRAFT = TaskLimits("draft", 40.0, 90.0, 2, 24_000, 2_000)
BATCH = TaskLimits("batch", 60.0, 300.0, 4, 32_000, 2_000)


@dataclass(frozen=True)
class TokenUsage:
    """Tokens of one task, its repair included; `counted_by` says whether the server told or we counted."""

    input_tokens: int
    output_tokens: int
    counted_by: Literal["server", "us"]

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        by: Literal["server", "us"] = "server" if self.counted_by == other.counted_by == "server" else "us"
        return TokenUsage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens, by)


@dataclass(frozen=True)
class Reply:
    """A model's answer, secrets masked; what it says is not yet checked against anything.

    `output` is set when the prompt asked for a form; `is_cut` says that free text ended at the limit.
    """

    text: str
    output: BaseModel | None
    prompt_name: str
    prompt_version: int
    model: str
    structured: Structured
    usage: TokenUsage
    latency_s: float
    was_repaired: bool
    is_cut: bool

    def output_as(self, form: type[Output]) -> Output:
        """The output in the form the prompt asked for.

        Raises:
            TypeError: the prompt asked for another form, or for none.
        """
        if not isinstance(self.output, form):
            raise TypeError(f"The prompt {self.prompt_name}/{self.prompt_version} did not ask for {form.__name__}.")
        return self.output


@dataclass(frozen=True)
class CheckReport:
    """What `copilot models check` found out; None where there was nothing to find out."""

    model: str
    answers: bool
    structured: Structured | None = None
    limit_field: LimitField | None = None
    has_stream_usage: bool | None = None
    latency_ms: int | None = None
    tokens_counted_by: str | None = None
    problem: str | None = None


class Model(Protocol):
    """A language model; safe to use from several threads."""

    @property
    def name(self) -> str:
        """As in COPILOT_MODEL: provider and model."""
        ...

    @property
    def is_degraded(self) -> bool:
        """It failed so often that it is left alone, and has not answered since; the sidebar is told."""
        ...

    def warm_up(self) -> None:
        """Load what the first task would have to load; asks nobody."""
        ...

    def usage(self) -> "dict[str, TaskUsage]":
        """What was used since the start, by task."""
        ...

    def traces(self) -> "Sequence[Trace]":
        """The last completed tasks, oldest first; figures and names only."""
        ...

    def prompt(self, name: str) -> Prompt:
        """The prompt of this name that the model is asked with: the version the settings name, else the newest."""
        ...

    def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
        """The answer to a filled prompt, in the form it asks for.

        Raises:
            ModelFailed: there is no usable answer within the limits; the caller goes the extractive way.
        """
        ...

    def check(self) -> CheckReport:
        """Ask the model a few small things; a model that does not answer is told in the report."""
        ...
