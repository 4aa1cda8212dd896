"""The outputs of a run as a judge reads them: the text, and what it was written from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.guard.redaction import RedactionPolicy
from copilot.models import Model
from evals.judge.asking import judge_item, judge_pair
from evals.results import Result

_TEXTS = ("text", "say")
_SOURCES = ("turns", "passages", "line", "terms", "sources")


def text_of(output: Any) -> str:
    """The text of an output: a note's, an answer's, a draft's, a line's; empty where it has none."""
    if not isinstance(output, Mapping):
        return ""
    if isinstance(output.get("note"), Mapping):
        return str(output["note"].get("text", ""))
    return next((str(output[name]) for name in _TEXTS if output.get(name)), "")


def source_of(output: Mapping[str, Any]) -> str:
    """What it was written from, as the output tells it."""
    turns = output.get("turns")
    if isinstance(turns, list):
        return "\n".join(f"{turn['speaker']}: {turn['text']}" for turn in turns)
    told = {name: output[name] for name in _SOURCES if output.get(name)}
    return json.dumps(told, ensure_ascii=False) if told else "(nothing is told)"


@dataclass(frozen=True)
class Pairs:
    """How the outputs of one run stand to another's, by case and sample; `consistent` in both orders."""

    pairs: int
    wins: int
    losses: int
    ties: int
    consistent: int


def compare_results(model: Model, criterion: str, ours: Sequence[Result], theirs: Sequence[Result]) -> Pairs:
    """Which of two runs meets a criterion better; an answer that changes with the order is a tie."""
    by_key = {result.key: result for result in theirs}
    shared = [(result, by_key[result.key]) for result in ours if result.key in by_key]
    found = [
        judge_pair(
            model,
            criterion,
            source_of(one.output),
            text_of(one.output),
            text_of(other.output),
            policy=RedactionPolicy(),
        )
        for one, other in shared
    ]
    better = [each.better for each in found]
    consistent = sum(each.is_consistent for each in found)
    return Pairs(len(found), better.count("a"), better.count("b"), better.count("tie"), consistent)


def judge_results(model: Model, criterion: str, results: Sequence[Result]) -> list[dict[str, Any]]:
    """A row for each result: {case_id, sample, holds, quote, reason}."""
    rows = []
    for result in results:
        judged = judge_item(
            model, criterion, source_of(result.output), text_of(result.output), policy=RedactionPolicy()
        )
        rows.append({"case_id": result.case_id, "sample": result.sample, **vars(judged)})
    return rows
