"""One measurement in a process of its own (`python -m evals.bench.worker WHAT FOLDER [BASE_URL]` prints JSON)."""

import asyncio
import http.client
import json
import random
import resource
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from copilot.guard.masking import policy_for
from copilot.models import BATCH, Model, load_prompt
from copilot.models.chat import ChatModel
from copilot.models.endpoint import Answer, Ask, Capabilities
from copilot.models.model import TokenUsage
from copilot.models.tokens import Estimate
from evals.bench.rehearsal import SAID
from evals.cases import Case
from evals.recorded_model import WatchedTask, about_of, recording_model, replayed_model
from evals.recordings import Recordings
from evals.results import Result, RunFolder, Score
from evals.runner import Task, Work, run_cases

CASES, METRICS, AT_ONCE = 1_000, 10, 16
PROMPT, VERSION = "answer", 1


def cases() -> list[Case]:
    """The cases of every measurement."""
    return [
        Case(
            id=f"b{n:04}",
            task="bench",
            cluster=f"call-{n // 4}",
            input={"question": f"What is fee {n}?", "value": n % 7},
        )
        for n in range(CASES)
    ]


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """A few scores that cost next to nothing."""
    return {"says": Score(float("fee" in str(output)), "the fee is told"), "known": Score(1.0)}


class Http:
    """Asks the server directly, one kept connection a thread: what is left is the harness."""

    def __init__(self, base_url: str) -> None:
        self._host, self._local = urlsplit(base_url).netloc, threading.local()

    def run(self, case: Case, sample: int) -> Any:
        """What the server says."""
        if not hasattr(self._local, "line"):
            self._local.line = http.client.HTTPConnection(self._host, timeout=10)
        body = json.dumps({"model": "bench", "messages": [{"role": "user", "content": case.input["question"]}]})
        self._local.line.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        return json.loads(self._local.line.getresponse().read())["choices"][0]["message"]["content"]


class Prompted:
    """Fills a prompt of the house and asks a model with it, as the product's tasks do."""

    def __init__(self, model: Model) -> None:
        self._model, self._policy = model, policy_for(())

    def run(self, case: Case, sample: int) -> Any:
        """What the model says."""
        values = {"question": case.input["question"], "passages": "[fees#1] The late fee is $8.", "language": "en"}
        filled = load_prompt(PROMPT, VERSION).fill(values, policy=self._policy)
        return self._model.complete(filled, task=BATCH).text


class Instant:
    """An endpoint in this process, to make recordings with."""

    name = "bench:instant"

    def warm_up(self) -> None:
        """Nothing to load."""

    def send(self, ask: Ask, capabilities: Capabilities) -> Answer:
        """Always the same."""
        return Answer(SAID, is_cut=False, usage=TokenUsage(20, 8, "server"))


def run(task: Task, folder: Path, at_once: int = AT_ONCE) -> dict[str, Any]:
    """Run the cases, and how long it took."""
    work, began = Work(task, cases(), score, at_once=at_once), time.perf_counter()
    results = asyncio.run(run_cases(work, RunFolder(folder, {"suite": "bench"})))
    took = time.perf_counter() - began
    assert all(result.status == "scored" for result in results), results[0].error  # noqa: S101 - else it says nothing
    return {"seconds": took, "per_second": len(results) / took}


def measure_http(folder: Path, base_url: str) -> dict[str, Any]:
    """The runner with real calls over loopback."""
    return run(Http(base_url), folder)


def measure_model(folder: Path, base_url: str) -> dict[str, Any]:
    """The same through the product's own model client (COPILOT_MODEL=openai:bench, OPENAI_BASE_URL)."""
    from evals.arms import live_model  # noqa: PLC0415 - LangChain is loaded with it

    model = live_model()
    model.warm_up()
    return run(Prompted(model), folder)


def make_recordings(folder: Path, _base_url: str) -> dict[str, Any]:
    """A cassette for each case."""
    recordings, chat = Recordings(folder, ""), ChatModel(Instant(), Capabilities(), counter=Estimate(), concurrency=64)
    task = WatchedTask(Prompted(recording_model(chat)), recordings, saves=policy_for(()))
    for case in cases():
        task.run(case, 0)
    recordings.write_about(
        about_of(chat, prompt=f"{PROMPT}/{VERSION}", server="none: made by the benchmark", samples=1)
    )
    return {}


def measure_replay(folder: Path, _base_url: str) -> dict[str, Any]:
    """Replay of what `make_recordings` made."""
    began = time.perf_counter()
    recordings = Recordings(folder, "")
    task = WatchedTask(Prompted(replayed_model(recordings)), recordings)
    return {**run(task, folder / "run", 2), "with_loading": time.perf_counter() - began}


def measure_compare(_folder: Path, _base_url: str) -> dict[str, Any]:
    """Two runs of 1,000 cases on 10 metrics, after imports: comparison, verdict and compare.json."""
    from scipy import stats  # noqa: F401, PLC0415 - imports are not what is measured

    from evals.compare import Arm, as_json, compare  # noqa: PLC0415 - the same
    from evals.suites import Metric, Suite  # noqa: PLC0415 - the same

    roles = ["primary"] * 3 + ["guardrail"] * (METRICS - 3)
    metrics = tuple(Metric.model_validate({"name": f"m{n}", "role": role}) for n, role in enumerate(roles))
    suite = Suite(name="bench", task="bench", cases=("bench.jsonl",), metrics=metrics)
    arms = [Arm(label, _drawn(seed, metrics)) for seed, label in enumerate(("candidate", "baseline"))]
    compare(suite, *(Arm(each.label, each.results[:50]) for each in arms))
    began = time.perf_counter()
    text = as_json(compare(suite, *arms))
    return {"seconds": time.perf_counter() - began, "bytes": len(text)}


def _drawn(seed: int, metrics: Sequence[Any]) -> list[Result]:
    rng = random.Random(seed)  # noqa: S311 - figures for a benchmark
    return [
        Result(case.id, 0, case.cluster, (), "scored", {each.name: Score(rng.random()) for each in metrics})
        for case in cases()
    ]


class Slow(Http):
    """Counts its calls in a file, so that a killed process tells them, too."""

    def __init__(self, base_url: str, calls: Path) -> None:
        super().__init__(base_url)
        self._calls, self._lock = calls.open("a", encoding="utf-8"), threading.Lock()

    def run(self, case: Case, sample: int) -> Any:
        """What the server says."""
        with self._lock:
            self._calls.write(f"{case.id}\n")
            self._calls.flush()
        return super().run(case, sample)


def run_counted(folder: Path, base_url: str) -> dict[str, Any]:
    """A run that writes down each call before it makes it."""
    return run(Slow(base_url, folder / "calls"), folder / "run", 4)


WHAT = {
    "http": measure_http,
    "model": measure_model,
    "record": make_recordings,
    "replay": measure_replay,
    "compare": measure_compare,
    "counted": run_counted,
}

if __name__ == "__main__":
    what, where, *address = sys.argv[1:]
    found = WHAT[what](Path(where), address[0] if address else "")
    found |= {"cpu_s": time.process_time()}
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**found, "peak_mb": peak_mb}) + "\n")
