"""Two arms of a suite compared: every metric, every slice, every case, and the verdict.

What comes out depends on the results alone: not on the order of the cases, on how many ran at once, on a resume, or on
when and where it ran. Floats are rounded to PLACES, cases sorted by id.
"""

import csv
import io
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from evals.results import Result, scored
from evals.statistics import Effect, benjamini_hochberg, effect_p, holm, paired_effect, sign_flip_p
from evals.suites import Metric, Suite
from evals.verdict import Errors, Exit, Measured, Verdict, decide

PLACES = 10
FEW_CLUSTERS = 20
"""Below so many clusters the sign-flip test is printed beside the interval."""
ALPHA = 0.05
SLICE_Q = 0.10


@dataclass(frozen=True)
class Arm:
    """One side: what it is called, its results, and what is missing of its recordings, in words."""

    label: str
    results: Sequence[Result]
    stale: Sequence[str] = ()


@dataclass(frozen=True)
class MetricChange:
    """One metric over both arms.

    Attributes:
        metric: as in the suite.
        candidate: mean over the cases that both arms scored; None without any.
        baseline: the same.
        effect: of the paired differences; None without any.
        p: two-sided, of no difference.
        holm_p: of a primary, adjusted for the number of primaries: what a claim of improvement rests on.
        sign_flip: p of the exact cross-check; only with few clusters.
        unscored: cases without a value in both arms, in the candidate only, in the baseline only.
    """

    metric: Metric
    candidate: float | None
    baseline: float | None
    effect: Effect | None
    p: float | None
    holm_p: float | None
    sign_flip: float | None
    unscored: tuple[int, int, int]

    @property
    def measured(self) -> Measured:
        """What the gate looks at; a metric that no case measures says nothing."""
        return Measured(self.metric.name, self.metric.role, self.metric.margin, self.effect or _nothing())

    @property
    def is_improved(self) -> bool:
        """A primary that got better, as sure as ALPHA after Holm."""
        return self.holm_p is not None and self.holm_p < ALPHA and self.effect is not None and self.effect.mean > 0


@dataclass(frozen=True)
class SliceChange:
    """A primary on the cases of one tag: explored, never gating; `q` is adjusted over all slices."""

    tag: str
    metric: str
    effect: Effect
    q: float


@dataclass(frozen=True)
class CaseChange:
    """One case: its values in both arms and the differences, by metric; the means over its samples."""

    case_id: str
    cluster: str
    tags: Sequence[str]
    candidate: Mapping[str, float]
    baseline: Mapping[str, float]

    @property
    def changes(self) -> dict[str, float]:
        """Candidate minus baseline, by metric, where both have a value."""
        return {name: value - self.baseline[name] for name, value in self.candidate.items() if name in self.baseline}


@dataclass(frozen=True)
class Comparison:
    """All of it; `waived_by` is who takes an INCONCLUSIVE on themselves."""

    suite: str
    candidate: str
    baseline: str
    verdict: Verdict
    metrics: Sequence[MetricChange]
    slices: Sequence[SliceChange]
    cases: Sequence[CaseChange]
    errors: Errors
    newly_broken: Sequence[tuple[str, str]]
    waived_by: str = ""

    @property
    def exit_code(self) -> int:
        """That of the verdict; 0 for an INCONCLUSIVE that somebody waived."""
        waived = self.waived_by and self.verdict.exit is Exit.INCONCLUSIVE
        return int(Exit.PASS if waived else self.verdict.exit)


def compare(
    suite: Suite, candidate: Arm, baseline: Arm, *, differing: Sequence[str] = (), waived_by: str = ""
) -> Comparison:
    """The comparison and its verdict.

    Args:
        suite: says which metrics count and by how much.
        candidate: what is judged.
        baseline: what it is judged against.
        differing: why the arms may not be compared (`manifest.differences`).
        waived_by: who answers for an inconclusive comparison.
    """
    sides = [_Side(arm.results) for arm in (candidate, baseline)]
    lost = [side.lost for side in sides]
    left_out = set().union(*(side.lost | side.unrecorded for side in sides))
    kept = sorted((sides[0].cases.keys() & sides[1].cases.keys()) - left_out)
    changes = [_case_change(case_id, sides, suite) for case_id in kept]
    metrics = _with_holm([_metric_change(metric, changes) for metric in suite.metrics])
    broken = _newly_broken(suite, kept, sides)
    errors = Errors(
        len(sides[0].cases.keys() | sides[1].cases.keys()),
        candidate_only=len(lost[0] - lost[1]),
        baseline_only=len(lost[1] - lost[0]),
        both=len(lost[0] & lost[1]),
    )
    apart = sides[0].cases.keys() ^ sides[1].cases.keys()
    ran = all(arm.results or not arm.stale for arm in (candidate, baseline))  # an arm without recordings says so itself
    absent = [f"{len(apart)} cases ran in one arm only: {', '.join(sorted(apart)[:5])}"] if apart and ran else []
    stale = [*differing, *absent, *candidate.stale, *baseline.stale]
    measured = [each.measured for each in metrics if each.metric.role != "diagnostic"]
    verdict = decide(measured, errors=errors, stale=stale, newly_broken=[f"{case}: {rule}" for case, rule in broken])
    slices = _slices(suite, changes)
    return Comparison(
        suite.name, candidate.label, baseline.label, verdict, metrics, slices, changes, errors, broken, waived_by
    )


class _Side:
    """An arm's results by case."""

    def __init__(self, results: Sequence[Result]) -> None:
        self.cases: dict[str, list[Result]] = defaultdict(list)
        for result in sorted(results, key=lambda each: each.key):
            self.cases[result.case_id].append(result)
        self.lost = {result.case_id for result in results if result.status == "infrastructure"}
        self.unrecorded = {result.case_id for result in results if result.status == "unrecorded"}

    def values(self, case_id: str, metric: str) -> list[float]:
        return [value for _, value in scored(self.cases[case_id], metric)]


def _case_change(case_id: str, sides: Sequence[_Side], suite: Suite) -> CaseChange:
    first = sides[0].cases[case_id][0]
    means = [
        {metric.name: fmean(values) for metric in suite.metrics if (values := side.values(case_id, metric.name))}
        for side in sides
    ]
    return CaseChange(case_id, first.cluster, tuple(first.tags), *means)


def _metric_change(metric: Metric, changes: Sequence[CaseChange]) -> MetricChange:
    name = metric.name
    paired = [each for each in changes if name in each.candidate and name in each.baseline]
    unscored = (
        sum(name not in each.candidate and name not in each.baseline for each in changes),
        sum(name not in each.candidate and name in each.baseline for each in changes),
        sum(name in each.candidate and name not in each.baseline for each in changes),
    )
    if not paired:
        return MetricChange(metric, None, None, None, None, None, None, unscored)
    differences, clusters = [each.changes[name] for each in paired], [each.cluster for each in paired]
    effect = paired_effect(differences, clusters)
    flip = sign_flip_p(differences, clusters) if effect.clusters < FEW_CLUSTERS else None
    means = (fmean(each.candidate[name] for each in paired), fmean(each.baseline[name] for each in paired))
    return MetricChange(metric, *means, effect, effect_p(effect), None, flip, unscored)


def _with_holm(metrics: Sequence[MetricChange]) -> list[MetricChange]:
    primaries = [each.p for each in metrics if each.metric.role == "primary" and each.p is not None]
    adjusted = iter(holm(primaries))
    return [
        replace(each, holm_p=next(adjusted)) if each.metric.role == "primary" and each.p is not None else each
        for each in metrics
    ]


def _newly_broken(suite: Suite, kept: Sequence[str], sides: Sequence[_Side]) -> list[tuple[str, str]]:
    """Hard rules that hold in every sample of the baseline and not in every one of the candidate."""
    hard = [metric.name for metric in suite.metrics if metric.hard]
    found = []
    for case_id in kept:
        for name in hard:
            now, before = (side.values(case_id, name) for side in sides)
            if now and before and min(before) >= 1.0 and min(now) < 1.0:
                found.append((case_id, name))
    return found


def _slices(suite: Suite, changes: Sequence[CaseChange]) -> list[SliceChange]:
    found = []
    for tag in sorted(set(suite.slices)):
        for metric in (each.name for each in suite.metrics if each.role == "primary"):
            those = [each for each in changes if tag in each.tags and metric in each.changes]
            if those:
                effect = paired_effect([each.changes[metric] for each in those], [each.cluster for each in those])
                found.append((tag, metric, effect))
    adjusted = benjamini_hochberg([effect_p(effect) for _, _, effect in found])
    return [SliceChange(*each, q) for each, q in zip(found, adjusted, strict=True)]


def _nothing() -> Effect:
    return Effect(0.0, math.inf, -math.inf, math.inf, 0, 0, 0.0)


# --- files ------------------------------------------------------------------------------------------------------------


def as_record(comparison: Comparison) -> dict[str, Any]:
    """The comparison in JSON types: rounded, sorted, None where a number is not finite."""
    record = {
        "suite": comparison.suite,
        "candidate": comparison.candidate,
        "baseline": comparison.baseline,
        "verdict": {
            "name": comparison.verdict.exit.name,
            "exit_code": comparison.exit_code,
            "headline": comparison.verdict.headline,
            "lines": list(comparison.verdict.lines),
            "waived_by": comparison.waived_by,
        },
        "errors": vars(comparison.errors),
        "newly_broken": [{"case": case, "rule": rule} for case, rule in comparison.newly_broken],
        "metrics": [_metric_record(each) for each in comparison.metrics],
        "slices": [
            {
                "tag": each.tag,
                "metric": each.metric,
                **_effect_record(each.effect),
                "q": each.q,
                "stands_out": each.q < SLICE_Q,
            }
            for each in comparison.slices
        ],
        "cases": [
            {
                "case": each.case_id,
                "cluster": each.cluster,
                "candidate": dict(sorted(each.candidate.items())),
                "baseline": dict(sorted(each.baseline.items())),
            }
            for each in comparison.cases
        ],
    }
    return dict(_rounded(record))


def as_json(comparison: Comparison) -> str:
    """`compare.json`: the same bytes for the same results."""
    return json.dumps(as_record(comparison), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def as_csv(comparison: Comparison) -> str:
    """`compare.csv`: one row a case and metric. Cells that a spreadsheet would take for a formula are quoted for it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("case", "cluster", "metric", "candidate", "baseline", "difference"))
    for each in comparison.cases:
        for metric, change in sorted(each.changes.items()):
            values = (each.candidate[metric], each.baseline[metric], change)
            writer.writerow(
                (_cell(each.case_id), _cell(each.cluster), metric, *(round(value, PLACES) for value in values))
            )
    return out.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _metric_record(each: MetricChange) -> dict[str, Any]:
    return {
        "name": each.metric.name,
        "role": each.metric.role,
        "hard": each.metric.hard,
        "margin": each.metric.margin,
        "candidate": each.candidate,
        "baseline": each.baseline,
        **(_effect_record(each.effect) if each.effect else {}),
        "p": each.p,
        "holm_p": each.holm_p,
        "sign_flip_p": each.sign_flip,
        "improved": each.is_improved,
        "unscored": dict(zip(("both", "candidate_only", "baseline_only"), each.unscored, strict=True)),
    }


def _effect_record(effect: Effect) -> dict[str, Any]:
    return {
        "difference": effect.mean,
        "low": effect.low,
        "high": effect.high,
        "se": effect.se,
        "sd": effect.sd,
        "cases": effect.cases,
        "clusters": effect.clusters,
        "smallest_detectable": effect.smallest_detectable,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, PLACES) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list | tuple) else value
