"""How far the agent has come in a script: what was said, what waits, what was left out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from copilot.calls.desk import Desk
from copilot.calls.state import CallState, SaidLine
from knowledge.scripts import Script, Step

Status = Literal["said", "waiting", "skipped"]
HEAD = ("doc_id", "title", "language", "steps", "current")
Place = tuple[int, int]  # the number of a step, and of a line in it from 1


@dataclass(frozen=True)
class Progress:
    """A script and the lines of it that were said, by their place; those of its variants count.

    `is_over` says that the call has ended: what was not said by then is left out, not waiting.
    """

    script: Script
    said: dict[Place, SaidLine]
    is_over: bool = False

    @cached_property
    def furthest(self) -> int:
        """The number of the last step of which something was said; 0 before the first."""
        return max((step for step, _ in self.said), default=0)

    @property
    def current(self) -> Step | None:
        """The step to go on with: the one begun, else the one behind it; None when the script is through."""
        begun = next((step for step in self.script.steps if step.number == self.furthest), None)
        if begun and not self.is_done(begun):
            return begun
        return next((step for step in self.script.steps if step.number > self.furthest), None)

    @property
    def was_followed(self) -> bool:
        """Whether any line of it was said."""
        return bool(self.said)

    @property
    def was_kept_to(self) -> bool:
        """Whether no more lines were left out than said: else it was not the script of this call."""
        return len(self.said) >= max(len(self.skipped), 1)

    def is_done(self, step: Step) -> bool:
        """Whether every line of a step was said."""
        return all((step.number, line) in self.said for line in range(1, len(step.must_say) + 1))

    def status(self, step: Step, line: int) -> Status:
        """What became of a line: a line not said is left out once a later step has begun, or the call is over.

        Steps for one case only ("If they stay") are left out by right, unless they were begun.
        """
        if (step.number, line) in self.said:
            return "said"
        is_meant = not step.is_for_one_case or any(number == step.number for number, _ in self.said)
        is_behind = step.number < self.furthest or (self.is_over and self.was_followed)
        return "skipped" if is_meant and is_behind else "waiting"

    def lines(self, *wanted: Status) -> Iterator[tuple[Step, int, str]]:
        """The lines with one of these statuses, in order."""
        for step in self.script.steps:
            for line, text in enumerate(step.must_say, start=1):
                if self.status(step, line) in wanted:
                    yield step, line, text

    @property
    def missing(self) -> list[str]:
        """Lines not said that are to be said in any case."""
        return [text for step, _, text in self.lines("waiting", "skipped") if not step.is_for_one_case]

    @property
    def skipped(self) -> list[str]:
        """Lines left out."""
        return [text for _, _, text in self.lines("skipped")]


def progress_of(script: Script, state: CallState, desk: Desk, new: Iterable[SaidLine] = ()) -> Progress:
    """How far the agent is in one script; `new` are lines said in the turn that is being looked at."""
    base = desk.base_of(script.doc_id)
    said = [line for line in (*state.said_lines, *new) if desk.base_of(line.doc_id) == base]
    return Progress(script, {(line.step, line.line): line for line in reversed(said)}, state.ended)


def shown_scripts(state: CallState, desk: Desk) -> list[Script]:
    """The scripts whose cards were shown and are not hidden, the newest last; of variants the one shown last."""
    by_base: dict[str, Script] = {}
    hidden = {event.body.get("card_id") for event in state.waiting.values()}
    cards = (card for card in state.cards if card["kind"] == "script" and card["citations"])
    shown = [card["citations"][0]["doc_id"] for card in cards if card["card_id"] not in hidden]
    for script in (desk.scripts[doc_id] for doc_id in shown if doc_id in desk.scripts):
        base = desk.base_of(script.doc_id)
        by_base.pop(base, None)
        by_base[base] = script
    return list(by_base.values())


def current_script(state: CallState, desk: Desk) -> Script | None:
    """The script of the newest script card."""
    return next(reversed(shown_scripts(state, desk)), None)


def followed(state: CallState, desk: Desk) -> list[dict[str, Any]]:
    """What was said and left out of each script of which anything was said."""
    return [
        {
            "doc_id": progress.script.doc_id,
            "title": progress.script.document.title,
            "said": [text for _, _, text in progress.lines("said")],
            "skipped": progress.skipped,
        }
        for progress in _all(state, desk)
        if progress.was_followed
    ]


def script_view(state: CallState, desk: Desk) -> dict[str, Any]:
    """Where the call stands in its scripts, as the service tells it; without a script, `doc_id` is null."""
    every = _all(state, desk)
    newest, earlier = every[-1:], every[:-1]
    still_open = [progress for progress in earlier if progress.missing]
    head = _head(newest[0]) if newest else {**dict.fromkeys(HEAD), "steps": []}
    return {
        **head,
        "skipped": [
            {"doc_id": progress.script.doc_id, "step": step.number, "text": text}
            for progress in (*newest, *still_open)
            for step, _, text in progress.lines("skipped")
        ],
        "also_open": [_open(progress) for progress in still_open],
        "followed": followed(state, desk),
    }


def _all(state: CallState, desk: Desk) -> list[Progress]:
    return [progress_of(script, state, desk) for script in shown_scripts(state, desk)]


def _head(progress: Progress) -> dict[str, Any]:
    current = progress.current
    return {
        "doc_id": progress.script.doc_id,
        "title": progress.script.document.title,
        "language": progress.script.language,
        "steps": [_step(progress, step) for step in progress.script.steps],
        "current": current.number if current else None,
    }


def _step(progress: Progress, step: Step) -> dict[str, Any]:
    lines = []
    for line, text in enumerate(step.must_say, start=1):
        said = progress.said.get((step.number, line))
        lines.append(
            {
                "text": text,
                "status": progress.status(step, line),
                "turn_id": said.turn_id if said else None,
                "near": said.near if said else None,
            }
        )
    return {"number": step.number, "title": step.title, "optional": step.is_for_one_case, "must_say": lines}


def _open(progress: Progress) -> dict[str, Any]:
    return {
        "doc_id": progress.script.doc_id,
        "title": progress.script.document.title,
        "missing": progress.missing,
    }


def said_lines(state: CallState) -> Sequence[SaidLine]:
    """The must-say lines the agent said in this call, each with its turn, in order."""
    return tuple(state.said_lines)
