"""How much redaction finds: `python -m copilot.guard.bench FOLDER...` over files of marked texts.

Each line of a *.jsonl file: `text`, `spans: [{start, end, label}]`, and, if there are any, `do_not_redact: [{start,
end}]`. A span counts as found when none of its letters and digits is left; one of `do_not_redact` as damaged when any
is gone. Every text is a call of its own with one turn, so nothing is asked before an answer.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from copilot.guard.redaction import ALL_KINDS, RedactionPolicy, Redactor
from copilot.transcript import Turn


class Mark(BaseModel):
    """One marked stretch of a text."""

    start: int
    end: int
    label: str = ""


class Case(BaseModel):
    """One line of a file; what else it holds is ignored."""

    text: str
    spans: list[Mark] = []
    do_not_redact: list[Mark] = []


@dataclass
class Score:
    """Found and missed per label, and what was masked that should have stayed."""

    found: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    kept: int = 0
    damaged: list[str] = field(default_factory=list)
    unmarked: int = 0
    masked_unmarked: list[str] = field(default_factory=list)
    seconds: float = 0.0
    texts: int = 0


def score_cases(cases: Iterable[Case], policy: RedactionPolicy) -> Score:
    """Redact every case on its own and compare."""
    score = Score()
    for case in cases:
        score.texts += 1
        started = time.perf_counter()
        redacted = Redactor(policy).redact(Turn("0", "unknown", case.text))
        score.seconds += time.perf_counter() - started
        masked = {place for span in redacted.spans for place in range(span.start, span.end)}
        for mark in case.spans:
            _score_mark(score, case.text, mark, masked)
        for mark in case.do_not_redact:
            score.kept += 1
            if masked & set(range(mark.start, mark.end)):
                score.damaged.append(redacted.text)
        if not case.spans:
            score.unmarked += 1
            if masked:
                score.masked_unmarked.append(redacted.text)
    return score


def _score_mark(score: Score, text: str, mark: Mark, masked: set[int]) -> None:
    score.total[mark.label] += 1
    if all(place in masked or not text[place].isalnum() for place in range(mark.start, mark.end)):
        score.found[mark.label] += 1
    else:
        score.missed[mark.label].append(f"{text[mark.start : mark.end]!r} in {text!r}")


def read_cases(path: Path) -> Iterator[Case]:
    """The cases of a file of JSON lines; lines without a text are passed over."""
    with path.open(encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines if line.strip())
        yield from (Case.model_validate(record) for record in records if "text" in record)


def report(path: Path, scores: Mapping[str, Score], *, with_misses: bool) -> str:
    """The table of one file, a column per policy."""
    first = next(iter(scores.values()))
    microseconds = 1e6 * first.seconds / max(1, first.texts)
    lines = [
        f"## {path}: {first.texts} texts, {microseconds:.0f} µs each",
        f"{'label':20} {'spans':>6} " + " ".join(f"{name:>14}" for name in scores),
    ]
    for label, total in first.total.most_common():
        cells = " ".join(f"{100 * score.found[label] / total:13.1f}%" for score in scores.values())
        lines.append(f"{label:20} {total:6} {cells}")
    lines.append("damaged " + ", ".join(f"{name} {len(s.damaged)} of {s.kept}" for name, s in scores.items()))
    lines.append(
        "masked in texts without marks "
        + ", ".join(f"{name} {len(s.masked_unmarked)} of {s.unmarked}" for name, s in scores.items())
    )
    if with_misses:
        for name, score in scores.items():
            lines += [f"{name}: missed {label} {text}" for label, texts in score.missed.items() for text in texts]
            lines += [f"{name}: damaged {text}" for text in score.damaged]
            lines += [f"{name}: masked without a mark {text}" for text in score.masked_unmarked]
    return "\n".join(lines)


POLICIES = {"every kind": RedactionPolicy(ALL_KINDS), "default": RedactionPolicy()}


def score_files(folder: Path) -> Iterator[tuple[Path, dict[str, Score]]]:
    """The scores of every file of a folder that holds cases, by policy."""
    for path in sorted(folder.glob("*.jsonl")):
        cases = list(read_cases(path))
        if cases:
            yield path, {name: score_cases(cases, policy) for name, policy in POLICIES.items()}


def as_record(path: Path, scores: Mapping[str, Score]) -> dict[str, object]:
    """The scores of a file as JSON: found and total by label, and what was damaged, for each policy."""
    return {
        "file": str(path),
        **{
            name: {
                "labels": {label: {"found": score.found[label], "total": score.total[label]} for label in score.total},
                "damaged": len(score.damaged),
                "to_keep": score.kept,
                "us_per_text": round(1e6 * score.seconds / max(score.texts, 1)),
            }
            for name, score in scores.items()
        },
    }


def main(arguments: Sequence[str]) -> int:
    """Print the tables; `--misses` prints what was missed as well."""
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    for folder in folders:
        for path, scores in score_files(folder):
            sys.stdout.write(report(path, scores, with_misses="--misses" in arguments) + "\n\n")
    return 0 if folders else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
