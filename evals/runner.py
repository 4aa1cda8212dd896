"""Runs a task over cases: bounded, resumable, each result on disk before the next one counts."""

import asyncio
import contextvars
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from copilot.errors import CopilotError, ModelUnavailable
from evals.cases import Case
from evals.results import Result, RunFolder, Score, Status, write_result

Scorer = Callable[[Case, Any], Mapping[str, Score]]
Progress = Callable[[int, int], None]


class Infrastructure(CopilotError):
    """The machine or the model's server did not do its part; says nothing about the case."""


class RecordingMissing(CopilotError):
    """What a model said to this case is not recorded, or was recorded for another question."""


@dataclass(frozen=True)
class Metered:
    """An output with what it took; a task may return one instead of the bare output.

    `usd` is exact, None without prices.
    """

    output: Any
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal | None = None


class ScorerFailed(CopilotError):
    """A scorer broke on an output: nothing it says counts before it is mended."""


class Task(Protocol):
    """What is measured."""

    def run(self, case: Case, sample: int) -> Any:
        """The output for a case, in JSON types; called from several threads.

        Raises:
            Infrastructure, ModelUnavailable: nothing can be said about the case.
            RecordingMissing: a model's answer is not recorded.
        """
        ...


@dataclass(frozen=True)
class Work:
    """What is to be run: the cases, each so many times, with what scores them."""

    task: Task
    cases: Sequence[Case]
    scorer: Scorer
    samples: int = 1
    at_once: int = 4


async def run_cases(work: Work, folder: RunFolder, *, progress: Progress = lambda _done, _of: None) -> list[Result]:
    """Run what the folder does not hold yet; the results of all, in the order of cases and samples.

    Samples lost to infrastructure, and those without a recording, are tried again by the next run; every other is kept
    as it is.

    Raises:
        BadInput: the folder holds another run.
        ScorerFailed: a scorer broke; results so far stay.
    """
    done = {result.key: result for result in folder.open() if result.status in ("scored", "failed")}
    keys = [(case, sample) for case in work.cases for sample in range(work.samples)]
    waiting = [(case, sample) for case, sample in keys if (case.id, sample) not in done]
    progress(len(keys) - len(waiting), len(keys))
    slots, loop = asyncio.Semaphore(work.at_once), asyncio.get_running_loop()
    with folder.writer() as file, ThreadPoolExecutor(work.at_once) as threads:

        async def one(case: Case, sample: int) -> None:
            async with slots:
                within = contextvars.copy_context()
                result = await loop.run_in_executor(threads, within.run, run_one, work, case, sample)
            done[result.key] = result
            write_result(file, result)
            progress(len(done), len(keys))

        try:
            async with asyncio.TaskGroup() as group:
                for case, sample in waiting:
                    group.create_task(one(case, sample))
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
    return [done[case.id, sample] for case, sample in keys]


def run_one(work: Work, case: Case, sample: int) -> Result:
    """One case, one sample; whatever goes wrong is told in the result."""
    began = time.perf_counter()

    def result(status: Status, scores: Mapping[str, Score], made: Metered, error: str = "") -> Result:
        took = round((time.perf_counter() - began) * 1000, 3)
        tokens, usd = (made.input_tokens, made.output_tokens), None if made.usd is None else str(made.usd)
        return Result(case.id, sample, case.cluster, case.tags, status, scores, made.output, error, took, usd, *tokens)

    try:
        output = work.task.run(case, sample)
    except RecordingMissing as error:
        return result("unrecorded", {}, Metered(None), str(error))
    except (Infrastructure, ModelUnavailable, TimeoutError, ConnectionError) as error:
        return result("infrastructure", {}, Metered(None), f"{type(error).__name__}: {error}")
    except Exception as error:  # a case that breaks the task is a finding, not the end of the run
        return result("failed", {}, Metered(None), f"{type(error).__name__}: {error}")
    made = output if isinstance(output, Metered) else Metered(output)
    try:
        return result("scored", work.scorer(case, made.output), made)
    except Exception as error:
        what = f"The scorer broke on {case.id}.{sample} ({type(error).__name__})"
        raise ScorerFailed(f"{what}. Mend it; what is scored stays.") from error
