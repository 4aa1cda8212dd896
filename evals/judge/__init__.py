"""A model as a judge: optional, never alone a gate, and nothing it says counts before it was checked against people."""

from evals.judge.asking import Judged, Preference, judge_item, judge_pair
from evals.judge.calibration import Calibration, Corrected, Labelled, calibrate, corrected_rate, judge_sha

__all__ = [
    "Calibration",
    "Corrected",
    "Judged",
    "Labelled",
    "Preference",
    "calibrate",
    "corrected_rate",
    "judge_item",
    "judge_pair",
    "judge_sha",
]
