"""One arm by itself: what it scored, without a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean, quantiles
from typing import Any

from evals.compare import Arm
from evals.results import Result, scored
from evals.statistics import paired_effect
from evals.verdict import Errors, Exit


@dataclass(frozen=True)
class MetricValue:
    """A metric of one arm: mean over cases, its clustered 95 % interval, cases with and without a value."""

    name: str
    mean: float
    low: float
    high: float
    scored: int
    unscored: int


@dataclass(frozen=True)
class Summary:
    """What one arm scored, took and lost."""

    metrics: Sequence[MetricValue]
    cases: int
    failed: int
    lost: int
    unrecorded: int
    p50_ms: float
    p95_ms: float
    input_tokens: int
    output_tokens: int
    usd: str | None

    @property
    def exit_code(self) -> int:
        """0, or that of what keeps a run from being compared."""
        if Errors(self.cases, candidate_only=self.lost).too_many:
            return int(Exit.INFRASTRUCTURE)
        return int(Exit.RECORDINGS if self.unrecorded or not self.cases else Exit.PASS)

    def as_record(self) -> dict[str, Any]:
        """In JSON types."""
        return {**vars(self), "metrics": [vars(each) for each in self.metrics]}

    def lines(self, label: str) -> list[str]:
        """For a terminal."""
        counts = f"{self.failed} failed, {self.lost} lost, {self.unrecorded} not recorded"
        times = f"p50 {self.p50_ms:.1f} ms, p95 {self.p95_ms:.1f} ms"
        told = [f"{label}: {self.cases} results, {counts}; {times}"]
        if self.input_tokens:
            told.append(f"  tokens {self.input_tokens} in, {self.output_tokens} out; USD {self.usd or 'unknown'}")
        for each in self.metrics:
            counted = f"({each.scored} cases, {each.unscored} unscored, 95 % interval {each.low:.2f}–{each.high:.2f})"
            told.append(f"  {each.name} {each.mean:.4f} {counted}")
        return [*told, "  no baseline, so no verdict"]


def summary_of(arm: Arm) -> Summary:
    """The scores of an arm; no number for a metric that no case scored."""
    results = arm.results
    counts = {
        status: sum(each.status == status for each in results) for status in ("failed", "infrastructure", "unrecorded")
    }
    times = [each.latency_ms for each in results if each.status == "scored"] or [0.0]
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    costs = [each.usd for each in results if each.usd is not None]
    return Summary(
        _metrics(results),
        len(results),
        counts["failed"],
        counts["infrastructure"],
        counts["unrecorded"],
        cuts[49],
        cuts[94],
        sum(each.input_tokens for each in results),
        sum(each.output_tokens for each in results),
        str(sum(map(Decimal, costs), Decimal(0))) if costs else None,
    )


def _metrics(results: Sequence[Result]) -> list[MetricValue]:
    names = sorted({name for each in results for name in each.scores})
    cases = {each.case_id: each.cluster for each in results if each.status in ("scored", "failed")}
    return [value for name in names if (value := _metric(name, results, cases)) is not None]


def _metric(name: str, results: Sequence[Result], cases: dict[str, str]) -> MetricValue | None:
    values: dict[str, list[float]] = {}
    for case_id, value in scored(results, name):
        values.setdefault(case_id, []).append(value)
    if not values:
        return None
    ordered = sorted(values)
    effect = paired_effect([fmean(values[case_id]) for case_id in ordered], [cases[case_id] for case_id in ordered])
    low, high = max(0.0, effect.low), min(1.0, effect.high)
    return MetricValue(name, effect.mean, low, high, len(ordered), len(cases) - len(ordered))
