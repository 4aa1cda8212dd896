"""What the slow path may see of a call, and when: a copy of it taken at one moment, and what has gone stale since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.calls.state import PLACEHOLDERS, CallState
from copilot.guard.grounding import Evidence
from copilot.transcript import Turn


@dataclass(frozen=True)
class Snapshot:
    """A call at one moment; `turns` in order, masked, without those said while capture was paused."""

    call_id: str
    language: str
    turns: tuple[Turn, ...]
    seq: int
    ended: bool
    may_ask: bool
    note: Mapping[str, Any] | None

    def has(self, turn_ids: Collection[str]) -> bool:
        """Whether these turns are among those that may be sent."""
        return {turn.turn_id for turn in self.turns}.issuperset(turn_ids)

    def stands(self, turn_ids: Collection[str], state: CallState) -> bool:
        """Whether these turns still say what they said; a later turn may have shown a secret in one."""
        mine = {turn.turn_id: turn.text for turn in self.turns}
        return all(one in mine and one in state.turns and state.turns[one].text == mine[one] for one in turn_ids)


@dataclass(frozen=True)
class Progress:
    """How far a call has come, read without waiting for anybody; `note_is_new`: nobody has touched its note yet."""

    turns: int
    ended: bool
    note_is_new: bool


def snapshot(state: CallState, language: str, *, may_ask: bool) -> Snapshot:
    """A copy of the call as the slow path may see it: without the words that may not be kept."""
    turns = tuple(turn for turn in state.turns.values() if turn.text not in PLACEHOLDERS)
    return Snapshot(state.call_id, language, turns, state.seq, state.ended, may_ask, state.note)


def without_turns(body: Mapping[str, Any], late: Collection[str]) -> dict[str, Any]:
    """What changes in the body of an `answer.ready` when the words of these turns must go; empty when nothing does."""
    sentences: Sequence[Mapping[str, Any]] = body.get("sentences", ())
    kept = [one for one in sentences if not any(turn_id in late for turn_id in one.get("turn_ids", ()))]
    changes: dict[str, Any] = {}
    if len(kept) < len(sentences):
        changes = {"sentences": kept, "text": " ".join(one["text"] for one in kept)}
    if body.get("question") and any(turn_id in late for turn_id in body.get("turn_ids", ())):
        changes["question"] = ""
    return changes


def turn_line(turn_id: str, turn: Turn) -> str:
    """A turn as prompts show it."""
    return f"[{turn_id}] {turn.speaker}: {turn.text}"


def evidence_of(turn_id: str, turn: Turn) -> Evidence:
    """A turn as the grounding check takes it."""
    return Evidence(turn_id, turn.text, turn.speaker)
