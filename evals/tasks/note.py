"""The account note of a call: turns in, note out, through the live path as `copilot note` runs it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

from copilot.calls.live import LiveCalls
from copilot.calls.note.reworded import PROMPT, reword_note
from copilot.guard.grounding import house_names_of
from copilot.store import EventLog, open_database
from copilot.transcript import Transcript, Turn
from evals.cases import Case
from evals.runner import Task
from evals.tasks._parts import TaskOptions, model_for, parts_of, transcript_fields, turns_of


def build(options: TaskOptions) -> Task:
    """The task with these options."""
    return NoteTask(options)


class Calls:
    """Live calls over a database of their own, gone with the process; safe to use from several threads."""

    def __init__(self, options: TaskOptions) -> None:
        self._options = options
        self.parts = parts_of(options)
        self._numbers = count(1)
        self._folder = TemporaryDirectory(prefix="copilot-evals-calls-")
        engine = open_database(f"sqlite:///{self._folder.name}/calls.db")
        self.live = LiveCalls(EventLog(engine), self.parts.desk)

    def play(self, case: Case, sample: int) -> str:
        """Take the call of a case in, turn by turn, noise and all; its id."""
        turns = turns_of(case.input, self.parts, self._options.noise, f"{case.id}:{sample}")
        call_id = f"{case.id}.{sample}.{next(self._numbers)}"
        self.live.start(_transcript(call_id, transcript_fields(case.input, self.parts), turns))
        self.live.add_turns(call_id, turns)
        return call_id


class NoteTask:
    """Writes the note of each case's call; reworded by the model where there is one."""

    def __init__(self, options: TaskOptions) -> None:
        self._calls = Calls(options)
        self._model = model_for(options, PROMPT)

    def run(self, case: Case, sample: int) -> Any:
        """`note` in the contract's form, `turns` as they were kept, and the pack's `names` that stand in the note."""
        call_id = self._calls.play(case, sample)
        note = self._worded(call_id, self._calls.live.end(call_id))
        return {
            "note": {**note, "call_id": case.id},  # the same whichever runs first
            "turns": [_row(turn) for turn in self._calls.live.turns(call_id)],
            "names": names_in(json.dumps(note, ensure_ascii=False), self._calls.parts.gazetteer),
        }

    def _worded(self, call_id: str, note: Mapping[str, Any]) -> Mapping[str, Any]:
        live, parts = self._calls.live, self._calls.parts
        call = live.snapshot(call_id)
        if self._model is None or call.note is None:
            return note
        worded = reword_note(
            self._model,
            call,
            policy=live.policy,
            max_characters=parts.pack.head.note.max_chars,
            gazetteer=parts.gazetteer,
            known_names=house_names_of(parts.pack),
        )
        return note if worded is None else worded.note


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """The names that stand in a text, as they are written."""
    plain = text.casefold()
    return [name for name in names if name.casefold() in plain]


def _transcript(call_id: str, about: Mapping[str, Any], turns: list[Turn]) -> Transcript:
    started = about["started_at"]
    return Transcript(
        call_id,
        about["channel"] or "voice",
        about["language"],
        datetime.fromisoformat(started) if started else None,
        about["customer_id"],
        turns,
    )


def _row(turn: Turn) -> dict[str, Any]:
    return {name: value for name, value in asdict(turn).items() if name in ("turn_id", "speaker", "text")}
