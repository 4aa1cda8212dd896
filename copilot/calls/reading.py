"""What may be read of live calls, by agents, streams and the slow path; nothing here changes a call."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from copilot.calls import navigator
from copilot.calls.capture import may_capture
from copilot.calls.core import CallCore
from copilot.calls.disclosing import for_readers
from copilot.calls.held import Held
from copilot.calls.leaving import summary_of
from copilot.calls.note import is_settled
from copilot.calls.offer_moment import gate_of, occasion_of, reasons_heard
from copilot.calls.offering import Occasion
from copilot.calls.slow_path import Progress, Snapshot, snapshot
from copilot.calls.state import in_spoken_order
from copilot.guard.verification import Standing
from copilot.store import Event
from copilot.transcript import Turn


class CallReading(CallCore):
    """The readable side of the calls."""

    def events(self, call_id: str, after: int = 0) -> list[Event]:
        """Events behind number `after`.

        Raises:
            NotFound: the call was never announced.
        """
        events = self._log.read(call_id, after)
        held = self._held.get(call_id)
        if not events and (held is None or held.state.seq == 0):
            self._log.call(call_id)
        return [for_readers(event) for event in events]

    def recent_events(self, call_id: str, after: int) -> Sequence[Event]:
        """Events behind number `after` that this process remembers; waits for nothing and nobody.

        Empty when there are none, and when not all of them are remembered: then `events` knows.
        """
        held = self._held.get(call_id)
        recent = held.recent if held else ()
        is_complete = bool(recent) and recent[0].seq <= after + 1
        return [for_readers(event) for event in recent if event.seq > after] if is_complete else ()

    def summary(self, call_id: str) -> Mapping[str, Any]:
        """How the call stands: stage, verification, subject, open questions, promises, and what the note lacks."""

        def sum_up(held: Held) -> Mapping[str, Any]:
            state, note = held.state, held.state.note or self._preview(held)
            about = {
                kind: list(dict.fromkeys(cue.cue_id for cue in state.cues if cue.kind == kind))
                for kind in ("intent", "reason", "flag")
            }
            return {
                "call_id": call_id,
                "seq": state.seq,
                "stage": state.stage,
                "auth_level": state.auth_level,
                "capture_paused": state.capture_paused,
                "intents": about["intent"],
                "reasons": about["reason"],
                "flags": about["flag"],
                "open_questions": note["open_questions"],
                "promises": note["follow_ups"],
                "missing": note.get("missing", []),
                "script": {"followed": navigator.followed(state, self.desk)},
                "save_attempts": summary_of(state, self.desk, self._day(state), self._language(state)),
            }

        return self._with(call_id, sum_up)

    def script(self, call_id: str) -> Mapping[str, Any]:
        """Where the call stands in its scripts: steps, lines said and left out, what is still open in earlier ones."""
        return self._with(call_id, lambda held: navigator.script_view(held.state, self.desk))

    def turns(self, call_id: str) -> list[Turn]:
        """What was said so far, masked, in order."""
        return self._with(call_id, lambda held: list(held.state.turns.values()))

    def has_card(self, call_id: str, card_id: str) -> bool:
        """Whether this card was shown in this call."""
        return self._with(call_id, lambda held: any(card["card_id"] == card_id for card in held.state.cards))

    def has_ended(self, call_id: str) -> bool:
        """Whether the call was hung up."""
        return self._with(call_id, lambda held: held.state.ended)

    def ended_since(self, day: datetime) -> list[str]:
        """The calls that were announced since then and have ended."""
        return self._log.ended_since(day)

    def started_at(self, call_id: str) -> datetime | None:
        """When the call began, if whoever announced it said so."""
        started_at = self._with(call_id, lambda held: held.state.started_at)
        return datetime.fromisoformat(started_at) if started_at else None

    def jurisdictions(self, call_id: str) -> tuple[str, ...]:
        """Where the customer of a call is, as far as the pack knows."""
        return self._with(call_id, lambda held: self.desk.jurisdictions_of(held.state.customer_id))

    def standing(self, call_id: str) -> tuple[Standing, str | None]:
        """How far the caller of a call is verified, and which customer it is about."""
        return self._with(call_id, lambda held: (held.state.standing, held.state.customer_id))

    def offer_occasion(self, call_id: str, reason: str | None = None) -> tuple[Occasion | None, Standing]:
        """What decides the offers of a call now, and how far the caller is verified.

        `reason` left out: the churn reason heard first; None where none was heard, or the desk has no offers.
        """

        def look(held: Held) -> tuple[Occasion | None, Standing]:
            state, desk, on = held.state, self.desk, self._day(held.state)
            heard = [raised.cue_id for raised in reasons_heard(state, desk.offers)] if desk.offers else []
            wanted = reason or next(iter(heard), None)
            if wanted is None:
                return None, state.standing
            leaving = gate_of(state, desk, on)
            return occasion_of(state, desk, wanted, leaving, on=on, language=self._language(state)), state.standing

        return self._with(call_id, look)

    def snapshot(self, call_id: str) -> Snapshot:
        """A copy of the call for the slow path."""

        def copy(held: Held) -> Snapshot:
            state = in_spoken_order(held.state)
            return snapshot(state, self._language(state), may_ask=may_capture(state, self.desk))

        return self._with(call_id, copy)

    def progress(self, call_id: str) -> Progress | None:
        """How far a call has come, without waiting for its lock; None when this process does not hold it."""
        held = self._held.get(call_id)
        if held is None:
            return None
        notes = [event.body for event in held.recent[-1:] if event.type == "note.updated"]
        is_new = any(not is_settled(note) and "worded_by" not in note for note in notes)
        return Progress(len(held.state.turns), held.state.ended, is_new)
