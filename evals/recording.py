"""Making recordings: what it may cost, then each case and sample asked once, kept as soon as it is answered."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from copilot.errors import BadInput
from copilot.guard.masking import policy_for
from copilot.guard.redaction import RedactionPolicy
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.model import TokenUsage
from copilot.models.patience import Surroundings
from copilot.models.prompts import prompt_versions
from copilot.models.tokens import TokenCounter, token_counter
from copilot.models.usage import Prices
from copilot.settings import DEMO_PACK, load_settings
from evals.arms import Ground, live_model, prices_of, recordings_of, task_of, version_named
from evals.cases import Case
from evals.extras import need_extra
from evals.recorded_model import NEVER, CountingEndpoint, WatchedTask, about_of, recording_model
from evals.recordings import Recordings
from evals.results import Result
from evals.runner import Progress, RecordingMissing, Work, run_one
from evals.suites import load_suite, suite_names
from knowledge.pack import load_pack

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Job:
    """What is to be recorded: the cases and samples that are not there yet."""

    ground: Ground
    prompt: str
    version: int
    recordings: Recordings
    waiting: Sequence[tuple[Case, int]]

    @property
    def name(self) -> str:
        """The prompt with its version."""
        return f"{self.prompt}/{self.version}"


@dataclass(frozen=True)
class Cost:
    """What recording may cost: calls, tokens sent, the most that may be answered, dollars where prices are known."""

    calls: int
    input_tokens: int
    most_output_tokens: int
    counted_by: str
    most_usd: Decimal | None

    @property
    def told(self) -> str:
        """In one line."""
        usd = (
            f"at most USD {self.most_usd:.2f}"
            if self.most_usd is not None
            else "no price is known: give --usd-in --usd-out"
        )
        return (
            f"{self.calls} calls, {self.input_tokens} tokens sent ({self.counted_by}), "
            f"at most {self.most_output_tokens} answered; {usd}. A repair of a wrong form is one call more."
        )


@dataclass
class Recorded:
    """What was recorded, how many of the answers broke the task, and what was lost, in words."""

    folder: str
    recorded: int = 0
    broke: int = 0
    lost: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """In one line."""
        return f"{self.recorded} cassettes in {self.folder}, {self.broke} of them broke the task, {len(self.lost)} lost"

    def as_record(self) -> dict[str, Any]:
        """In JSON types."""
        return {**vars(self), "lost": len(self.lost)}


def worded_suites() -> list[str]:
    """The suites whose task a model words, by the prompt they name."""
    return [name for name in suite_names() if load_suite(name).prompt]


def to_record(ground: Ground, named: str, *, again: bool = False) -> Job:
    """What a suite lacks of a prompt version.

    Raises:
        BadInput: the suite has no prompt, or there is no such version.
    """
    need_extra("vcr", to="record")
    if not named and not ground.suite.prompt:
        raise BadInput(f"The suite {ground.suite.name} names no prompt; it asks no model. Give --prompt NAME/VERSION.")
    newest = str(prompt_versions().get(ground.suite.prompt, [0])[-1])
    prompt, version = version_named(named or newest, ground.suite)
    recordings = recordings_of(ground, prompt, version)
    pairs = [(case, sample) for case in ground.cases for sample in range(ground.samples)]
    all_anew = again or _made_with(recordings) != load_settings().model  # two models in one folder would be one arm
    waiting = [pair for pair in pairs if all_anew or not recordings.path(pair[0].id, pair[1]).is_file()]
    return Job(ground, prompt, version, recordings, waiting)


def estimate(job: Job, *, usd_in: float | None = None, usd_out: float | None = None) -> Cost:
    """What it may cost, counted by running the cases against a model that answers nothing."""
    settings = load_settings()
    counter: TokenCounter = token_counter(settings.data_dir)
    counting = CountingEndpoint(settings.model, counter)
    around = Surroundings(sleep=lambda _seconds: None)
    known = live_model().capabilities
    model = ChatModel(
        counting, known, counter=counter, around=around, breaker=Breaker(around.clock, failures_to_open=NEVER)
    )
    work = Work(task_of(job.ground, model, job.name), (), lambda _case, _output: {})
    for case, sample in job.waiting:
        run_one(work, case, sample)
    prices = prices_of(settings)
    if usd_in is not None and usd_out is not None:
        prices = Prices(Decimal(str(usd_in)), Decimal(str(usd_out)))
    used = TokenUsage(counting.input_tokens, counting.most_output_tokens, "us")
    usd = None if prices is None else prices.usd(used)
    return Cost(counting.calls, counting.input_tokens, counting.most_output_tokens, counter.name, usd)


def record_suite(job: Job, *, progress: Progress = lambda _done, _of: None) -> Recorded:
    """Ask for what is not recorded yet; what was answered before a failure stays."""
    chat = live_model()
    model = recording_model(chat)
    task = WatchedTask(task_of(job.ground, model, job.name), job.recordings, saves=_policy(job.ground))
    work = Work(task, (), lambda _case, _output: {})
    made = Recorded(job.recordings.folder.name)
    done = 0

    async def all_of_them() -> None:
        slots = asyncio.Semaphore(job.ground.choices.at_once)

        async def one(case: Case, sample: int) -> None:
            nonlocal done
            async with slots:
                _note(made, await asyncio.to_thread(run_one, work, case, sample))
            done += 1
            progress(done, len(job.waiting))

        await asyncio.gather(*(one(case, sample) for case, sample in job.waiting))

    asyncio.run(all_of_them())
    if made.recorded:
        job.recordings.write_about(about_of(chat, prompt=job.name, server=_server(), samples=job.ground.samples))
    made.lost.sort()
    return made


def _made_with(recordings: Recordings) -> str:
    try:
        return recordings.about().model
    except RecordingMissing:
        return ""


def _note(made: Recorded, result: Result) -> None:
    if result.status in ("scored", "failed"):
        made.recorded += 1
        made.broke += result.status == "failed"
    else:
        made.lost.append(f"{result.case_id}.{result.sample}: {result.error}")


def _policy(ground: Ground) -> RedactionPolicy:
    head = load_pack(ground.choices.pack or DEMO_PACK).head
    return policy_for(head.redaction.kinds, head.numbers)


def _server() -> str:
    """What answered, without its address."""
    host = urlsplit(os.environ.get("OPENAI_BASE_URL", "")).hostname
    return (
        "local test server: proves the harness, says nothing about a model" if host in LOCAL_HOSTS else "model server"
    )
