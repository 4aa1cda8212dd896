"""A language model as a judge: optional, checked against people's labels before its scores count, never a gate."""

from evals.judge.asking import Judged, Preference, judge_item, judge_pair
from evals.judge.calibration import Calibration, Rate, calibrate, corrected_rate
from evals.judge.identity import judge_sha

__all__ = [
    "Calibration",
    "Judged",
    "Preference",
    "Rate",
    "calibrate",
    "corrected_rate",
    "judge_item",
    "judge_pair",
    "judge_sha",
]
