"""How far raters agree, item by item: kappa for two, alpha for more, each with an interval, and honest when too few.

Cohen's kappa = (p_o - p_e) / (1 - p_e) (scikit-learn); Krippendorff's alpha, nominal or interval, missing marks allowed
(the package of that name). Intervals are percentile bootstraps over subjects, seeded.
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge.rules.scorecard import Calibration

FEWEST_SUBJECTS = 10
"""Below this an interval says nothing, and neither does a verdict."""
ROUNDS = 1000
Ratings = Mapping[str, Mapping[str, float | None]]
"""Marks by rater and subject; None or missing where a rater gave none."""
Verdict = Literal["agree", "calibrate", "too few"]


@dataclass(frozen=True)
class Agreement:
    """How far raters agree on one item; `low` and `high` are a 95 % interval, NaN where it cannot be told."""

    item_id: str
    measure: Literal["kappa", "alpha"]
    value: float
    low: float
    high: float
    observed: float
    subjects: int
    raters: int
    verdict: Verdict


def agreement(item_id: str, ratings: Ratings, calibration: Calibration, *, seed: int = 0) -> Agreement:
    """The agreement on one item: kappa where there are two raters and no gaps, else alpha."""
    raters = sorted(ratings)
    subjects = sorted({subject for marks in ratings.values() for subject in marks})
    table = [[ratings[rater].get(subject) for rater in raters] for subject in subjects]
    table = [row for row in table if sum(mark is not None for mark in row) > 1]
    is_pair = len(raters) == 2
    measure: Callable[[Sequence[Sequence[float | None]]], float] = _kappa if is_pair else _alpha
    value = measure(table) if table else math.nan
    low, high = _interval(table, measure, seed) if len(table) >= FEWEST_SUBJECTS else (math.nan, math.nan)
    verdict: Verdict = "agree" if value >= float(calibration.min_kappa) else "calibrate"
    verdict = "too few" if len(table) < FEWEST_SUBJECTS or math.isnan(value) else verdict
    name: Literal["kappa", "alpha"] = "kappa" if is_pair else "alpha"
    return Agreement(item_id, name, value, low, high, _observed(table), len(table), len(raters), verdict)


def drift(scores: Mapping[str, Mapping[str, Decimal]], calibration: Calibration) -> dict[str, tuple[Decimal, bool]]:
    """How far each rater's scores lie from the others' on the same subjects, in points, and whether that is too far."""
    found = {}
    for rater, own in scores.items():
        apart = []
        for subject, mine in own.items():
            others = [theirs[subject] for name, theirs in scores.items() if name != rater and subject in theirs]
            if others:
                apart.append(mine - sum(others, Decimal(0)) / len(others))
        if apart:
            mean = (sum(apart, Decimal(0)) / len(apart)).quantize(Decimal("0.1"))
            found[rater] = (mean, abs(mean) > calibration.max_drift_points)
    return found


def _kappa(table: Sequence[Sequence[float | None]]) -> float:
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415 - heavy, and only here

    first, second = ([str(row[place]) for row in table] for place in (0, 1))
    if len({*first, *second}) == 1:  # everybody gave the same mark: agreement, of which chance cannot be told
        return 1.0
    return float(cohen_kappa_score(first, second))


def _alpha(table: Sequence[Sequence[float | None]]) -> float:
    import krippendorff  # noqa: PLC0415 - only here
    import numpy as np  # noqa: PLC0415 - the same

    data = np.array([[math.nan if mark is None else mark for mark in row] for row in table], dtype=float).T
    if len({mark for row in table for mark in row if mark is not None}) == 1:
        return 1.0
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


def _observed(table: Sequence[Sequence[float | None]]) -> float:
    """The share of pairs of raters that gave the same mark."""
    same = pairs = 0
    for row in table:
        marks = [mark for mark in row if mark is not None]
        for place, mark in enumerate(marks):
            pairs += len(marks) - place - 1
            same += sum(other == mark for other in marks[place + 1 :])
    return same / pairs if pairs else math.nan


def _interval(
    table: Sequence[Sequence[float | None]], measure: Callable[[Sequence[Sequence[float | None]]], float], seed: int
) -> tuple[float, float]:
    rng = random.Random(seed)  # noqa: S311 - a bootstrap, no secret
    values = sorted(measure(rng.choices(table, k=len(table))) for _ in range(ROUNDS))
    return values[int(0.025 * ROUNDS)], values[int(0.975 * ROUNDS) - 1]
