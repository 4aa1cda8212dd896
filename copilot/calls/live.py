"""Live calls: turns in, events out. A turn is masked, answered and stored in one transaction, then acknowledged."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from copilot.calls.capture import keep, keep_partial, may_capture
from copilot.calls.core import DEFAULT_MIN_SCORE, Wake, new_events
from copilot.calls.corrections import (
    before_turn,
    is_late,
    partial_keys,
    rewritten,
    rewritten_note,
    turn_body,
    withdrawn_cues,
    without_second_card,
)
from copilot.calls.fast_path import open_call, react
from copilot.calls.held import Held
from copilot.calls.language import language_now
from copilot.calls.note import is_settled
from copilot.calls.note_keeping import NoteKeeping
from copilot.calls.reports import CallReports
from copilot.calls.state import PLACEHOLDERS, CallState, fold
from copilot.errors import Conflict
from copilot.guard.identifiers import refuse_secret
from copilot.guard.redaction import Redacted, marks_in
from copilot.store import Call, Event, NewEvent
from copilot.transcript import Transcript, Turn

__all__ = ["DEFAULT_MIN_SCORE", "Accepted", "LiveCalls", "Wake"]


@dataclass(frozen=True)
class Accepted:
    """How many turns were new, how many had been accepted before, and the number of the last event."""

    accepted: int
    duplicates: int
    seq: int


class LiveCalls(NoteKeeping, CallReports):
    """The calls of one tenant; safe to use from several threads and beside other processes."""

    def start(self, transcript: Transcript) -> bool:
        """Announce a call; False when it was announced before, which changes nothing.

        Raises:
            BadInput: an id looks like a card or social security number.
        """
        for name in ("call_id", "customer_id", "channel"):
            refuse_secret(name, getattr(transcript, name))
        started_at = transcript.started_at.isoformat() if transcript.started_at else None
        call = Call(transcript.call_id, transcript.channel, transcript.language, started_at, transcript.customer_id)
        created = self._log.create_call(call)
        if created:
            self.desk.refresh()

        def open_once(held: Held) -> None:
            if held.state.seq == 0:
                self._append(held, self._opening(call))

        self._with(call.call_id, open_once)
        return created

    def add_turns(self, call_id: str, turns: Sequence[Turn], *, after_end: bool = False) -> Accepted:
        """Take turns in; they are durable when this returns.

        A turn whose id is known is a repeat and changes nothing, whatever its text.

        Args:
            call_id: the call.
            turns: final ones.
            after_end: also when the call has ended, as a feed may tell the end first; the note is written again.

        Raises:
            NotFound: the call was never announced.
            Conflict: the call has ended.
            BadInput: a turn's id looks like a card or social security number; none of the turns is taken in.
        """
        for turn in turns:
            refuse_secret("turn_id", turn.turn_id)
        accepted: set[str] = set()

        def take_in(held: Held) -> Accepted:
            new = [turn for turn in turns if turn.turn_id not in held.state.turns]
            if new and held.state.ended and not after_end:
                raise Conflict(f"Call {call_id!r} has ended and takes no more turns. Start another call.")
            for turn in new:
                if turn.turn_id not in held.state.turns:  # twice in one request
                    self._take_in(held, turn)
                    accepted.add(turn.turn_id)
            self._read_on(held)
            return Accepted(len(accepted), len(turns) - len(accepted), held.state.seq)

        return self._with(call_id, take_in)

    def add_partial(self, call_id: str, turn: Turn) -> Accepted:
        """Show what is being said before it is final, its numbers hidden; nothing is concluded from it.

        One that tells nothing new, or comes after its final, counts as a duplicate.

        Raises:
            NotFound: the call was never announced.
        """

        def show(held: Held) -> Accepted:
            state = held.state
            text = keep_partial(replace(turn, text=held.redactor.preview(turn)), state, self.desk).text
            if is_late(state, turn) or state.partials.get(turn.turn_id) == text:
                return Accepted(0, 1, state.seq)
            told = turn_body(replace(turn, text=text))
            self._append(held, [NewEvent("turn.partial", told, self._now(state, turn.t_ms))])
            return Accepted(1, 0, held.state.seq)

        return self._with(call_id, show)

    def correct_turn(self, call_id: str, turn: Turn) -> Accepted:
        """Put other words in the place of an accepted turn, also after hang-up; an unknown turn is taken in as final.

        What changes nothing counts as a duplicate. So does what comes while capture is paused, or concerns a turn said
        during a pause: the words before it stand.

        Raises:
            NotFound: the call was never announced.
        """

        def correct(held: Held) -> Accepted:
            state = held.state
            before = state.turns.get(turn.turn_id)
            if before is None:
                self._take_in(held, turn)
            elif before.text in PLACEHOLDERS or not may_capture(state, self.desk):
                return Accepted(0, 1, state.seq)
            else:
                masked = held.redactor.correct(turn, before.text)
                is_same_speaker = turn.speaker in ("unknown", before.speaker)
                if masked.text == before.text and is_same_speaker and not masked.amends:
                    return Accepted(0, 1, state.seq)
                self._correct(held, before, turn, masked)
            return Accepted(1, 0, held.state.seq)

        return self._with(call_id, correct)

    def end(self, call_id: str) -> Mapping[str, Any]:
        """Hang up: the note, in the contract's form; a second time the same note."""

        def hang_up(held: Held) -> Mapping[str, Any]:
            if not held.state.ended:
                note = self._compose(held, held.state)
                at = self._now(held.state)
                self._append(held, [NewEvent("call.ended", {}, at), NewEvent("note.updated", note, at)])
            return held.state.note or {}

        note = self._with(call_id, hang_up)
        self._held.ended(call_id)
        return note

    def _opening(self, call: Call) -> list[NewEvent]:
        at = call.started_at or datetime.now(UTC).isoformat()
        body = {name: value for name, value in vars(call).items() if name != "call_id"}
        begun = fold(call.call_id, [Event(call.call_id, 0, at, "call.started", body)])
        reactions = open_call(begun, self.desk, self._day(begun))
        return [NewEvent("call.started", body, at), *new_events(reactions, at)]

    def _take_in(self, held: Held, turn: Turn) -> None:
        state = held.state
        masked = held.redactor.redact(turn)
        said = replace(turn, text=masked.text)
        at = self._now(state, turn.t_ms)
        language = language_now(self._language(state, said), [*state.turns.values(), said])
        kept = keep(said, state, self.desk, language)
        heard, day = kept.turn, self._day(state)
        reactions = react(
            state, heard, self.desk, language=language, on=day, min_score=self._min_score, withheld=kept.withheld
        )
        amended = {amend.turn_id: amend.text for amend in masked.amends if _was_stored(state, amend.turn_id)}
        new = [NewEvent("turn.final", turn_body(heard), at), *new_events(reactions, at)]
        partials = dict.fromkeys(partial_keys(turn) & state.partials.keys(), "") if masked.spans else {}
        self._append_words(held, [*new, *_corrections(state, amended, at)], {**partials, **amended})

    def _correct(self, held: Held, before: Turn, turn: Turn, masked: Redacted) -> None:
        state = held.state
        speaker = before.speaker if turn.speaker == "unknown" else turn.speaker
        t_ms = before.t_ms if turn.t_ms is None else turn.t_ms
        heard = Turn(turn.turn_id, speaker, masked.text, t_ms)
        at, language = self._now(state, t_ms), self._language(state)
        withdrawn = withdrawn_cues(state, heard)
        then = before_turn(state, turn.turn_id, withdrawn)
        reactions = react(then, heard, self.desk, language=language, on=self._day(state), min_score=self._min_score)
        reactions = without_second_card(state, turn.turn_id, reactions)
        told = {**turn_body(heard), "withdraws": withdrawn}
        amended = {amend.turn_id: amend.text for amend in masked.amends if _was_stored(state, amend.turn_id)}
        new = [NewEvent("turn.corrected", told, at), *new_events(reactions, at), *_corrections(state, amended, at)]
        is_secret = bool(masked.spans or marks_in(before.text))
        self._append_words(held, new, {**amended, **({turn.turn_id: masked.text} if is_secret else {})})

    def _append_words(self, held: Held, new: Sequence[NewEvent], late: Mapping[str, str]) -> None:
        """Append what turns set off; `late` are turns found secret only now. After hang-up the note is kept true."""
        state = held.state
        note = self._note_after(held, new, is_secret=bool(late)) if state.ended else None
        if note is not None:
            new = [*new, NewEvent("note.updated", note, self._now(state))]
        self._append(held, new, rewritten(self._log.read(state.call_id), late, note) if late else None)

    def _note_after(self, held: Held, new: Sequence[NewEvent], *, is_secret: bool) -> Mapping[str, Any] | None:
        state, after = held.state, deepcopy(held.state)
        for event in new:
            after.apply(Event(state.call_id, state.seq, event.at, event.type, event.body))
        may_rewrite = is_secret or state.note is None or not is_settled(state.note)
        return rewritten_note(self._compose(held, after), state.note) if may_rewrite else None


def _was_stored(state: CallState, turn_id: str) -> bool:
    """Whether the words of a turn stand in the log; those that may not be kept never do, masked or not."""
    return turn_id in state.turns and state.turns[turn_id].text not in PLACEHOLDERS


def _corrections(state: CallState, amended: Mapping[str, str], at: str) -> list[NewEvent]:
    """The masking of earlier turns, told as corrections."""
    turns = [replace(state.turns[turn_id], text=text) for turn_id, text in amended.items()]
    return [NewEvent("turn.corrected", turn_body(turn), at) for turn in turns]
