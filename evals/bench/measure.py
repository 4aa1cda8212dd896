"""The measurements, one after the other, each in a fresh process; what is not installed is said to be so."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copilot.errors import BadInput
from evals.bench.peers import measure_peers
from evals.bench.server import instant_server
from evals.bench.worker import CASES
from evals.results import RESULTS

KILLED_AT = 500
GIVE_UP_AFTER_S = 120.0


@dataclass(frozen=True)
class Figure:
    """One measured figure beside what it has to be; `value` is None where it could not be measured, `note` says why."""

    name: str
    value: float | None
    unit: str
    wanted: str = ""
    is_met: bool | None = None
    note: str = ""

    @property
    def told(self) -> str:
        """In one line."""
        value = "–" if self.value is None else f"{self.value:,.2f} {self.unit}"
        met = {True: "met", False: "NOT MET", None: ""}[self.is_met]
        return f"{self.name:<52} {value:>18}  {self.wanted:<12} {met} {self.note}".rstrip()


def measure_all() -> Iterator[Figure]:
    """Every figure, as soon as it is there."""
    with TemporaryDirectory(prefix="copilot-bench-") as temporary, instant_server() as base_url:
        folder = Path(temporary)
        yield _load()
        yield _startup()
        ours = _worker("http", folder / "http", base_url)
        yield _at_least("runner over local HTTP", ours["per_second"], "cases/s", 500)
        yield _at_most("peak memory of that run", ours["peak_mb"], "MB", 100)
        yield _model(folder, base_url)
        _worker("record", folder / "recordings")
        replay = _worker("replay", folder / "recordings")
        note = f"{replay['cpu_s']:.2f} s of CPU, start included"
        yield _at_most(f"replay of {CASES} recorded cases", replay["with_loading"], "s", 2.5, note)
        compared = _worker("compare", folder)
        yield _at_most(f"comparison of two {CASES}-case runs, 10 metrics", compared["seconds"], "s", 1.0)
        yield from _killed(folder / "killed", base_url)
        yield from _beside_peers(folder / "peers", base_url, ours["per_second"])


def _load() -> Figure:
    """How busy the machine is: on a busy one every time is longer than the harness makes it."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return Figure("load average before", load, "", note=f"{cores} cores{', busy' if load > cores / 2 else ''}")


def _startup() -> Figure:
    times, cpu_before = [], _children_cpu_s()
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "evals", "list"], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    note = f"{(_children_cpu_s() - cpu_before) / 3:.2f} s of CPU"
    return _at_most("start-up: `copilot eval list`, best of 3", min(times), "s", 0.6, note)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _model(folder: Path, base_url: str) -> Figure:
    name = "the same through the product's model client"
    surroundings = {
        "COPILOT_MODEL": "openai:bench",
        "OPENAI_BASE_URL": base_url,
        "COPILOT_MODEL_CONCURRENCY": "16",
        "COPILOT_DATA_DIR": str(folder),
    }
    try:
        found = _worker("model", folder / "model", base_url, surroundings)
    except BadInput as error:
        return Figure(name, None, "cases/s", note=str(error))
    return Figure(name, found["per_second"], "cases/s", note="LangChain's client included")


def _killed(folder: Path, base_url: str) -> Iterator[Figure]:
    """Kill a run at case 500, run it again, and count what was asked twice."""
    folder.mkdir()
    process = subprocess.Popen(_command("counted", folder, base_url), stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    results, until = folder / "run" / RESULTS, time.monotonic() + GIVE_UP_AFTER_S
    while not results.is_file() or results.read_bytes().count(b"\n") < KILLED_AT:
        if time.monotonic() > until or process.poll() is not None:
            break
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = {_case_id(line) for line in results.read_bytes().split(b"\n")[:-1]}
    asked = (folder / "calls").read_text("utf-8").split()
    _worker("counted", folder, base_url)
    again = (folder / "calls").read_text("utf-8").split()[len(asked) :]
    yield _at_most(f"kill -9 at case {len(finished)}: finished cases asked again", len(finished & set(again)), "", 0)
    yield Figure("  cases in flight that were lost", len(set(asked) - finished), "", "at most 4")


def _beside_peers(folder: Path, base_url: str, ours: float) -> Iterator[Figure]:
    folder.mkdir()
    for peer in measure_peers(folder, base_url):
        if peer.per_second is None:
            yield Figure(peer.name, None, "cases/s", note=peer.note)
            continue
        times = ours / peer.per_second
        yield Figure(peer.name, peer.per_second, "cases/s", f"x {peer.wanted_times:g}", times >= peer.wanted_times,
                     f"ours is {times:.1f} times as fast; its {peer.note}")  # fmt: skip


def _worker(
    what: str, folder: Path, base_url: str = "", surroundings: Mapping[str, str] | None = None
) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own module
        _command(what, folder, base_url),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(surroundings or {})},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
        raise BadInput(f"The measurement {what!r} failed: {last}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _command(what: str, folder: Path, base_url: str) -> list[str]:
    return [sys.executable, "-m", "evals.bench.worker", what, str(folder), *([base_url] if base_url else [])]


def _case_id(line: bytes) -> str:
    return str(json.loads(line)["case_id"])


def _at_least(name: str, value: float, unit: str, wanted: float) -> Figure:
    return Figure(name, value, unit, f">= {wanted:g}", value >= wanted)


def _at_most(name: str, value: float, unit: str, wanted: float, note: str = "") -> Figure:
    return Figure(name, value, unit, f"<= {wanted:g}", value <= wanted, note)
