"""A language model behind a chat endpoint: budget, concurrency, ladder of capabilities, one repair, usage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import BoundedSemaphore

from pydantic import BaseModel

from copilot.errors import InvalidAnswer, ModelFailed, ModelUnavailable, PromptTooLong
from copilot.guard.masking import mask_values
from copilot.models import probe
from copilot.models.breaker import Breaker
from copilot.models.endpoint import Answer, Ask, CallFailed, Capabilities, Endpoint, Message, corrected
from copilot.models.forms import WrongForm, read_form, repair_text, schema_text, strict_schema
from copilot.models.model import CheckReport, Reply, Structured, TaskLimits, TokenUsage
from copilot.models.patience import Surroundings, ask_patiently
from copilot.models.prompts import FilledPrompt, Prompt, load_prompt
from copilot.models.tokens import TokenCounter
from copilot.models.trace import Outcome, Trace, Traces
from copilot.models.usage import TaskUsage, UsageMeter

TOKENS_PER_MESSAGE = 4  # what servers add around each

_OUTCOME_OF: dict[type[ModelFailed], Outcome] = {InvalidAnswer: "invalid", PromptTooLong: "too_long"}


@dataclass
class _Errand:
    """One task under way."""

    prompt: FilledPrompt
    limits: TaskLimits
    began: float
    structured: Structured = "text"
    usages: list[TokenUsage] = field(default_factory=list)

    @property
    def until(self) -> float:
        return self.began + self.limits.deadline_s

    @property
    def usage(self) -> TokenUsage:
        return sum(self.usages[1:], self.usages[0]) if self.usages else TokenUsage(0, 0, "us")


class ChatModel:
    """A model asked through an endpoint; implements `Model`, safe to use from several threads.

    Args:
        endpoint: where to ask.
        capabilities: what is known of it.
        counter: counts tokens for the budget, and for servers that do not.
        concurrency: calls at once; further ones wait until their deadline.
        meter: adds up what is used.
        traces: told of each completed task.
        keep: given the capabilities that a check found out.
        around: time and chance.
        breaker: leaves a failing model alone.
        versions: of prompts, by name; the newest of those not named.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        capabilities: Capabilities,
        *,
        counter: TokenCounter,
        concurrency: int = 4,
        meter: UsageMeter | None = None,
        traces: Traces | None = None,
        keep: Callable[[Capabilities], None] = lambda _known: None,
        around: Surroundings | None = None,
        breaker: Breaker | None = None,
        versions: Mapping[str, int] | None = None,
    ) -> None:
        self.name = endpoint.name
        self._endpoint = endpoint
        self._capabilities = capabilities
        self._counter = counter
        self._slots = BoundedSemaphore(concurrency)
        self._meter = meter or UsageMeter()
        self._traces = traces or Traces()
        self._keep = keep
        self._around = around or Surroundings()
        self._breaker = breaker or Breaker(self._around.clock)
        self._versions = dict(versions or {})

    @property
    def capabilities(self) -> Capabilities:
        """What is known of the endpoint by now."""
        return self._capabilities

    def ask_through(self, wrap: Callable[[Endpoint], Endpoint]) -> None:
        """From now on, ask through what `wrap` makes of the endpoint: a recorder, for one."""
        self._endpoint = wrap(self._endpoint)

    @property
    def is_degraded(self) -> bool:
        """It failed so often that it is left alone, and has not answered since."""
        return self._breaker.has_tripped

    def warm_up(self) -> None:
        """Load libraries and ranks now: while they load, no call of this process gets its cards."""
        self._endpoint.warm_up()
        self._counter.count("ready")

    def usage(self) -> dict[str, TaskUsage]:
        """What was used since the start, by task."""
        return self._meter.per_task()

    def traces(self) -> Sequence[Trace]:
        """The last tasks, oldest first."""
        return self._traces.last()

    def prompt(self, name: str) -> Prompt:
        """The prompt of this name that the model is asked with."""
        return load_prompt(name, self._versions.get(name))

    def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
        """The answer to a filled prompt, in the form it asks for.

        Raises:
            PromptTooLong: the prompt is over the task's budget; nothing was sent.
            ModelUnavailable: no answer within the limits.
            InvalidAnswer: an answer that is empty, or does not fit even after one repair.
        """
        errand = _Errand(prompt, task, self._around.clock())
        try:
            with self._slot(errand):
                reply = self._reply(errand)
        except ModelFailed as failed:
            self._completed(errand, _OUTCOME_OF.get(type(failed), "unavailable"))
            raise
        self._completed(errand, "repaired" if reply.was_repaired else "answered")
        return reply

    def check(self) -> CheckReport:
        """Ask the endpoint a few small things, and keep what they show of it."""
        found, report = probe.probe(self._endpoint, self._capabilities, self._counter.name, self._around.clock)
        if report.answers:
            self._capabilities = found
            self._keep(found)
        return report

    def _completed(self, errand: _Errand, outcome: Outcome) -> None:
        usage, prompt, task = errand.usage, errand.prompt, errand.limits.task
        self._meter.record(task, usage, failed=outcome not in ("answered", "repaired"))
        latency_s = round(self._around.clock() - errand.began, 3)
        at, usd = datetime.now(UTC).isoformat(), self._meter.usd(usage)
        tokens = (usage.input_tokens, usage.output_tokens)
        self._traces.add(Trace(at, task, prompt.name, prompt.version, self.name, latency_s, *tokens, usd, outcome))

    # --- one task ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _slot(self, errand: _Errand) -> Iterator[None]:
        if not self._slots.acquire(timeout=errand.limits.deadline_s):
            raise ModelUnavailable(f"{self.name} is busy with other calls; raise COPILOT_MODEL_CONCURRENCY.")
        try:
            yield
        finally:
            self._slots.release()

    def _reply(self, errand: _Errand) -> Reply:
        prompt = errand.prompt
        messages = [Message("system", prompt.system), Message("user", prompt.user)]
        answer = self._ask(messages, errand)
        if prompt.form is None:
            if not answer.text.strip():
                raise InvalidAnswer(f"{self.name} answered nothing to {prompt.name}/{prompt.version}.")
            return self._shaped(errand, answer, None, was_repaired=False)
        try:
            return self._shaped(errand, answer, self._read(answer, prompt, prompt.form), was_repaired=False)
        except WrongForm as wrong:
            if answer.is_cut:  # the second would be as long
                raise self._invalid(errand, "was cut at the limit") from wrong
            return self._repaired(errand, messages, answer, wrong, prompt.form)

    def _repaired(
        self, errand: _Errand, messages: Sequence[Message], wrong: Answer, why: WrongForm, form: type[BaseModel]
    ) -> Reply:
        said = mask_values(wrong.text, errand.prompt.policy) or "(nothing)"
        again = [*messages, Message("assistant", said), Message("user", repair_text(why.faults))]
        answer = self._ask(again, errand)
        try:
            return self._shaped(errand, answer, self._read(answer, errand.prompt, form), was_repaired=True)
        except WrongForm as error:
            raise self._invalid(errand, "does not fit its form, nor did its repair") from error

    def _read(self, answer: Answer, prompt: FilledPrompt, form: type[BaseModel]) -> BaseModel:
        return read_form(answer.text, form, prompt.policy)

    def _invalid(self, errand: _Errand, what: str) -> InvalidAnswer:
        prompt = errand.prompt
        return InvalidAnswer(f"The answer of {self.name} to {prompt.name}/{prompt.version} {what}.")

    def _shaped(self, errand: _Errand, answer: Answer, output: BaseModel | None, *, was_repaired: bool) -> Reply:
        return Reply(
            text=mask_values(answer.text, errand.prompt.policy),
            output=output,
            prompt_name=errand.prompt.name,
            prompt_version=errand.prompt.version,
            model=self.name,
            structured=errand.structured,
            usage=errand.usage,
            latency_s=self._around.clock() - errand.began,
            was_repaired=was_repaired,
            is_cut=answer.is_cut,
        )

    # --- one question, down the ladder --------------------------------------------------------------------------------

    def _ask(self, messages: Sequence[Message], errand: _Errand) -> Answer:
        known, form = self._capabilities, errand.prompt.form
        tried = {known}
        while True:
            ask = shaped_ask(messages, form, known, errand.limits)
            self._check_budget(ask, errand)
            try:
                answer = self._send(ask, known, errand)
            except CallFailed as failed:
                lower = corrected(known, failed, tried, wants_form=form is not None)
                if lower is None:
                    raise ModelUnavailable(f"{self.name} {failed.kind}. `copilot models check` tells more.") from failed
                known = lower
                tried.add(known)
                continue
            self._capabilities = known  # learned only from what was answered
            errand.structured = known.structured if form else "text"
            errand.usages.append(answer.usage or self._estimated(ask, answer))
            return answer

    def _send(self, ask: Ask, known: Capabilities, errand: _Errand) -> Answer:
        def call(timeout_s: float) -> Answer:
            return self._endpoint.send(
                Ask(ask.messages, ask.max_output_tokens, timeout_s, ask.schema, ask.form_name), known
            )

        return ask_patiently(call, limits=errand.limits, until=errand.until, breaker=self._breaker, around=self._around)

    def _check_budget(self, ask: Ask, errand: _Errand) -> None:
        tokens, allowed = self._input_tokens(ask), errand.limits.max_input_tokens
        if tokens > allowed:
            raise PromptTooLong(
                f"The prompt {errand.prompt.name}/{errand.prompt.version} has {tokens} tokens ({self._counter.name}); "
                f"{errand.limits.task} may have {allowed}. Give fewer passages or turns."
            )

    def _input_tokens(self, ask: Ask) -> int:
        return sum(self._counter.count(message.text) + TOKENS_PER_MESSAGE for message in ask.messages)

    def _estimated(self, ask: Ask, answer: Answer) -> TokenUsage:
        return TokenUsage(self._input_tokens(ask), self._counter.count(answer.text), "us")


def shaped_ask(
    messages: Sequence[Message], form: type[BaseModel] | None, known: Capabilities, limits: TaskLimits
) -> Ask:
    """The call for one rung: with the schema where the endpoint takes it, else with the schema in the instructions."""
    if form is None:
        return Ask(messages, limits.max_output_tokens, limits.timeout_s)
    if known.structured == "json_schema":
        return Ask(messages, limits.max_output_tokens, limits.timeout_s, strict_schema(form), form.__name__)
    system = Message("system", f"{messages[0].text}\n\n{schema_text(form)}")
    return Ask([system, *messages[1:]], limits.max_output_tokens, limits.timeout_s, {}, form.__name__)
