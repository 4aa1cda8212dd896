"""Cues: turns of a call in; what was noticed out, intents, reasons and red flags, with the turn each was heard in."""

from typing import Any

from copilot.spoken.language import detect_language
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, parts_of, transcript_fields, turns_of

KINDS = ("intent", "reason", "flag")


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return CuesTask(options)


class CuesTask:
    """Reads the cues of every turn as the live path does."""

    def __init__(self, options: TaskOptions) -> None:
        self._options, self._parts = options, parts_of(options)

    def run(self, case: Case, sample: int) -> Any:
        """`cues`: one of {cue, kind, turn_id, words} for each cue heard, each once; events are left out."""
        turns = turns_of(case.input, self._parts, self._options.noise, f"{case.id}:{sample}")
        told = transcript_fields(case.input, self._parts)["language"]
        language = told or detect_language([turn.text for turn in turns])
        found: dict[str, dict[str, str]] = {}
        for turn in turns:
            for heard in self._parts.desk.cue_reader.read(turn, language):
                cue = heard.cue
                row = {"cue": cue.id, "kind": cue.kind, "turn_id": turn.turn_id, "words": heard.words}
                if cue.kind in KINDS:
                    found.setdefault(cue.id, row)
        return {"cues": list(found.values())}
