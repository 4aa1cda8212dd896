"""Grounding: a sentence and what it rests on in; whether it may be shown as fact, how sure, and why not, out."""

from typing import Any

from copilot.guard.grounding import Evidence, check_sentence, house_names_of
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, parts_of


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return GroundingTask(options)


class GroundingTask:
    """Checks each sentence with the names of the pack, and those of the case."""

    def __init__(self, options: TaskOptions) -> None:
        self._parts = parts_of(options)

    def run(self, case: Case, sample: int) -> Any:
        """`supported`, `support` in 0..1, `reasons`."""
        del sample
        evidence = [
            Evidence(str(each.get("id") or f"e{place}"), each["text"], each.get("speaker"), each.get("kind", "said"))
            for place, each in enumerate(case.context, start=1)
        ]
        found = check_sentence(
            case.input["sentence"],
            evidence,
            language=case.input.get("language", "en"),
            gazetteer=(*self._parts.gazetteer, *case.input.get("names", ())),
            known_names=house_names_of(self._parts.pack),
            needs_record=bool(case.input.get("needs_record", False)),
        )
        return {"supported": found.supported, "support": round(found.support, 4), "reasons": list(found.reasons)}
