"""How well grounding judges: `python -m copilot.guard.grounding.bench CASES.jsonl` over labelled sentences.

A line: `sentence`, `evidence: [{id, text, speaker}]`, `supported`, and, if wanted, `language`, `gazetteer`, `id`.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from copilot.guard.grounding.check import check_sentence
from copilot.guard.grounding.model import Evidence, Grounding
from copilot.guard.grounding.perturb import perturbed


class Case(BaseModel):
    """One labelled sentence."""

    id: str = ""
    sentence: str
    evidence: list[Evidence]
    supported: bool
    language: str = "en"
    gazetteer: list[str] = []


@dataclass
class Score:
    """What was measured; each list holds what went wrong, with its reasons."""

    auc: float | None = None
    supported: int = 0
    unsupported: int = 0
    false_alarms: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    perturbed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    uncaught: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ms_per_sentence: float = 0.0


def read_cases(path: Path) -> list[Case]:
    """The cases of a file of JSON lines."""
    return [Case.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def check_case(case: Case, sentence: str | None = None) -> Grounding:
    """The grounding of a case, or of another sentence over its evidence."""
    return check_sentence(
        case.sentence if sentence is None else sentence, case.evidence, language=case.language, gazetteer=case.gazetteer
    )


def score_cases(cases: Iterable[Case], *, seed: int = 0) -> Score:
    """Judge every case, and every supported one once more for each way to make it wrong."""
    score = Score()
    right: list[float] = []
    wrong: list[float] = []
    started, checked = time.perf_counter(), 0
    for case in cases:
        result = check_case(case)
        (right if case.supported else wrong).append(result.support)
        _note(score, case, result)
        checked += 1
        if case.supported:
            for kind, sentence in perturbed(case.sentence, seed=seed, names=case.gazetteer):
                checked += 1
                score.perturbed[kind] += 1
                if check_case(case, sentence).supported:
                    score.uncaught[kind].append(f"{case.id} {sentence}")
    score.ms_per_sentence = 1000 * (time.perf_counter() - started) / max(1, checked)
    score.supported, score.unsupported, score.auc = len(right), len(wrong), area_under_curve(right, wrong)
    return score


def _note(score: Score, case: Case, result: Grounding) -> None:
    shown = f"{case.id} {case.sentence} [{result.support:.2f}] {'; '.join(result.reasons)}"
    if case.supported and not result.supported:
        score.false_alarms.append(shown)
    elif not case.supported and result.supported:
        score.passed.append(shown)


def area_under_curve(right: Sequence[float], wrong: Sequence[float]) -> float | None:
    """The chance that a supported sentence has more support than an unsupported one, ties half; None without both."""
    if not right or not wrong:
        return None
    wins = sum((good > bad) + (good == bad) / 2 for good in right for bad in wrong)
    return wins / (len(right) * len(wrong))


def report(score: Score, *, with_misses: bool) -> str:
    """The measured numbers as text."""
    total, missed = sum(score.perturbed.values()), sum(map(len, score.uncaught.values()))
    auc = "unscored" if score.auc is None else f"{score.auc:.3f}"
    lines = [
        f"AUC {auc} ({score.supported} supported, {score.unsupported} not)",
        f"unsupported caught {score.unsupported - len(score.passed)} of {score.unsupported}",
        f"false alarms {len(score.false_alarms)} of {score.supported}",
        f"perturbed caught {total - missed} of {total}",
        *(f"  {kind}: {n - len(score.uncaught[kind])} of {n}" for kind, n in sorted(score.perturbed.items())),
        f"{score.ms_per_sentence:.2f} ms a sentence",
    ]
    if with_misses:
        lines += [f"false alarm: {each}" for each in score.false_alarms]
        lines += [f"passed: {each}" for each in score.passed]
        lines += [f"uncaught {kind}: {each}" for kind, all_ in score.uncaught.items() for each in all_]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Print the numbers of each file; `--misses` names what went wrong, `--json` prints them for machines."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    for path in paths:
        score = score_cases(read_cases(path))
        if "--json" in arguments:
            counts = {"auc": score.auc, "false_alarms": len(score.false_alarms), "supported": score.supported}
            sys.stdout.write(json.dumps({"file": str(path), **counts}) + "\n")
        else:
            sys.stdout.write(f"## {path}\n{report(score, with_misses='--misses' in arguments)}\n")
    return 0 if paths else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
