"""How well grounding judges: `copilot bench grounding` over labelled sentences and the passages of a pack.

A line of a JSON file: `sentence`, `evidence: [{id, text, speaker}]`, `supported`, and, if wanted, `language`,
`gazetteer`, `id`. A YAML file holds retellings, as tests/copilot/guard/retellings.yaml.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from copilot.guard.grounding.cases import Case, read_cases
from copilot.guard.grounding.check import check_sentence
from copilot.guard.grounding.model import Grounding
from copilot.guard.grounding.perturb import perturbed
from copilot.guard.grounding.text import read_text

__all__ = ["Case", "Score", "area_under_curve", "as_record", "check_case", "read_cases", "report", "score_cases"]


@dataclass
class Score:
    """What was measured; each list holds what went wrong, with its reasons."""

    auc: float | None = None
    auc_of_overlap: float | None = None
    supported: int = 0
    unsupported: int = 0
    false_alarms: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    failing: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    let_through: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    perturbed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    uncaught: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ms_per_sentence: float = 0.0


def check_case(case: Case, sentence: str | None = None) -> Grounding:
    """The grounding of a case, or of another sentence over its evidence."""
    return check_sentence(
        case.sentence if sentence is None else sentence,
        case.evidence,
        language=case.language,
        gazetteer=case.gazetteer,
        known_names=case.known_names,
        min_support=case.min_support,
    )


def score_cases(cases: Iterable[Case], *, seed: int = 0) -> Score:
    """Judge every case, and every supported one once more for each way to make it wrong."""
    score = Score()
    right: list[float] = []
    wrong: list[float] = []
    overlaps: dict[bool, list[float]] = {True: [], False: []}
    started, checked = time.perf_counter(), 0
    for case in cases:
        result = check_case(case)
        (right if case.supported else wrong).append(result.support)
        overlaps[case.supported].append(_overlap(case))
        _note(score, case, result)
        checked += 1
        if case.supported and result.supported:  # what alarms untouched is a false alarm, and no catch
            for kind, sentence in perturbed(case.sentence, seed=seed, names=case.gazetteer):
                checked += 1
                score.perturbed[kind] += 1
                if check_case(case, sentence).supported:
                    score.uncaught[kind].append(f"{case.id} {sentence}")
    score.ms_per_sentence = 1000 * (time.perf_counter() - started) / max(1, checked)
    score.supported, score.unsupported, score.auc = len(right), len(wrong), area_under_curve(right, wrong)
    score.auc_of_overlap = area_under_curve(overlaps[True], overlaps[False])
    return score


def _overlap(case: Case) -> float:
    """The baseline: the share of the sentence's meanings that stand anywhere in its evidence."""
    wanted = read_text(case.sentence, case.language).meanings
    there = {meaning for piece in case.evidence for meaning in read_text(piece.text, case.language).meanings}
    return len(wanted & there) / max(1, len(wanted))


def _note(score: Score, case: Case, result: Grounding) -> None:
    if not case.supported:
        score.failing[case.kind or "unlabelled"] += 1
        score.let_through[case.kind or "unlabelled"] += result.supported
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
    lines = []
    if score.auc is not None and score.auc_of_overlap is not None:
        lines += [
            f"AUC {score.auc:.3f}, by overlap alone {score.auc_of_overlap:.3f}",
            f"{score.supported} supported, {score.unsupported} not",
            f"unsupported caught {score.unsupported - len(score.passed)} of {score.unsupported}",
            *(f"  {kind}: {n - score.let_through[kind]} of {n}" for kind, n in sorted(score.failing.items())),
        ]
    lines += [
        f"false alarms {len(score.false_alarms)} of {score.supported}",
        f"made wrong and caught {total - missed} of {total}",
        *(f"  {kind}: {n - len(score.uncaught[kind])} of {n}" for kind, n in sorted(score.perturbed.items())),
        f"{score.ms_per_sentence:.2f} ms a sentence",
    ]
    if with_misses:
        lines += [f"false alarm: {each}" for each in score.false_alarms]
        lines += [f"passed: {each}" for each in score.passed]
        lines += [f"uncaught {kind}: {each}" for kind, all_ in score.uncaught.items() for each in all_]
    return "\n".join(lines)


def as_record(name: str, score: Score) -> dict[str, object]:
    """The measured numbers for machines."""
    return {
        "source": name,
        "auc": score.auc,
        "auc_of_overlap": score.auc_of_overlap,
        "supported": score.supported,
        "false_alarms": len(score.false_alarms),
        "unsupported": score.unsupported,
        "passed": len(score.passed),
        "perturbed": dict(score.perturbed),
        "uncaught": {kind: len(missed) for kind, missed in score.uncaught.items()},
        "ms_per_sentence": round(score.ms_per_sentence, 3),
    }
