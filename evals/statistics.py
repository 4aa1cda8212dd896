"""Two arms compared case by case: the mean difference, how sure it is when cases share a source, how many are needed.

The unit is the difference candidate minus baseline on one case, averaged over its samples. Cases of one call, account
or thread are no independent evidence: the standard error sums residuals by cluster first (CR1), and t has one degree of
freedom less than there are clusters (Miller 2024, arXiv 2411.00640; simulated for this project: 4.6 to 5.3 % false
alarms at nominal 5 % for 10 to 100 clusters, where a naive paired t gives 7 to 12 %). Sums depend on the order of the
cases in their last bits: whoever writes them down sorts the cases first.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
EXACT_UP_TO = 12
"""Clusters up to which every sign flip is counted; above, they are drawn."""
FLIPS = 10_000
Z_TWO_SIDED = 1.96
Z_POWER = {0.8: 0.84, 0.95: 1.645}


@dataclass(frozen=True)
class Effect:
    """The mean paired difference and its interval.

    Attributes:
        mean: of the differences.
        se: standard error, clustered; 0 when all clusters agree, infinite with fewer than two.
        low: lower end of the two-sided 95 % interval.
        high: upper end.
        cases: number of differences.
        clusters: number of clusters.
        sd: standard deviation of the differences.
    """

    mean: float
    se: float
    low: float
    high: float
    cases: int
    clusters: int
    sd: float

    @property
    def design_effect(self) -> float:
        """How many times larger the variance is than with independent cases; 1 where that cannot be told."""
        if self.sd == 0 or not math.isfinite(self.se) or self.se == 0:
            return 1.0
        return self.se**2 * self.cases / self.sd**2

    @property
    def smallest_detectable(self) -> float:
        """The true difference that such a comparison would find in 80 of 100 (two-sided 5 %)."""
        return (Z_TWO_SIDED + Z_POWER[0.8]) * self.se

    def cases_needed(self, margin: float, *, power: float = 0.8) -> int | None:
        """So many cases, clustered like these, let an unchanged candidate pass the margin with this power.

        (z * sd / margin)**2 times the design effect, z = 1.96 + 0.84 for 80 %, 1.96 + 1.645 for 95 % (guardrails, which
        must pass all together). None where the spread is not known.
        """
        if self.cases < 2 or not math.isfinite(self.se):
            return None
        z = Z_TWO_SIDED + Z_POWER[power]
        return max(1, math.ceil((z * self.sd / margin) ** 2 * self.design_effect))


def paired_effect(differences: Sequence[float], clusters: Sequence[Hashable]) -> Effect:
    """The mean difference with its clustered interval.

    Args:
        differences: one a case, finite.
        clusters: what each case belongs to, as many.

    Raises:
        ValueError: no case, unequal lengths, or a difference that is no number.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.size == 0 or d.size != len(clusters):
        raise ValueError(
            f"{d.size} differences and {len(clusters)} clusters; as many of each are needed, one at least."
        )
    if not np.isfinite(d).all():
        raise ValueError("A difference is no finite number; a case without a score is left out of both arms instead.")
    mean = float(d.mean())
    sums = _sums_by_cluster(d - mean, clusters)
    count = len(sums)
    sd = float(d.std(ddof=1)) if d.size > 1 else 0.0
    if count < 2:  # one call says nothing about the next
        return Effect(mean, math.inf, -math.inf, math.inf, d.size, count, sd)
    se = math.sqrt(count / (count - 1) * float(sums @ sums)) / d.size
    if se <= np.finfo(np.float64).eps * max(1.0, abs(mean)):  # all equal, up to rounding
        return Effect(mean, 0.0, mean, mean, d.size, count, sd)
    half = _t_quantile(count - 1) * se
    return Effect(mean, se, mean - half, mean + half, d.size, count, sd)


def sign_flip_p(differences: Sequence[float], clusters: Sequence[Hashable], *, seed: int = 0) -> float:
    """Two-sided p of the sign-flip test over whole clusters: a cross-check where there are few of them.

    Exact up to EXACT_UP_TO clusters; above, FLIPS seeded draws, the observed one counted among them.
    """
    totals = _sums_by_cluster(np.asarray(differences, dtype=np.float64), clusters)
    observed = abs(float(totals.sum()))
    tolerance = 1e-12 * max(1.0, float(np.abs(totals).sum()))
    if len(totals) <= EXACT_UP_TO:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(totals))))
        return float((np.abs(signs @ totals) >= observed - tolerance).mean())
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(FLIPS, len(totals)))
    return float((1 + (np.abs(signs @ totals) >= observed - tolerance).sum()) / (FLIPS + 1))


def effect_p(effect: Effect) -> float:
    """Two-sided p of no difference, by t with one degree of freedom less than clusters."""
    from scipy import stats  # noqa: PLC0415 - a second that only a comparison needs

    if effect.clusters < 2:
        return 1.0
    if effect.se == 0:
        return 1.0 if effect.mean == 0 else 0.0
    return float(2 * stats.t.sf(abs(effect.mean / effect.se), effect.clusters - 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values as Holm adjusts them (Holm 1979), in the order given: for claims that something got better."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p values as Benjamini and Hochberg (1995) adjust them, in the order given: for slices, which only explore."""
    from scipy import stats  # noqa: PLC0415 - a second that only a comparison needs

    return [float(p) for p in stats.false_discovery_control(p_values)] if p_values else []


def _sums_by_cluster(values: NDArray[np.float64], clusters: Sequence[Hashable]) -> NDArray[np.float64]:
    """The sum of each cluster, in the order the clusters first come in."""
    numbers: dict[Hashable, int] = {}
    places = [numbers.setdefault(cluster, len(numbers)) for cluster in clusters]
    sums = np.zeros(len(numbers))
    np.add.at(sums, places, values)
    return sums


def _t_quantile(df: int) -> float:
    from scipy import stats  # noqa: PLC0415 - a second that only a comparison needs

    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, df))
