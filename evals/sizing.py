"""How many cases a suite needs before it can say anything."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from copilot.errors import BadInput
from evals.statistics import Effect


@dataclass(frozen=True)
class Advice:
    """For one metric: cases needed so that an unchanged candidate passes, as a primary and as a guardrail.

    `design_effect` is how many times more cases are needed because they share clusters; `smallest` is the true
    difference that the comparison at hand finds in 80 of 100, None without one.
    """

    name: str
    sd: float
    margin: float
    design_effect: float
    as_primary: int | None
    as_guardrail: int | None
    smallest: float | None = None

    @property
    def told(self) -> str:
        """In one line."""
        if self.as_primary is None:
            return f"{self.name}: one cluster or less; nothing can be said."
        found = f"; this comparison finds {self.smallest:.4f}" if self.smallest is not None else ""
        return (
            f"{self.name}: sd {self.sd:.3f}, margin {self.margin:g}, design effect {self.design_effect:.2f}: "
            f"{self.as_primary} cases as a primary (80 %), {self.as_guardrail} as a guardrail (95 %){found}"
        )

    def as_record(self) -> dict[str, Any]:
        """In JSON types."""
        return asdict(self)


def advice(sd: float, margin: float, per_cluster: float, icc: float) -> Advice:
    """From figures: (z * sd / margin)**2 * (1 + (m - 1) * icc), z = 2.8 for 80 % and 3.6 for 95 %.

    Raises:
        BadInput: a figure is out of its range.
    """
    if not 0 < margin <= 1 or not 0 <= sd <= 1 or per_cluster < 1 or not 0 <= icc <= 1:
        raise BadInput(
            f"--sd {sd}, --margin {margin}, --per-cluster {per_cluster}, --icc {icc}: allowed are 0 to 1, "
            "above 0 to 1, 1 or more, 0 to 1. Choose others."
        )
    cases = 1_000
    inflated = 1 + (per_cluster - 1) * icc
    return _advice("given", Effect(0.0, sd * math.sqrt(inflated / cases), -1.0, 1.0, cases, cases, sd), margin, None)


def advice_of(folder: Path) -> list[Advice]:
    """From a comparison that was made: one for each gating metric.

    Raises:
        BadInput: the folder holds none.
    """
    try:
        metrics = json.loads((folder / "compare.json").read_text("utf-8"))["metrics"]
        return [_of_metric(each) for each in metrics if each["role"] != "diagnostic" and each.get("cases")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{folder} holds no compare.json ({type(error).__name__}). Compare the run first.") from None


def _of_metric(each: Mapping[str, Any]) -> Advice:
    se = math.inf if each["se"] is None else each["se"]
    effect = Effect(each["difference"], se, 0.0, 0.0, each["cases"], each["clusters"], each["sd"])
    return _advice(each["name"], effect, each["margin"], effect.smallest_detectable)


def _advice(name: str, effect: Effect, margin: float, smallest: float | None) -> Advice:
    primary, guardrail = (effect.cases_needed(margin, power=power) for power in (0.8, 0.95))
    return Advice(name, effect.sd, margin, effect.design_effect, primary, guardrail, smallest)
