"""A judge against people: how often it says what they say, and what a rate it reports is worth.

Two people label each text; where they agree, that is the truth the judge is held to. A judge that is not better than
saying the commonest answer each time, or that has other words, another model or another guide than when it was checked,
is reported and does not count.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from copilot.errors import BadInput
from evals.results import digest

LEAST_LABELLED = 150
LEAST_KAPPA = 0.4
"""The lower end of the interval of kappa must be above: "moderate" agreement (Landis and Koch 1977)."""
_Z = NormalDist().inv_cdf(0.975)

Interval = tuple[float, float]


@dataclass(frozen=True)
class Labelled:
    """One text with what the judge said, once or several times, and what two people said."""

    judged: tuple[bool | None, ...]
    people: tuple[bool, bool]


@dataclass(frozen=True)
class Calibration:
    """What a judge is worth.

    Attributes:
        labelled: texts with two labels.
        agreed: of these, those on which the people agree and the judge said yes or no.
        unscored: those on which the people agree and the judge could not tell.
        people_kappa: how far the people agree beyond chance.
        kappa: the same of judge and people.
        kappa_interval: its 95 % interval.
        sensitivity: share of the people's yes that the judge calls yes; None without any.
        specificity: share of their no that it calls no; None without any.
        accuracy: share on which judge and people agree.
        constant_accuracy: the same of always saying the commonest answer.
        self_consistency: share of texts judged several times with one answer; None where none was.
        positives: the people's yes among `agreed`.
    """

    labelled: int
    agreed: int
    unscored: int
    people_kappa: float
    kappa: float
    kappa_interval: Interval
    sensitivity: float | None
    specificity: float | None
    accuracy: float
    constant_accuracy: float
    self_consistency: float | None
    positives: int

    @property
    def faults(self) -> list[str]:
        """Why the judge may not be used; none when it may."""
        found = []
        if self.labelled < LEAST_LABELLED:
            found.append(f"{self.labelled} texts are labelled twice; {LEAST_LABELLED} are needed")
        if self.kappa_interval[0] <= LEAST_KAPPA:
            found.append(f"kappa may be as low as {self.kappa_interval[0]:.2f}; above {LEAST_KAPPA} is needed")
        if self.accuracy <= self.constant_accuracy:
            found.append("it is no better than always giving the commonest answer")
        return found


@dataclass(frozen=True)
class Corrected:
    """A rate that a judge reports, corrected for its errors; the interval holds both sources of doubt."""

    rate: float
    low: float
    high: float


def calibrate(texts: Sequence[Labelled]) -> Calibration:
    """What the judge is worth on these texts.

    Raises:
        BadInput: the people agree on no text that the judge could tell.
    """
    agreed = [each for each in texts if each.people[0] == each.people[1]]
    pairs = [(each.judged[0], each.people[0]) for each in agreed if each.judged and each.judged[0] is not None]
    if not pairs:
        raise BadInput("The people agree on no text that the judge could tell. Label more, or mend the guide.")
    told = [(bool(judged), truth) for judged, truth in pairs]
    kappa, error = cohen_kappa(told)
    positives = sum(truth for _, truth in told)
    negatives = len(told) - positives
    hits = sum(judged and truth for judged, truth in told)
    rejections = sum(not judged and not truth for judged, truth in told)
    repeated = [each.judged for each in texts if len(each.judged) > 1]
    return Calibration(
        labelled=len(texts),
        agreed=len(told),
        unscored=len(agreed) - len(told),
        people_kappa=cohen_kappa([each.people for each in texts])[0],
        kappa=kappa,
        kappa_interval=(max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error)),
        sensitivity=hits / positives if positives else None,
        specificity=rejections / negatives if negatives else None,
        accuracy=(hits + rejections) / len(told),
        constant_accuracy=max(positives, negatives) / len(told),
        self_consistency=sum(len(set(each)) == 1 for each in repeated) / len(repeated) if repeated else None,
        positives=positives,
    )


def cohen_kappa(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    """Kappa of two raters and its standard error; (0, infinite) where chance agreement is certain.

    Source: Cohen 1960; standard error sqrt(p_o (1 - p_o) / (n (1 - p_e)^2)).
    """
    n = len(pairs)
    observed = sum(one == other for one, other in pairs) / n
    first, second = (sum(pair[place] for pair in pairs) / n for place in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    if chance >= 1:
        return 0.0, math.inf
    return (observed - chance) / (1 - chance), math.sqrt(observed * (1 - observed) / n) / (1 - chance)


def corrected_rate(yes: int, judged: int, known: Calibration) -> Corrected:
    """The share of yes among `judged` texts as people would have called them.

    rate = (p + specificity - 1) / (sensitivity + specificity - 1), cut to 0..1; its variance adds that of the judged
    texts to that of the labelled ones.

    Raises:
        BadInput: nothing was judged, or the judge is no better than chance, so that nothing can be corrected.

    Source: Rogan and Gladen, "Estimating prevalence from the results of a screening test", 1978.
    """
    if judged < 1 or not 0 <= yes <= judged:
        raise BadInput(f"{yes} of {judged} judged texts; allowed is 0 to all of one at least. Judge some.")
    se, sp = known.sensitivity, known.specificity
    if se is None or sp is None or se + sp <= 1:
        raise BadInput(f"Sensitivity {se}, specificity {sp}: no better than chance, so its rates mean nothing.")
    p, power = yes / judged, se + sp - 1
    rate = min(1.0, max(0.0, (p + sp - 1) / power))
    negatives = known.agreed - known.positives
    variance = p * (1 - p) / judged
    variance += rate**2 * se * (1 - se) / known.positives + (1 - rate) ** 2 * sp * (1 - sp) / negatives
    half = _Z * math.sqrt(variance) / power
    return Corrected(rate, max(0.0, rate - half), min(1.0, rate + half))


def judge_sha(model: str, prompt_sha: str, guide: str) -> str:
    """What a calibration belongs to: another model, prompt or guide is another judge, and uncalibrated."""
    return digest(model.encode(), prompt_sha.encode(), guide.encode())
