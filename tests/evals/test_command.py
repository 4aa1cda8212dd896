"""`copilot eval` by real runs: files, exit codes, and that nothing but the results decides what is written."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner
from typer.testing import Result as Ran

from copilot.errors import BadInput
from evals.cases import write_cases
from evals.command import app
from evals.results import MANIFEST, RESULTS
from tests.evals.harness import installed, made_cases, made_suite, written_run


@pytest.fixture(autouse=True)
def _small_tasks() -> Iterator[None]:
    with installed():
        yield


def ran(*arguments: object) -> Ran:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(suite: Path, out: Path, *more: object) -> Ran:
    return ran("run", suite, "--out", out, *more)


def only_run(out: Path) -> Path:
    (found,) = [path.parent for path in out.glob(f"*/{MANIFEST}")]
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_run_without_a_baseline_scores_and_gives_no_verdict(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(10))
    done = run(suite, tmp_path / "runs", "--baseline", "none")
    assert done.exit_code == 0
    assert "m 0.7000 (10 cases, 0 unscored" in done.output
    assert "no baseline, so no verdict" in done.output
    assert len(lines(only_run(tmp_path / "runs") / RESULTS)) == 10
    manifest = json.loads((only_run(tmp_path / "runs") / MANIFEST).read_text("utf-8"))
    assert {"git_sha", "cases_sha", "scorer_sha", "rules_sha", "prompt_sha", "recordings_sha"} <= manifest.keys()
    assert {"model", "seed", "versions", "code_sha", "pack_sha", "noise", "samples"} <= manifest.keys()


def test_the_same_code_passes_against_its_own_baseline(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(10))
    assert ran("baseline", suite, "--out", tmp_path / "runs").exit_code == 0
    done = run(suite, tmp_path / "runs")
    assert (done.exit_code, "PASS" in done.output) == (0, True)
    compared = json.loads((only_run(tmp_path / "runs") / "compare.json").read_text("utf-8"))
    assert [each["difference"] for each in compared["metrics"]] == [0.0, 0.0, 0.0]


def test_a_run_with_noise_is_called_so_and_not_compared_with_one_without(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(10))
    ran("baseline", suite, "--out", tmp_path / "runs")
    done = run(suite, tmp_path / "runs", "--noise", 0.15)
    assert (done.exit_code, "noise 0.15 against" in done.output) == (3, True)
    assert "the arms differ in noise" in done.output


def test_runs_with_other_vectors_are_other_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = made_suite(tmp_path, made_cases(10))
    ran("baseline", suite, "--out", tmp_path / "runs")
    monkeypatch.setenv("COPILOT_EMBEDDER", "minilm")
    done = run(suite, tmp_path / "runs")
    assert (done.exit_code, "the arms differ in embedder" in done.output) == (3, True)
    assert len([*(tmp_path / "runs").glob(f"*/{MANIFEST}")]) == 2


def test_worse_code_is_a_regression(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = made_suite(tmp_path, made_cases(30))
    ran("baseline", suite, "--out", tmp_path / "runs")
    monkeypatch.setenv("EVAL_LOWER", "0.1")
    done = run(suite, tmp_path / "other", "--json")
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert (told["verdict"]["name"], told["metrics"][0]["difference"]) == ("REGRESSION", pytest.approx(-0.1))


def test_a_case_that_breaks_the_task_newly_breaks_its_hard_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = made_suite(tmp_path, made_cases(30))
    ran("baseline", suite, "--out", tmp_path / "runs")
    monkeypatch.setenv("EVAL_BROKEN", "c0007")
    done = run(suite, tmp_path / "other")
    assert (done.exit_code, "newly broken: c0007: safe" in done.output) == (1, True)
    junit = ElementTree.parse(only_run(tmp_path / "other") / "junit.xml").getroot()
    failed = [case.get("name") for case in junit if case.find("failure") is not None]
    assert "c0007: safe" in failed
    assert junit.get("failures") == str(len(failed))


def test_an_arm_that_lost_cases_says_so_before_all_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = made_suite(tmp_path, made_cases(100))
    ran("baseline", suite, "--out", tmp_path / "runs")
    monkeypatch.setenv("EVAL_LOST", "c0001 c0002 c0003 c0004 c0005")
    monkeypatch.setenv("EVAL_LOWER", "0.3")
    done = run(suite, tmp_path / "other")
    assert (done.exit_code, "INFRASTRUCTURE" in done.output) == (4, True)
    alone = run(suite, tmp_path / "other", "--baseline", "none")
    assert (alone.exit_code, "5 lost" in alone.output) == (4, True)


def test_changed_cases_are_not_compared_with_results_of_the_old_ones(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(10))
    ran("baseline", suite, "--out", tmp_path / "runs")
    write_cases(made_cases(9), tmp_path / "cases" / "try.jsonl")
    done = run(suite, tmp_path / "other")
    assert done.exit_code == 3
    assert "the arms differ in cases" in done.output
    assert "1 cases ran in one arm only: c0009" in done.output


def test_order_concurrency_and_a_resume_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVAL_LOWER", "0.05")
    made = made_cases(60)
    texts = []
    for name, at_once, seed in (("one", 1, 0), ("many", 16, 1), ("resumed", 4, 2)):
        home = tmp_path / name
        suite = made_suite(home, random.Random(seed).sample(made, len(made)))
        base = written_run(home / "base", {case.id: case.input["value"] for case in made}, cases_sha=None)
        if name == "resumed":
            run(suite, home / "runs", "--baseline", "none", "--samples", 2)
            results = only_run(home / "runs") / RESULTS
            results.write_bytes(b"".join(results.read_bytes().splitlines(keepends=True)[:50]) + b'{"case_id": "c0')
        manifest = json.loads((base / MANIFEST).read_text("utf-8"))
        for key in ("cases_sha", "scorer_sha", "samples"):
            manifest.pop(key)
        (base / MANIFEST).write_text(json.dumps(manifest), "utf-8")
        run(suite, home / "runs", "--baseline", base, "--samples", 2, "--at-once", at_once)
        texts.append((only_run(home / "runs") / "compare.json").read_bytes())
    assert texts[0] == texts[1] == texts[2]
    assert b'"difference": -0.05' in texts[0]


def test_a_loss_of_ten_points_over_300_cases_is_found(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(300))
    rng = np.random.default_rng(11)
    exits = []
    for n in range(20):
        before = rng.normal(0.7, 0.2, 300).tolist()
        now = (np.array(before) - 0.1 + rng.normal(0, 0.45, 300)).tolist()
        arms = [
            written_run(tmp_path / f"{name}{n}", {f"c{k:04}": value for k, value in enumerate(values)})
            for name, values in (("now", now), ("before", before))
        ]
        exits.append(ran("compare", *arms, "--suite", suite).exit_code)
    assert exits.count(1) >= 17


def test_a_whole_margin_lost_hardly_passes_and_nothing_lost_is_hardly_a_regression(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(200))
    rng = np.random.default_rng(12)
    exits: dict[float, list[int]] = {0.0: [], -0.05: []}
    for shift, found in exits.items():
        for n in range(25):
            before = rng.normal(0.6, 0.1, 200)
            now = before + shift + rng.normal(0, 0.25, 200)
            arms = [
                written_run(tmp_path / f"{name}{shift}{n}", {f"c{k:04}": float(v) for k, v in enumerate(values)})
                for name, values in (("now", now), ("before", before))
            ]
            found.append(ran("compare", *arms, "--suite", suite).exit_code)
    assert exits[-0.05].count(0) <= 3  # at 2.5 % more than 3 of 25 happen once in 300
    assert exits[0.0].count(1) <= 3


def test_an_inconclusive_verdict_is_waived_by_a_name_that_stays(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(4))
    arms = [
        written_run(tmp_path / name, dict(zip("abcd", values, strict=True)))
        for name, values in (("now", (0.1, 0.9, 0.4, 0.6)), ("before", (0.5, 0.5, 0.5, 0.5)))
    ]
    assert ran("compare", *arms, "--suite", suite).exit_code == 2
    assert ran("compare", *arms, "--suite", suite, "--waive", "  ").exit_code == 2
    waived = ran("compare", *arms, "--suite", suite, "--waive", "Dana Ortiz")
    assert (waived.exit_code, "waived by Dana Ortiz" in waived.output) == (0, True)
    assert json.loads((arms[0] / MANIFEST).read_text("utf-8"))["waived_by"] == "Dana Ortiz"
    assert "Waived by Dana Ortiz" in (arms[0] / "report.html").read_text("utf-8")


def test_nobody_waives_a_regression(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(4))
    now = written_run(tmp_path / "now", dict.fromkeys("abcd", 0.2))
    before = written_run(tmp_path / "before", dict.fromkeys("abcd", 0.8))
    assert ran("compare", now, before, "--suite", suite, "--waive", "Dana Ortiz").exit_code == 1
    assert "waived_by" not in json.loads((now / MANIFEST).read_text("utf-8"))
    assert "Dana Ortiz" not in (now / "report.html").read_text("utf-8")


def test_outputs_are_scored_anew_without_running_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = made_suite(tmp_path, made_cases(6))
    run(suite, tmp_path / "runs", "--baseline", "none")
    folder = only_run(tmp_path / "runs")
    rows = lines(folder / RESULTS)
    rows[2]["scores"]["m"]["value"] = 0.0
    (folder / RESULTS).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    monkeypatch.setenv("EVAL_CALLS", str(tmp_path / "calls"))
    told = json.loads(ran("rescore", folder, "--suite", suite, "--json").output)
    assert (told["scored"], told["changed"]) == (6, 1)
    assert not (tmp_path / "calls").exists()
    assert lines(folder / RESULTS)[2]["scores"]["m"]["value"] > 0


def test_sizing_is_that_of_the_design(tmp_path: Path) -> None:
    assert "196 cases as a primary" in ran("size", "--sd", 0.25).output
    told = json.loads(ran("size", "--sd", 0.25, "--per-cluster", 5, "--icc", 0.5, "--json").output)
    assert told["as_primary"] == pytest.approx(196 * 3, abs=2)
    with pytest.raises(BadInput, match="allowed"):
        ran("size", "--margin", 0)
    suite = made_suite(tmp_path, made_cases(4))
    now = written_run(tmp_path / "now", dict(zip("abcd", (0.1, 0.9, 0.4, 0.6), strict=True)))
    before = written_run(tmp_path / "before", dict.fromkeys("abcd", 0.5))
    ran("compare", now, before, "--suite", suite)
    assert ran("size", now).output.startswith("m: sd 0.3")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--candidate", "nothing/7"), "names no run"),
        (("--noise", "0.9"), "allowed is 0 to 0.5"),
        (("--samples", "0"), "allowed is 1 to 20"),
        (("--split", "bogus"), "allowed are dev, gate, holdout"),
        (("--candidate", "none"), "for --baseline alone"),
        ((), "has no committed baseline"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    suite = made_suite(tmp_path, made_cases(3))
    with pytest.raises(BadInput, match=says):
        run(suite, tmp_path / "runs", *options)


def test_runs_of_another_suite_are_refused(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(3))
    one, other = written_run(tmp_path / "one", {"a": 1.0}), written_run(tmp_path / "other", {"a": 1.0}, suite="else")
    with pytest.raises(BadInput, match="is a run of 'else'"):
        ran("compare", one, other, "--suite", suite)
    for text in ("[]", "{}", "nonsense"):
        (tmp_path / "odd").mkdir(exist_ok=True)
        (tmp_path / "odd" / MANIFEST).write_text(text)
        with pytest.raises(BadInput, match="holds no run"):
            ran("compare", one, tmp_path / "odd", "--suite", suite)
    with pytest.raises(BadInput, match="holds no run"):
        ran("compare", one, tmp_path / "nowhere", "--suite", suite)


def test_an_error_of_the_harness_does_not_read_as_a_regression(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    suite = made_suite(tmp_path, made_cases(3))
    monkeypatch.setattr("evals.arms.manifest_of", broken)
    assert run(suite, tmp_path / "runs", "--baseline", "none").exit_code == 4


def test_kill_9_of_the_command_and_a_resume_run_no_case_twice(tmp_path: Path) -> None:
    suite, calls = made_suite(tmp_path, made_cases(150)), tmp_path / "calls"
    command = [sys.executable, "-m", "tests.evals.harness", "run", str(suite), "--baseline", "none", "--out"]
    surroundings = {**os.environ, "EVAL_SECONDS": "0.02", "EVAL_CALLS": str(calls)}
    process = subprocess.Popen([*command, str(tmp_path / "runs")], env=surroundings, stdout=subprocess.DEVNULL)
    give_up_at = time.monotonic() + 60
    while len(done := [*tmp_path.glob(f"runs/*/{RESULTS}")]) == 0 or done[0].read_bytes().count(b"\n") < 40:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = {row["case_id"] for row in map(_row, done[0].read_text("utf-8").splitlines()) if row}
    before = calls.read_text("utf-8").split()
    again = subprocess.run(
        [*command, str(tmp_path / "runs")], env=surroundings, capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stderr
    resumed = calls.read_text("utf-8").split()[len(before) :]
    assert {name.rpartition(".")[0] for name in resumed}.isdisjoint(finished)
    assert len(finished) + len(resumed) == 150


def test_ctrl_c_is_no_regression_and_keeps_what_is_done(tmp_path: Path) -> None:
    suite = made_suite(tmp_path, made_cases(300))
    command = [sys.executable, "-m", "tests.evals.harness", "run", str(suite), "--baseline", "none", "--out"]
    surroundings = {**os.environ, "EVAL_SECONDS": "0.03"}
    process = subprocess.Popen([*command, str(tmp_path / "runs")], env=surroundings, stderr=subprocess.PIPE, text=True)
    give_up_at = time.monotonic() + 60
    while len(done := [*tmp_path.glob(f"runs/*/{RESULTS}")]) == 0 or done[0].read_bytes().count(b"\n") < 20:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "Stopped. What is done is kept: the same command goes on.\n")
    assert 20 <= len(lines(done[0])) < 300


def test_bad_input_is_one_line_and_exit_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "evals", "run", str(tmp_path / "none.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"copilot: No suite .*\n", done.stderr)


def _row(line: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return found
