"""The results the present product is measured against: one file a suite, in evals/baselines; values alone, no texts.

`python -m evals.baseline [SUITE...]` runs suites with the embedded product and writes their baselines anew; do it with
a release, or when a case or scorer has changed, and look at what changed before you commit it.
"""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.results import Result, RunFolder, Score, read_results
from evals.runner import Work, run_cases
from evals.scorers import scorer_for
from evals.suites import SUITES_DIR, Suite, load_suite
from evals.tasks import TaskOptions, open_task

BASELINES_DIR = Path(__file__).resolve().parent / "baselines"
NEEDS_MODEL = frozenset({"summary"})
"""Suites of a model's words: nothing embedded to measure."""


def offline_suites(folder: Path = SUITES_DIR) -> list[str]:
    """The suites that run without a model, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in NEEDS_MODEL)


def read_baseline(suite: str) -> list[Result]:
    """The committed results of a suite; none where there are none.

    Raises:
        BadInput: the file is damaged.
    """
    return read_results(BASELINES_DIR / f"{suite}.jsonl")


def run_offline(suite: Suite, folder: Path, options: TaskOptions | None = None) -> list[Result]:
    """Run a suite, each case once, into a folder."""
    work = Work(open_task(suite.task, options or TaskOptions()), suite.load_cases(), scorer_for(suite.task))
    return asyncio.run(run_cases(work, RunFolder(folder, {"suite": suite.name})))


def write_baseline(suite: str, results: Sequence[Result]) -> Path:
    """Commit results as the baseline of a suite, sorted by case: without outputs, times and reasons."""
    path = BASELINES_DIR / f"{suite}.jsonl"
    rows = [asdict(_bare(result)) for result in sorted(results, key=lambda result: result.key)]
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text("".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows), "utf-8")
    fresh.replace(path)
    return path


def _bare(result: Result) -> Result:
    scores: Mapping[str, Score] = {name: Score(score.value) for name, score in result.scores.items()}
    return replace(result, scores=scores, output=None, latency_ms=0.0, usd=None)


def main(names: Sequence[str]) -> None:
    """Write the baselines of the suites named, of all offline ones when none is."""
    for name in names or offline_suites():
        with TemporaryDirectory(prefix="copilot-baseline-") as folder:
            path = write_baseline(name, run_offline(load_suite(name), Path(folder) / name))
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
