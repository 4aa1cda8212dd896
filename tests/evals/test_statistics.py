"""The paired, clustered comparison: against arithmetic by hand, and what it does in a thousand simulated suites."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import Effect, benjamini_hochberg, effect_p, holm, paired_effect, sign_flip_p
from evals.verdict import Errors, Exit, Measured, decide

MARGIN = 0.05
NO_ERRORS = Errors(1000)
Floats = list[float]


def test_the_interval_is_that_of_the_formula() -> None:
    effect = paired_effect([0.1, 0.2, -0.1, 0.4], ["a", "a", "b", "c"])
    # mean 0.15; residual sums a: -0.05 + 0.05 = 0, b: -0.25, c: 0.25; CR1 factor 3/2; t with 2 df 4.302653
    se = math.sqrt(1.5 * 2 * 0.25**2) / 4
    assert (effect.cases, effect.clusters) == (4, 3)
    assert effect.mean == pytest.approx(0.15)
    assert effect.se == pytest.approx(se)
    assert effect.low == pytest.approx(0.15 - 4.302653 * se)
    assert effect.high == pytest.approx(0.15 + 4.302653 * se)


def test_without_clusters_it_is_the_paired_t_interval() -> None:
    rng = np.random.default_rng(1)
    d = rng.normal(0.02, 0.3, 40)
    effect = paired_effect(list(d), range(40))
    assert effect.se == pytest.approx(d.std(ddof=1) / math.sqrt(40))
    assert effect.design_effect == pytest.approx(1.0)


def test_equal_differences_are_sure_and_one_cluster_says_nothing() -> None:
    assert paired_effect([0.0] * 5, range(5)) == Effect(0.0, 0.0, 0.0, 0.0, 5, 5, 0.0)
    one = paired_effect([0.1, 0.3], ["call", "call"])
    assert (one.low, one.high) == (-math.inf, math.inf)
    assert decide([Measured("m", "primary", MARGIN, one)], errors=NO_ERRORS).exit is Exit.INCONCLUSIVE


@pytest.mark.parametrize("bad", [([], []), ([1.0], []), ([math.nan], ["a"]), ([math.inf], ["a"])])
def test_what_cannot_be_compared_is_refused(bad: tuple[Floats, list[str]]) -> None:
    with pytest.raises(ValueError, match=r"needed|finite"):
        paired_effect(*bad)


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 5)), min_size=2, max_size=40), st.randoms(use_true_random=False)
)
def test_the_order_of_the_cases_changes_nothing_that_counts(cases: list[tuple[float, int]], rng: random.Random) -> None:
    shuffled = rng.sample(cases, len(cases))
    first, second = (paired_effect(*map(list, zip(*each, strict=True))) for each in (cases, shuffled))
    assert first.se == pytest.approx(second.se, rel=1e-9, abs=1e-15)
    assert first.mean == pytest.approx(second.mean, rel=1e-9, abs=1e-15)


def test_the_sizing_is_that_of_the_design() -> None:
    # (2.8 * sd / margin)**2: 196 cases at sd .25 and 635 at .45 for a margin of 5 points
    for sd, needed in ((0.25, 196), (0.45, 635)):
        effect = Effect(0.0, sd / math.sqrt(100), -1, 1, 100, 100, sd)
        assert effect.cases_needed(0.05) == pytest.approx(needed, abs=1)
    hundred = Effect(0.0, 0.2 / math.sqrt(100), -1, 1, 100, 100, 0.2)
    assert hundred.smallest_detectable == pytest.approx(0.056)


def test_holm_and_benjamini_hochberg() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
    assert (holm([]), benjamini_hochberg([])) == ([], [])


def test_the_sign_flip_counts_every_flip_of_few_clusters() -> None:
    # three clusters that agree: 2 of 8 flips are as far from zero
    assert sign_flip_p([0.1, 0.2, 0.3], ["a", "b", "c"]) == pytest.approx(0.25)
    assert sign_flip_p([0.0, 0.0], ["a", "b"]) == 1.0
    rng = np.random.default_rng(2)
    d = list(rng.normal(0.05, 0.2, 200))
    p, q = sign_flip_p(d, range(200)), effect_p(paired_effect(d, range(200)))
    assert p == pytest.approx(q, abs=0.02)


# --- what the gate does in simulated suites -------------------------------------------------------------------------


def suites(count: int, effect: float, *, cases: int, per_cluster: int, sd: float, icc: float) -> list[Effect]:
    """Comparisons of simulated suites: differences with a part that each cluster shares."""
    rng = np.random.default_rng(20261125)
    groups = cases // per_cluster
    clusters = np.repeat(np.arange(groups), per_cluster).tolist()
    shared = np.repeat(rng.normal(0, sd * math.sqrt(icc), (count, groups)), per_cluster, axis=1)
    own = rng.normal(0, sd * math.sqrt(1 - icc), (count, cases))
    return [paired_effect(row.tolist(), clusters) for row in effect + shared + own]


def share(effects: list[Effect], wanted: Exit) -> float:
    """How many of the suites end so."""
    found = [decide([Measured("m", "primary", MARGIN, effect)], errors=NO_ERRORS).exit for effect in effects]
    return sum(exit_code is wanted for exit_code in found) / len(found)


@pytest.mark.parametrize(("cases", "per_cluster", "icc"), [(200, 1, 0.0), (300, 5, 0.3), (100, 10, 0.3)])
def test_an_unchanged_prompt_is_seldom_called_a_regression(cases: int, per_cluster: int, icc: float) -> None:
    same = suites(1000, 0.0, cases=cases, per_cluster=per_cluster, sd=0.25, icc=icc)
    assert share(same, Exit.REGRESSION) <= 0.035


@pytest.mark.parametrize(("cases", "per_cluster", "icc"), [(200, 1, 0.0), (300, 5, 0.3)])
def test_a_loss_of_the_whole_margin_seldom_passes(cases: int, per_cluster: int, icc: float) -> None:
    worse = suites(1000, -MARGIN, cases=cases, per_cluster=per_cluster, sd=0.25, icc=icc)
    assert share(worse, Exit.PASS) <= 0.035


def test_a_loss_of_ten_points_is_found() -> None:
    worse = suites(1000, -0.10, cases=300, per_cluster=1, sd=0.45, icc=0.0)
    assert share(worse, Exit.REGRESSION) >= 0.85


def test_most_unchanged_prompts_pass_a_suite_of_the_advised_size() -> None:
    same = suites(1000, 0.0, cases=196, per_cluster=1, sd=0.25, icc=0.0)
    assert share(same, Exit.PASS) >= 0.75
