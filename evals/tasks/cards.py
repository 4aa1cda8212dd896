"""Cards: a call in; the documents that came up beside it, and the red flags that rang, out."""

from typing import Any

from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions
from evals.tasks.note import Calls


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return CardsTask(options)


class CardsTask:
    """Plays each case's call through the live path, turn by turn."""

    def __init__(self, options: TaskOptions) -> None:
        self._calls = Calls(options)

    def run(self, case: Case, sample: int) -> Any:
        """`cards` in the order they came: {kind, about, turn_ids, doc_ids}."""
        call_id = self._calls.play(case, sample)
        shown = [event.body for event in self._calls.live.events(call_id) if event.type == "card.shown"]
        return {
            "cards": [
                {
                    "kind": body["kind"],
                    "about": body["about"],
                    "turn_ids": list(body["turn_ids"]),
                    "doc_ids": sorted({citation["doc_id"] for citation in body["citations"]}),
                }
                for body in shown
            ]
        }
