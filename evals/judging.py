"""From two arms to a verdict with its files: what `run` and `compare` do once both sides are there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copilot.errors import BadInput
from evals.arms import RanArm
from evals.compare import Comparison, as_csv, as_json, compare
from evals.extras import need_extra
from evals.junit import as_junit
from evals.manifest import differences
from evals.report import as_html
from evals.results import MANIFEST, WAIVED, read_manifest, write_whole
from evals.suites import Suite
from evals.verdict import measured_line

FILES = ("compare.json", "compare.csv", "junit.xml", "report.html")


def judge(suite: Suite, candidate: RanArm, baseline: RanArm, *, waived_by: str = "") -> Comparison:
    """The comparison of two arms.

    Raises:
        BadInput: an arm is of another suite.
        ConfigError: the extra [evals] is not installed.
    """
    need_extra("scipy", to="compare two runs")
    for each in (candidate, baseline):
        if each.manifest.get("suite", suite.name) != suite.name:
            raise BadInput(
                f"{each.arm.label} is a run of {each.manifest['suite']!r}, not of {suite.name!r}. Give another."
            )
    differing = differences(candidate.manifest, baseline.manifest)
    return compare(suite, candidate.arm, baseline.arm, differing=differing, waived_by=waived_by)


def write_files(comparison: Comparison, candidate: RanArm, baseline: RanArm, folder: Path) -> None:
    """Write compare.json, compare.csv, junit.xml and report.html; a waiver goes into the candidate's manifest, too."""
    manifests = {"candidate": candidate.manifest, "baseline": baseline.manifest}
    html = as_html(comparison, candidate.arm.results, baseline.arm.results, manifests)
    texts = (as_json(comparison), as_csv(comparison), as_junit(comparison), html)
    for name, text in zip(FILES, texts, strict=True):
        write_whole(folder / name, text)
    if comparison.waived_by and candidate.folder is not None:
        _waive(candidate.folder, comparison.waived_by)


def told(comparison: Comparison) -> list[str]:
    """The verdict in lines for a terminal."""
    lines = [f"{comparison.suite}: {comparison.candidate} against {comparison.baseline}", comparison.verdict.headline]
    lines += [f"  {line}" for line in comparison.verdict.lines]
    decided = "\n".join(comparison.verdict.lines)
    lines += [
        f"  {line}"
        for each in comparison.metrics
        if (line := measured_line(each.measured)) not in decided and each.effect
    ]
    if comparison.waived_by and comparison.exit_code == 0 and comparison.verdict.exit != 0:
        lines.append(f"Inconclusive, and waived by {comparison.waived_by}.")
    return lines


def _waive(folder: Path, name: str) -> None:
    manifest: Mapping[str, Any] = {**read_manifest(folder), WAIVED: name}
    write_whole(folder / MANIFEST, json.dumps(manifest, indent=2, sort_keys=True) + "\n")
