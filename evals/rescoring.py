"""A run scored anew: its outputs are on disk, so a better scorer costs no call."""

import json
from dataclasses import replace
from pathlib import Path

from copilot.errors import BadInput
from evals.arms import scorer_of
from evals.manifest import cases_sha, scorer_sha
from evals.results import MANIFEST, RESULTS, read_manifest, read_results, write_result, write_whole
from evals.suites import SUITES_DIR, home_of, load_suite


def rescore_run(folder: Path, suite_name: str = "") -> tuple[int, int]:
    """Score the outputs with the present scorers, and say so in the manifest; results are replaced in one step.

    Returns:
        How many results changed, and how many were scored.

    Raises:
        BadInput: no run, or its cases are no longer those of the suite.
    """
    manifest = read_manifest(folder)
    name = suite_name or str(manifest["suite"])
    suite = load_suite(name, SUITES_DIR)
    cases = {case.id: case for case in suite.load_cases(home_of(name) / "suites")}
    if cases_sha(list(cases.values())) != manifest["cases_sha"]:
        raise BadInput(f"{folder} was run on other cases than {suite.name} has now. Run the suite again.")
    scorer, changed, scored = scorer_of(suite), 0, 0
    fresh = folder / f"{RESULTS}.new"
    with fresh.open("w", encoding="utf-8") as file:
        for result in read_results(folder / RESULTS, may_be_cut=True):
            if result.status != "scored":
                write_result(file, result)
                continue
            scores = dict(scorer(cases[result.case_id], result.output))
            changed += scores != dict(result.scores)
            scored += 1
            write_result(file, replace(result, scores=scores))
    fresh.replace(folder / RESULTS)
    manifest["scorer_sha"] = scorer_sha(suite.task)
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    return changed, scored
