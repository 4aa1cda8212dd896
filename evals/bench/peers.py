"""Other harnesses on the same cases against the same server, where they are installed."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bench.worker import AT_ONCE, cases

GIVE_UP_AFTER_S = 300.0
_INSPECT = """
from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import includes
from inspect_ai.solver import generate

@task
def bench() -> Task:
    return Task(dataset=json_dataset("cases.jsonl"), solver=generate(), scorer=includes())
"""


@dataclass(frozen=True)
class Peer:
    """What another harness did: whole cases a second, start-up not counted; None with a note where it was not run."""

    name: str
    per_second: float | None
    wanted_times: float
    note: str = ""


def measure_peers(folder: Path, base_url: str) -> Iterator[Peer]:
    """Each peer, or that it is not installed."""
    yield _promptfoo(folder, base_url)
    yield _inspect(folder, base_url)


def _promptfoo(folder: Path, base_url: str) -> Peer:
    command = shutil.which("promptfoo")
    if command is None:
        return Peer("promptfoo", None, 4.0, "not installed")
    provider = {"id": "openai:chat:bench", "config": {"apiBaseUrl": base_url, "apiKey": "no-key"}}
    assertion = [{"type": "contains", "value": "fee"}]

    def config(count: int) -> Path:
        tests = [{"vars": {"question": case.input["question"]}, "assert": assertion} for case in cases()[:count]]
        path = folder / f"promptfoo{count}.json"
        path.write_text(json.dumps({"prompts": ["{{question}}"], "providers": [provider], "tests": tests}), "utf-8")
        return path

    flags = ("--no-cache", "--no-table", "--no-progress-bar", "--no-write", "-j", str(AT_ONCE))
    disabled = ("TELEMETRY", "UPDATE", "DEBUG_LOG", "ERROR_LOG")  # its log breaks off under 1,000 cases
    quiet = {f"PROMPTFOO_DISABLE_{what}": "true" for what in disabled} | {"PROMPTFOO_CONFIG_DIR": str(folder)}
    times = [_seconds([command, "eval", "-c", str(config(n)), *flags], folder, quiet) for n in (1, 1, len(cases()))]
    return _peer("promptfoo", times, 4.0)


def _inspect(folder: Path, base_url: str) -> Peer:
    found = shutil.which("inspect")
    if found is None:
        return Peer("inspect_ai", None, 10.0, "not installed")
    (folder / "bench_task.py").write_text(_INSPECT, "utf-8")
    rows = [{"id": case.id, "input": case.input["question"], "target": "fee"} for case in cases()]
    (folder / "cases.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    flags = ("--model", "openai/bench", "-M", "responses_api=false", "--max-connections", str(AT_ONCE))
    shown = ("--display", "none", "--log-format", "json", "--log-dir")
    one: tuple[str, ...] = ("--limit", "1")
    times = []
    for place, more in enumerate((one, one, ())):
        logs = folder / f"logs{place}"
        command = [found, "eval", "bench_task.py", *flags, *more, *shown, str(logs)]
        took = _seconds(command, folder, {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "no-key"})
        times.append(took if _all_went_well(logs) else None)
    return _peer("inspect_ai", times, 10.0)


def _all_went_well(logs: Path) -> bool:
    """Whether inspect_ai ran its cases; it ends with 0 either way."""
    found = [json.loads(path.read_text("utf-8")) for path in logs.glob("*.json")]
    return bool(found) and all(log["status"] == "success" for log in found)


def _peer(name: str, times: Sequence[float | None], wanted_times: float) -> Peer:
    """From the seconds of two runs of one case, the shorter being its start-up, and of one of all cases."""
    known = [each for each in times if each is not None]
    if len(known) < len(times):
        return Peer(name, None, wanted_times, "is installed and failed on the cases")
    start_up, whole = min(known[:2]), known[2]
    if whole <= start_up:
        return Peer(name, None, wanted_times, "its start-up varied by more than its run took; measure again")
    note = f"start-up of {start_up:.1f} s is not counted"
    return Peer(name, (len(cases()) - 1) / (whole - start_up), wanted_times, note)


def _seconds(command: list[str], folder: Path, surroundings: Mapping[str, str]) -> float | None:
    """How long a command took; None when it failed (promptfoo's 100 means that assertions failed)."""
    began = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603 - found on the path by its name
            command,
            cwd=folder,
            env={**os.environ, **surroundings},
            capture_output=True,
            timeout=GIVE_UP_AFTER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return time.perf_counter() - began if done.returncode == 0 else None
