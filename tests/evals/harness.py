"""The harness with small tasks of its own in the place of the product's: `python -m tests.evals.harness run …` as well.

`plain` gives the value that stands in the case; `ask` asks the model with a prompt of the house and scores its answer.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from copilot.errors import BadInput, ModelFailed
from copilot.guard.masking import policy_for
from copilot.models import BATCH, Model
from evals.cases import Case, write_cases
from evals.results import MANIFEST, RESULTS, Result, Score
from evals.runner import Infrastructure, Scorer, Task

TASKS, SCORERS = "evals.tasks", "evals.scorers"
PROMPT = "note_wording"
METRICS = "[{name: m, role: primary}, {name: safe, role: guardrail, hard: true}, {name: length, role: diagnostic}]"


@dataclass(frozen=True)
class TaskOptions:
    pack: Path | None = None
    model: Model | None = None
    prompt: str | None = None
    noise: float = 0.0


class Plain:
    """The value of the case, lowered by EVAL_LOWER; lost or broken where the case says so."""

    def run(self, case: Case, sample: int) -> Any:
        time.sleep(float(os.environ.get("EVAL_SECONDS", "0")))
        if calls := os.environ.get("EVAL_CALLS"):
            with Path(calls).open("a", encoding="utf-8") as file:
                file.write(f"{case.id}.{sample}\n")
        if case.id in os.environ.get("EVAL_LOST", "").split():
            raise Infrastructure("the server is away")
        if case.id in os.environ.get("EVAL_BROKEN", "").split():
            raise ValueError("this case breaks the task")
        lower = float(os.environ.get("EVAL_LOWER", "0"))
        return {"text": f"{case.input['text']} ({sample})", "value": max(0.0, case.input["value"] - lower)}


class Ask:
    """What the model says; like the product it goes on without the model where that fails."""

    def __init__(self, options: TaskOptions) -> None:
        self._options = options

    def run(self, case: Case, sample: int) -> Any:
        model, version = self._options.model, (self._options.prompt or "1").rpartition("/")[2]
        assert model is not None
        from copilot.models import load_prompt

        prompt = load_prompt(PROMPT, int(version))
        values = {"statements": case.input["text"], "turns": case.id, "language": "en", "max_characters": "900"}
        try:
            reply = model.complete(prompt.fill(values, policy=policy_for(())), task=BATCH)
        except ModelFailed:
            return {"text": "extractive", "value": 1.0}
        return {"text": reply.text, "value": 0.5}


def open_task(name: str, options: TaskOptions) -> Task:
    if name == "plain":
        return Plain()
    if name == "ask":
        return Ask(options)
    raise BadInput(f"No task {name!r}; there are: ask, plain.")


def scorer_for(_task: str) -> Scorer:
    return score


def score(case: Case, output: Any) -> Mapping[str, Score]:
    is_safe = "SECRET" not in output["text"]
    length = Score(None, "not expected") if case.input.get("unscored") else Score(min(1.0, len(output["text"]) / 100))
    return {
        "m": Score(float(output["value"]), f"value {output['value']}"),
        "safe": Score(float(is_safe), "" if is_safe else "tells a secret"),
        "length": length,
    }


def install() -> None:
    """Put the small tasks in the place of the product's."""
    tasks, scorers = ModuleType(TASKS), ModuleType(SCORERS)
    vars(tasks).update(TaskOptions=TaskOptions, open_task=open_task, task_names=lambda: ("ask", "plain"))
    vars(scorers).update(scorer_for=scorer_for)
    sys.modules[TASKS], sys.modules[SCORERS] = tasks, scorers


@contextmanager
def installed() -> Iterator[None]:
    before = {name: sys.modules.get(name) for name in (TASKS, SCORERS)}
    install()
    try:
        yield
    finally:
        for name, module in before.items():
            sys.modules.pop(name)
            if module is not None:
                sys.modules[name] = module


def made_cases(count: int, task: str = "plain", **more: Any) -> list[Case]:
    return [
        Case(
            id=f"c{n:04}",
            task=task,
            cluster=f"call-{n}",
            tags=("even" if n % 2 == 0 else "odd",),
            input={"text": f"The fee of call {n} is ${n}.", "value": 0.5 + (n % 5) / 10, **more},
        )
        for n in range(count)
    ]


def made_suite(folder: Path, cases: list[Case], *, task: str = "plain", more: str = "") -> Path:
    """A suite with its cases in a folder of its own; the path of its file."""
    (folder / "suites").mkdir(parents=True, exist_ok=True)
    (folder / "cases").mkdir(exist_ok=True)
    write_cases(cases, folder / "cases" / "try.jsonl")
    path = folder / "suites" / "try.yaml"
    prompt = f"prompt: {PROMPT}\n" if task == "ask" else ""
    head = f"name: try\ntask: {task}\ncases: [try.jsonl]\nslices: [even, odd]\n{prompt}{more}"
    path.write_text(f"{head}metrics: {METRICS}\n", "utf-8")
    return path


def written_run(folder: Path, values: Mapping[str, float], **manifest: Any) -> Path:
    """A run folder as a run leaves it, with these values of the metric `m`."""
    folder.mkdir(parents=True)
    about = {
        "suite": "try",
        "cases_sha": "c",
        "scorer_sha": "s",
        "samples": 1,
        "noise": 0.0,
        "code_sha": "x",
        **manifest,
    }
    (folder / MANIFEST).write_text(json.dumps(about), "utf-8")
    scores = {"safe": Score(1.0), "length": Score(0.5)}
    rows = [
        Result(case_id, 0, case_id, (), "scored", {"m": Score(value), **scores}, {"text": f"value {value}"})
        for case_id, value in values.items()
    ]
    (folder / RESULTS).write_text("".join(f"{json.dumps(asdict(row))}\n" for row in rows), "utf-8")
    return folder


if __name__ == "__main__":
    from copilot.cli import run
    from evals.command import app

    install()
    run(app)
