"""The gate over two arms of one suite, as small as it can be: what tests hold the present product to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from evals.results import Result, scored
from evals.statistics import paired_effect
from evals.suites import Suite
from evals.verdict import Errors, Measured, Role, Verdict, decide


def verdict_of(suite: Suite, candidate: Sequence[Result], baseline: Sequence[Result]) -> Verdict:
    """The verdict on a candidate's results against a baseline's, paired by case."""
    clusters = {result.case_id: result.cluster for result in (*candidate, *baseline)}
    measured, broken = [], []
    for metric in suite.metrics:
        ours, theirs = means(candidate, metric.name), means(baseline, metric.name)
        shared = sorted(ours.keys() & theirs.keys())
        if metric.hard:
            broken += [f"{case_id}: {metric.name}" for case_id in shared if ours[case_id] < 1 <= theirs[case_id]]
        if metric.role == "diagnostic" or not shared:
            continue
        role: Role = metric.role
        effect = paired_effect([ours[each] - theirs[each] for each in shared], [clusters[each] for each in shared])
        measured.append(Measured(metric.name, role, metric.margin, effect))
    return decide(measured, errors=Errors(len(clusters)), newly_broken=broken)


def means(results: Sequence[Result], metric: str) -> Mapping[str, float]:
    """The mean of a metric by case; cases without a value are left out."""
    by_case: dict[str, list[float]] = defaultdict(list)
    for case_id, value in scored(results, metric):
        by_case[case_id].append(value)
    return {case_id: fmean(values) for case_id, values in by_case.items()}
