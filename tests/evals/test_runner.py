"""Runs over cases: bounded, resumable after a kill, infrastructure apart from failures, results on disk at once."""

import asyncio
import json
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import BadInput, ModelUnavailable
from evals.cases import Case, read_cases, write_cases
from evals.results import RESULTS, Result, RunFolder, Score, read_results, scored
from evals.runner import Infrastructure, ScorerFailed, Work, run_cases
from evals.suites import Suite, load_suite

MANIFEST = {"suite": "try", "cases": "abc"}


def cases(count: int) -> list[Case]:
    return [Case(id=f"c{n:03}", task="try", cluster=f"k{n % 5}", input={"n": n}) for n in range(count)]


def score_of(_case: Case, output: Any) -> Mapping[str, Score]:
    return {"m": Score(float(output["n"] % 2)), "unscored": Score(None, "nothing is expected")}


class Counting:
    """A task that counts its calls and how many run at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.calls: Counter[str] = Counter()
        self.seconds, self.now, self.most = seconds, 0, 0
        self._lock = threading.Lock()

    def run(self, case: Case, sample: int) -> Any:
        with self._lock:
            self.calls[f"{case.id}/{sample}"] += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
        if case.input["n"] == 3:
            raise ValueError("this case breaks the task")
        if case.input["n"] == 4:
            raise Infrastructure("the server is away")
        if case.input["n"] == 5 and self.calls[f"{case.id}/{sample}"] == 1:
            raise ModelUnavailable("not now")
        return {"n": case.input["n"]}


def run(folder: Path, task: Any, count: int = 8, **more: Any) -> list[Result]:
    work = Work(task, cases(count), score_of, **more)
    return asyncio.run(run_cases(work, RunFolder(folder, MANIFEST)))


def test_results_come_in_the_order_of_cases_and_samples_each_with_its_state(tmp_path: Path) -> None:
    results = run(tmp_path, Counting(), samples=2)
    assert [result.key for result in results] == [(f"c{n:03}", k) for n in range(8) for k in range(2)]
    states = {result.case_id: result.status for result in results}
    assert (states["c003"], states["c004"], states["c005"]) == ("failed", "infrastructure", "infrastructure")
    assert dict(scored(results, "m"))["c003"] == 0.0  # what breaks the task counts nothing
    assert "c004" not in dict(scored(results, "m"))  # what infrastructure lost is left out
    assert list(scored(results, "unscored")) == [("c003", 0.0), ("c003", 0.0)]


def test_a_second_run_does_only_what_is_missing(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    run(tmp_path, first)
    results = run(tmp_path, second)
    assert sorted(second.calls) == ["c004/0", "c005/0"]  # infrastructure is tried again, failures are not
    assert len(results) == 8
    third = Counting()
    run(tmp_path, third, count=10)
    assert sorted(third.calls) == ["c004/0", "c005/0", "c008/0", "c009/0"]


def test_no_more_run_at_once_than_allowed(tmp_path: Path) -> None:
    task = Counting(seconds=0.02)
    run(tmp_path, task, count=20, at_once=3)
    assert task.most == 3


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    run(tmp_path, Counting())
    with pytest.raises(BadInput, match="other cases or prompts"):
        RunFolder(tmp_path, {"suite": "another"}).open()


def test_a_line_that_a_crash_cut_is_run_again_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    run(tmp_path, Counting(), count=3)
    path = tmp_path / RESULTS
    path.write_bytes(path.read_bytes()[:-20])
    task = Counting()
    assert len(run(tmp_path, task, count=3)) == 3
    assert sum(task.calls.values()) == 1
    assert len(read_results(path)) == 3
    path.write_text("{}\n" + path.read_text("utf-8"), "utf-8")
    with pytest.raises(BadInput, match=r"results\.jsonl:1"):
        read_results(path)


def test_half_a_character_that_a_model_made_up_is_kept_and_stops_nothing(tmp_path: Path) -> None:
    class Odd:
        def run(self, case: Case, sample: int) -> Any:
            return {"n": 1, "text": "half \ud83d \x00 and NaN"}

    first = run(tmp_path, Odd(), count=2)
    assert [each.output for each in read_results(tmp_path / RESULTS)] == [each.output for each in first]


class Slow:
    """A task that takes its time."""

    def run(self, case: Case, sample: int) -> Any:
        time.sleep(0.02)
        return {"n": case.input["n"] + 10}


def _run(folder: str) -> None:
    run(Path(folder), Slow(), count=200, at_once=4)


def test_kill_9_loses_at_most_what_was_under_way(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(str(tmp_path),))
    process.start()
    path = tmp_path / RESULTS
    give_up_at = time.monotonic() + 60
    while not path.is_file() or path.read_bytes().count(b"\n") < 40:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    done = path.read_bytes().count(b"\n")
    task = Counting()
    assert len(run(tmp_path, task, count=200)) == 200
    assert sum(task.calls.values()) in (200 - done, 200 - done + 1)  # a cut line is run again
    assert max(task.calls.values()) == 1


# --- cases and suites ------------------------------------------------------------------------------------------------


def test_cases_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = cases(3)
    write_cases(made, tmp_path / "cases.jsonl")
    assert read_cases(tmp_path / "cases.jsonl") == made


@pytest.mark.parametrize(
    ("line", "says"),
    [("nonsense", ":1"), ('{"id": "a"}', "task"), ('{"id": "a b", "task": "t", "cluster": "c", "input": {}}', "id")],
)
def test_a_wrong_case_is_told_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{line}\n", "utf-8")
    with pytest.raises(BadInput, match=says):
        read_cases(path)


def test_an_id_that_stands_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    line = json.dumps({"id": "a", "task": "t", "cluster": "c", "input": {}})
    path.write_text(f"{line}\n{line}\n", "utf-8")
    with pytest.raises(BadInput, match="stands twice"):
        read_cases(path)


def test_a_suite_is_read_with_its_cases(tmp_path: Path) -> None:
    (tmp_path / "suites").mkdir()
    (tmp_path / "cases").mkdir()
    write_cases(cases(4), tmp_path / "cases" / "try.jsonl")
    path = tmp_path / "suites" / "try.yaml"
    path.write_text("name: try\ntask: try\ncases: [try.jsonl]\nmetrics: [{name: m, role: primary}]\n", "utf-8")
    suite = load_suite("try", tmp_path / "suites")
    assert (suite.metrics[0].margin, len(suite.load_cases(tmp_path / "suites"))) == (0.05, 4)
    with pytest.raises(BadInput, match="there are: try"):
        load_suite("none", tmp_path / "suites")
    path.write_text("name: [", "utf-8")
    with pytest.raises(BadInput, match="no YAML"):
        load_suite("try", tmp_path / "suites")


def test_a_suite_declares_few_primaries() -> None:
    metrics = [{"name": f"m{n}", "role": "primary"} for n in range(4)]
    with pytest.raises(ValueError, match="more than 3 primaries"):
        Suite.model_validate({"name": "a", "task": "t", "cases": ["c"], "metrics": metrics})


def test_a_scorer_that_breaks_is_told_by_the_case_and_stops_the_run(tmp_path: Path) -> None:
    def broken(case: Case, output: Any) -> Mapping[str, Score]:
        raise KeyError("no such label")

    with pytest.raises(ScorerFailed, match=r"broke on c000\.0 \(KeyError\)"):
        asyncio.run(run_cases(Work(Slow(), cases(1), broken), RunFolder(tmp_path, MANIFEST)))
    assert read_results(tmp_path / RESULTS) == []
