"""How far a judge agrees with people, and what its rates are worth then."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_LABELLED = 150
LEAST_KAPPA = 0.4
Z = 1.96


@dataclass(frozen=True)
class Calibration:
    """A judge beside people who agree with each other.

    Attributes:
        judge: hash of model, prompt and label guide; another judge is not calibrated by it.
        cases: labelled alike by two people, and judged.
        unused: cases the judge gave nothing usable for.
        people_agree: share of all labelled cases on which the two people agree.
        kappa: Cohen's, judge against people, with its 95 % interval (large-sample standard error, Fleiss 1969).
        low: lower end of that interval.
        high: upper end.
        sensitivity: share of what holds that the judge says holds.
        specificity: share of what does not hold that the judge says does not.
        holding: cases that hold.
        accuracy: share of right answers.
        constant: accuracy of always giving the commoner answer: a judge below it is worth nothing.
        self_consistency: share of cases judged alike twice; None where each was judged once.
    """

    judge: str
    cases: int
    unused: int
    people_agree: float
    kappa: float
    low: float
    high: float
    sensitivity: float
    specificity: float
    holding: int
    accuracy: float
    constant: float
    self_consistency: float | None = None

    @property
    def problems(self) -> list[str]:
        """Why the judge's scores do not count; empty when they do."""
        found = []
        if self.cases < LEAST_LABELLED:
            found.append(f"{self.cases} labelled cases; at least {LEAST_LABELLED} are needed")
        if self.accuracy <= self.constant:
            found.append(f"right in {self.accuracy:.0%}, always the same answer is in {self.constant:.0%}")
        if not self.low >= LEAST_KAPPA:
            interval = f"[{self.low:.2f}, {self.high:.2f}]"
            found.append(f"kappa {self.kappa:.2f} {interval}; its low end must reach {LEAST_KAPPA}")

        if not self.sensitivity + self.specificity > 1:
            found.append("sensitivity and specificity together are no better than chance")
        return found


@dataclass(frozen=True)
class Labelled:
    """One case: what two people say, and what the judge said, each time it was asked; None for nothing usable."""

    people: tuple[bool, bool]
    judged: tuple[bool | None, ...]


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float


def calibrate(judge: str, labelled: Sequence[Labelled]) -> Calibration:
    """How the judge stands to the people, over the cases on which these agree.

    Raises:
        ValueError: no case can be used, or the people never say yes, or never no.
    """
    agreed = [case for case in labelled if case.people[0] == case.people[1]]
    used = [(case.people[0], case.judged[0]) for case in agreed if case.judged and case.judged[0] is not None]
    holding = sum(truth for truth, _ in used)
    if not 0 < holding < len(used):
        raise ValueError(f"{holding} of {len(used)} usable cases hold; some that hold and some that do not are needed.")
    count = len(used)
    right = sum(truth == said for truth, said in used)
    said_yes = sum(bool(said) for _, said in used)
    observed = right / count
    expected = (holding * said_yes + (count - holding) * (count - said_yes)) / count**2
    kappa = (observed - expected) / (1 - expected)
    error = math.sqrt(observed * (1 - observed) / count) / (1 - expected)
    twice = [case.judged[:2] for case in labelled if len(case.judged) > 1]
    return Calibration(
        judge=judge,
        cases=count,
        unused=len(agreed) - count,
        people_agree=len(agreed) / len(labelled),
        kappa=kappa,
        low=kappa - Z * error,
        high=kappa + Z * error,
        sensitivity=sum(truth and bool(said) for truth, said in used) / holding,
        specificity=sum(not truth and not said for truth, said in used) / (count - holding),
        holding=holding,
        accuracy=observed,
        constant=max(holding, count - holding) / count,
        self_consistency=sum(one == other for one, other in twice) / len(twice) if twice else None,
    )


def corrected_rate(said_yes: int, asked: int, calibration: Calibration) -> Rate:
    """The rate at which a criterion holds, from how often the judge says so (Rogan and Gladen 1978).

    theta = (p + specificity - 1) / (sensitivity + specificity - 1), cut to 0..1. Its variance by the delta method
    counts both what was judged and what calibrated the judge (Lang and Reiczigel 2014 give the terms): the fewer
    labels, the wider.

    Raises:
        ValueError: nothing was asked, or the judge is no better than chance.
    """
    lead = calibration.sensitivity + calibration.specificity - 1
    if asked <= 0 or lead <= 0:
        raise ValueError("A rate needs answers of a judge that is better than chance.")
    p = said_yes / asked
    theta = min(1.0, max(0.0, (p + calibration.specificity - 1) / lead))
    variance = p * (1 - p) / asked
    variance += (1 - theta) ** 2 * _variance(calibration.specificity, calibration.cases - calibration.holding)
    variance += theta**2 * _variance(calibration.sensitivity, calibration.holding)
    half = Z * math.sqrt(variance) / lead
    return Rate(theta, max(0.0, theta - half), min(1.0, theta + half))


def _variance(share: float, of: int) -> float:
    """Of a share, two successes and failures added (Agresti and Coull 1998): "all of 20" is not "for sure"."""
    near = (share * of + 2) / (of + 4)
    return near * (1 - near) / (of + 4)
