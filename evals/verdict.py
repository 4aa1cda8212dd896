"""The gate: one function gives the verdict, its words and the exit code; the first rule that matches wins.

4 infrastructure · 3 recordings · 1 regression · 0 pass · 2 inconclusive. Margins stand in the suite's file; every
guardrail and every primary must pass by itself, so none of them is corrected for the number of them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from evals.statistics import Effect

MOST_ERRORS = 0.01
"""Share of cases that infrastructure may lose in one arm."""
UNEQUAL_P = 0.05
"""Errors in one arm and not in the other are unequal when chance gives so lopsided a split less often than this."""

Role = Literal["primary", "guardrail", "diagnostic"]


class Exit(IntEnum):
    """The exit codes of `copilot eval run`."""

    PASS = 0
    REGRESSION = 1
    INCONCLUSIVE = 2
    RECORDINGS = 3
    INFRASTRUCTURE = 4


@dataclass(frozen=True)
class Measured:
    """A metric of the suite: higher is better; worse by `margin` or more is a regression."""

    name: str
    role: Role
    margin: float
    effect: Effect


@dataclass(frozen=True)
class Errors:
    """Cases that infrastructure lost, by arm: in the candidate only, in the baseline only, in both; of `cases`."""

    cases: int
    candidate_only: int = 0
    baseline_only: int = 0
    both: int = 0

    @property
    def too_many(self) -> bool:
        """Whether one arm lost more than MOST_ERRORS of its cases."""
        worst = self.both + max(self.candidate_only, self.baseline_only)
        return self.cases > 0 and worst > MOST_ERRORS * self.cases

    @property
    def unequal(self) -> bool:
        """Whether one arm lost more than the other than chance explains: the exact two-sided sign test."""
        apart = self.candidate_only + self.baseline_only
        fewest = min(self.candidate_only, self.baseline_only)
        tail = sum(math.comb(apart, k) for k in range(fewest + 1)) / 2**apart
        return apart > 0 and min(1.0, 2 * tail) < UNEQUAL_P


@dataclass(frozen=True)
class Verdict:
    """What came of a comparison: the exit code, a headline, and a line for each thing that decided it."""

    exit: Exit
    headline: str
    lines: tuple[str, ...] = ()


def decide(
    measured: Sequence[Measured],
    *,
    errors: Errors,
    stale: Sequence[str] = (),
    newly_broken: Sequence[str] = (),
) -> Verdict:
    """The verdict on a candidate.

    Args:
        measured: primaries and guardrails of the suite.
        errors: what infrastructure lost.
        stale: recordings that are missing or do not fit, and hashes that differ, in words.
        newly_broken: hard rules that the candidate breaks and the baseline does not, "case: rule".
    """
    if errors.too_many or errors.unequal:
        lost = f"candidate {errors.candidate_only + errors.both}, baseline {errors.baseline_only + errors.both}"
        return Verdict(Exit.INFRASTRUCTURE, f"INFRASTRUCTURE: of {errors.cases} cases lost: {lost}.")
    if stale:
        return Verdict(Exit.RECORDINGS, f"RECORDINGS: {len(stale)} missing or stale.", tuple(stale))
    worse = [one for one in measured if is_regression(one)]
    if newly_broken or worse:
        lines = (*(f"newly broken: {each}" for each in newly_broken), *map(measured_line, worse))
        return Verdict(Exit.REGRESSION, "REGRESSION", lines)
    unsure = [one for one in measured if is_inconclusive(one)]
    if unsure or not measured:
        return Verdict(Exit.INCONCLUSIVE, "INCONCLUSIVE", tuple(map(_advice, unsure)) or ("nothing was measured",))
    return Verdict(Exit.PASS, "PASS", tuple(map(measured_line, measured)))


def is_regression(one: Measured) -> bool:
    """Surely worse, and maybe by the whole margin."""
    return one.effect.high < 0 and one.effect.low <= -one.margin


def is_inconclusive(one: Measured) -> bool:
    """Neither a regression nor a pass."""
    return one.effect.low <= -one.margin and not is_regression(one)


def measured_line(one: Measured) -> str:
    """The metric with its difference and interval, in one line."""
    effect = one.effect
    warning = " WARN worse, within margin" if effect.high < 0 and effect.low > -one.margin else ""
    interval = f"[{effect.low:+.4f}, {effect.high:+.4f}]"
    return f"{one.name} ({one.role}, margin {one.margin:g}): {effect.mean:+.4f} {interval}{warning}"


def _advice(one: Measured) -> str:
    if one.effect.cases == 0:
        return f"{one.name} ({one.role}): no case measures it in both arms"
    needed = one.effect.cases_needed(one.margin, power=0.95 if one.role == "guardrail" else 0.8)
    more = f"about {needed} cases are needed" if needed is not None else "more than one cluster is needed"
    finds = f"finds {one.effect.smallest_detectable:.4f} at best with {one.effect.cases} cases"
    return f"{measured_line(one)}; {finds}, {more}"
