"""A model whose calls are replayed from recordings, or recorded; and the watch on it while a case runs.

Product code answers without the model when the model fails, which is right at the desk and wrong in a measurement: the
case would be scored as if the model had answered. So each case runs in a session that notes what the model did.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from copilot.errors import ModelUnavailable
from copilot.guard.redaction import RedactionPolicy
from copilot.models import FilledPrompt, Reply, TaskLimits
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.endpoint import Answer, Ask, CallFailed, Capabilities, Endpoint
from copilot.models.model import Model, TokenUsage
from copilot.models.patience import Surroundings
from copilot.models.tokens import Estimate, TokenCounter
from copilot.models.usage import Prices
from evals.cases import Case
from evals.extras import need_extra
from evals.recordings import About, Interactions, Recordings, call_of, key_of
from evals.runner import Infrastructure, Metered, RecordingMissing, Task
from evals.wrapped_model import WrappedModel

AT_ONCE_IN_REPLAY = 64
NEVER = 10**9


@dataclass
class Session:
    """What the model did in one case and sample."""

    sample: int
    known: dict[str, Answer]
    used: Interactions = field(default_factory=dict)
    is_stale: bool = False
    lost: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


_session: ContextVar[Session | None] = ContextVar("session", default=None)


def replayed_model(recordings: Recordings) -> Model:
    """A model that says what was recorded, at once, and nothing else.

    Raises:
        RecordingMissing: there are no recordings.
        ConfigError: the extra [evals] is not installed.
    """
    need_extra("vcr", to="play recordings")
    about = recordings.about()
    patience = Surroundings(sleep=lambda _seconds: None)
    never = Breaker(patience.clock, failures_to_open=NEVER)  # a missing recording says nothing about the next one
    model = ChatModel(
        ReplayEndpoint(about.model),
        about.capabilities,
        counter=Estimate(),
        concurrency=AT_ONCE_IN_REPLAY,
        around=patience,
        breaker=never,
    )
    return WatchedModel(model)


def recording_model(model: ChatModel) -> Model:
    """The same model, each of its answers kept in the session; those known already are not asked for again."""
    model.ask_through(RecordingEndpoint)
    return WatchedModel(model)


class ReplayEndpoint:
    """Answers from the session of the case under way."""

    def __init__(self, name: str) -> None:
        self.name = name

    def warm_up(self) -> None:
        """Nothing to load."""

    def send(self, ask: Ask, capabilities: Capabilities) -> Answer:
        """The recorded answer.

        Raises:
            CallFailed: there is none; the session notes it.
        """
        session = _session.get()
        if session is None:
            raise CallFailed("was asked outside of a case")
        call = call_of(self.name, ask, capabilities, session.sample)
        return _kept(session, call, session.known.get(key_of(call)))


class RecordingEndpoint:
    """Asks the model's own endpoint where nothing is recorded yet."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = endpoint.name
        self._endpoint = endpoint

    def warm_up(self) -> None:
        """Load what the endpoint needs."""
        self._endpoint.warm_up()

    def send(self, ask: Ask, capabilities: Capabilities) -> Answer:
        """The recorded answer, else the model's own.

        Raises:
            CallFailed: the endpoint gave none; errors are never recorded.
        """
        session = _session.get()
        if session is None:
            return self._endpoint.send(ask, capabilities)
        call = call_of(self.name, ask, capabilities, session.sample)
        return _kept(session, call, session.known.get(key_of(call)) or self._endpoint.send(ask, capabilities))


@dataclass
class CountingEndpoint:
    """Answers nothing and adds up what would have been sent: for an estimate before anything is paid for."""

    name: str
    counter: TokenCounter
    calls: int = 0
    input_tokens: int = 0
    most_output_tokens: int = 0

    def warm_up(self) -> None:
        """Nothing to load."""

    def send(self, ask: Ask, capabilities: Capabilities) -> Answer:
        """Never answers.

        Raises:
            CallFailed: always.
        """
        self.calls += 1
        self.input_tokens += sum(self.counter.count(each.text) + 4 for each in ask.messages)
        self.most_output_tokens += ask.max_output_tokens
        raise CallFailed("is only counted")


class WatchedModel(WrappedModel):
    """A model whose silence is noted in the session of the case under way."""

    def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
        """The answer; a session is told of what it took, and that there was none."""
        session = _session.get()
        try:
            reply = self._model.complete(prompt, task=task)
        except ModelUnavailable as error:
            if session is not None:
                session.lost = str(error)
            raise
        if session is not None:
            session.input_tokens += reply.usage.input_tokens
            session.output_tokens += reply.usage.output_tokens
        return reply


@dataclass(frozen=True)
class WatchedTask:
    """A task run in sessions.

    Attributes:
        task: asks a model of this module.
        recordings: where its answers are; None for a model that is asked without any.
        saves: with what policy new recordings are masked; None where none are made.
        prices: of the model, for what each case cost.
    """

    task: Task
    recordings: Recordings | None = None
    saves: RedactionPolicy | None = None
    prices: Prices | None = None

    def run(self, case: Case, sample: int) -> Any:
        """The output with what it took.

        Raises:
            RecordingMissing: a call is not recorded.
            Infrastructure: the model did not answer, whatever the product made of that.
            Exception: what the task raised on an answer; the answer is recorded all the same.
        """
        known = self.recordings.load(case.id, sample) if self.recordings else None
        session = Session(sample, known or {})
        token, output, broke = _session.set(session), None, None
        try:
            output = self.task.run(case, sample)
        except Exception as error:
            broke = error
        finally:
            _session.reset(token)
        if session.is_stale:
            what = "not recorded" if known is None else "stale, another question was recorded"
            raise RecordingMissing(f"{case.id}.{sample}: {what}")
        if session.lost:
            raise Infrastructure(session.lost)
        if self.recordings and self.saves and known != {key: answer for key, (_, answer) in session.used.items()}:
            self.recordings.save(case.id, sample, session.used, self.saves)
        if broke is not None:
            raise broke
        return Metered(output, session.input_tokens, session.output_tokens, self._usd(session))

    def _usd(self, session: Session) -> Decimal | None:
        used = TokenUsage(session.input_tokens, session.output_tokens, "us")
        return None if self.prices is None else self.prices.usd(used)


def about_of(model: ChatModel, *, prompt: str, server: str, samples: int) -> About:
    """What recordings of this model are made with; asked after they were made, when its capabilities are known."""
    known = model.capabilities
    return About(
        model=model.name,
        prompt=prompt,
        structured=known.structured,
        limit_field=known.limit_field,
        takes_temperature=known.takes_temperature,
        server=server,
        samples=samples,
    )


def _kept(session: Session, call: Any, answer: Answer | None) -> Answer:
    if answer is None:
        session.is_stale = True
        raise CallFailed("has no recording of this question")
    session.used[key_of(call)] = (call, answer)
    return answer
