"""The gate rule, first match wins."""

import math

import pytest

from evals.statistics import Effect
from evals.verdict import Errors, Exit, Measured, Role, decide

FINE = Errors(100)


def metric(low: float, high: float, *, role: Role = "primary", margin: float = 0.05, name: str = "recall") -> Measured:
    return Measured(name, role, margin, Effect((low + high) / 2, (high - low) / 4, low, high, 100, 50, 0.2))


@pytest.mark.parametrize(
    ("low", "high", "exit_code"),
    [
        (-0.04, 0.03, Exit.PASS),
        (-0.049, -0.01, Exit.PASS),  # worse, within the margin
        (-0.05, -0.01, Exit.REGRESSION),
        (-0.20, -0.10, Exit.REGRESSION),
        (-0.06, 0.02, Exit.INCONCLUSIVE),
        (-math.inf, math.inf, Exit.INCONCLUSIVE),
        (0.01, 0.05, Exit.PASS),
    ],
)
def test_the_interval_decides(low: float, high: float, exit_code: Exit) -> None:
    assert decide([metric(low, high)], errors=FINE).exit is exit_code


def test_worse_within_the_margin_passes_with_a_warning() -> None:
    verdict = decide([metric(-0.04, -0.01)], errors=FINE)
    assert "WARN worse, within margin" in verdict.lines[0]


def test_every_guardrail_must_pass() -> None:
    measured = [metric(0.0, 0.1), metric(-0.2, -0.1, role="guardrail", name="no leaks")]
    verdict = decide(measured, errors=FINE)
    assert verdict.exit is Exit.REGRESSION
    assert verdict.lines[0].startswith("no leaks (guardrail")


def test_a_hard_rule_newly_broken_is_a_regression_whatever_the_mean() -> None:
    verdict = decide([metric(0.1, 0.2)], errors=FINE, newly_broken=["case-7: invented amount"])
    assert verdict.exit is Exit.REGRESSION
    assert verdict.lines == ("newly broken: case-7: invented amount",)


def test_infrastructure_comes_before_recordings_and_both_before_the_metrics() -> None:
    bad = [metric(-0.2, -0.1)]
    assert decide(bad, errors=FINE, stale=["case-1.0: missing"]).exit is Exit.RECORDINGS
    both = decide(bad, errors=Errors(100, candidate_only=5), stale=["case-1.0: missing"])
    assert both.exit is Exit.INFRASTRUCTURE


@pytest.mark.parametrize(
    ("errors", "is_bad"),
    [
        (Errors(1000, candidate_only=50), True),  # five in a hundred of one arm
        (Errors(1000, both=11), True),
        (Errors(1000, both=10), False),
        (Errors(1000, candidate_only=1), False),  # chance
        (Errors(1000, candidate_only=6), True),  # six to none is not
        (Errors(1000, candidate_only=4, baseline_only=3), False),
        (Errors(0), False),
    ],
)
def test_errors_are_too_many_or_unequal(errors: Errors, is_bad: bool) -> None:
    assert (decide([metric(0, 0.1)], errors=errors).exit is Exit.INFRASTRUCTURE) is is_bad


def test_an_inconclusive_verdict_says_what_it_would_take() -> None:
    verdict = decide([metric(-0.06, 0.02)], errors=FINE)
    assert "cases are needed" in verdict.lines[0]
    assert decide([], errors=FINE).exit is Exit.INCONCLUSIVE
