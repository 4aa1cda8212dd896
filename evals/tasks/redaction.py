"""Redaction: a text or turns in; the same masked, with the spans that were masked, out."""

from typing import Any

from copilot.guard.redaction import ALL_KINDS, SECRET_KINDS, RedactionPolicy, redact_record
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, parts_of, policy_of


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return RedactionTask(options)


class RedactionTask:
    """Masks as `copilot redact` does; `policy` of a case is `all`, `secrets`, or the pack's own when left out."""

    def __init__(self, options: TaskOptions) -> None:
        pack = policy_of(parts_of(options))
        self._policies = {
            "pack": pack,
            "all": RedactionPolicy(ALL_KINDS, pack.forms),
            "secrets": RedactionPolicy(SECRET_KINDS),
        }

    def run(self, case: Case, sample: int) -> Any:
        """`texts` masked, one for each turn, and `spans` of {turn, start, end, kind} in the input."""
        del sample
        policy = self._policies[case.input.get("policy", "pack")]
        made: dict[str, Any] = redact_record(
            {name: value for name, value in case.input.items() if name in ("text", "turns")}, policy
        )
        texts = [turn["text"] for turn in made["turns"]] if "turns" in made else [made["text"]]
        return {"texts": texts, "spans": [{"turn": 0, **span} for span in made["spans"]]}
