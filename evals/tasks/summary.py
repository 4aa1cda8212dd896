"""The rolling summary of a running call in a model's words, every sentence checked against its turns."""

from dataclasses import asdict
from typing import Any

from copilot.calls.slow_path import Snapshot
from copilot.calls.summary import PROMPT, summarise
from copilot.errors import BadInput
from copilot.guard.grounding import house_names_of
from copilot.guard.redaction import Redactor
from copilot.transcript import Turn
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, model_for, parts_of, policy_of, transcript_fields, turns_of


def build(options: TaskOptions) -> Task:
    """The task with these options.

    Raises:
        BadInput: there is no model.
    """
    return SummaryTask(options)


class SummaryTask:
    """Summarises the turns of each case's call."""

    def __init__(self, options: TaskOptions) -> None:
        model = model_for(options, PROMPT)
        if model is None:
            raise BadInput("The task 'summary' has no model; it measures a model's words. Set COPILOT_MODEL.")
        self._options, self._model, self._parts = options, model, parts_of(options)

    def run(self, case: Case, sample: int) -> Any:
        """`sentences` of {text, turn_ids, support}, their `text`, and the `turns` as they were sent."""
        redactor = Redactor(policy_of(self._parts))
        spoken = turns_of(case.input, self._parts, self._options.noise, f"{case.id}:{sample}")
        turns = tuple(Turn(turn.turn_id, turn.speaker, redactor.redact(turn).text, turn.t_ms) for turn in spoken)
        language = transcript_fields(case.input, self._parts)["language"] or "en"
        call = Snapshot(case.id, language, turns, len(turns), ended=False, may_ask=True, note=None)
        made = summarise(
            self._model,
            call,
            policy=policy_of(self._parts),
            gazetteer=self._parts.gazetteer,
            known_names=house_names_of(self._parts.pack),
        )
        sentences = [asdict(sentence) for sentence in made.sentences] if made else []
        rows = [{"turn_id": turn.turn_id, "speaker": turn.speaker, "text": turn.text} for turn in turns]
        text = " ".join(sentence["text"] for sentence in sentences)
        return {"text": text, "sentences": sentences, "turns": rows, "language": language}
