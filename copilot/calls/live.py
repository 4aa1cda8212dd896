"""Live calls: turns in, events out. A turn is masked, answered and stored in one transaction, then acknowledged.

A call is rebuilt from its events whenever this process does not hold it, or somebody else has moved it on.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from copilot.calls import navigator
from copilot.calls.capture import PLACEHOLDERS, keep, keep_partial, may_capture
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
from copilot.calls.desk import Desk
from copilot.calls.disclosing import for_readers, gated
from copilot.calls.fast_path import open_call, react
from copilot.calls.held import Held, HeldCalls
from copilot.calls.language import detect_language, language_now
from copilot.calls.leaving import summary_of
from copilot.calls.moment import Reaction
from copilot.calls.note import (
    compose_note,
    edited_note,
    history_of,
    is_settled,
    preview_note,
    signed_note,
    warm_up,
)
from copilot.calls.state import AuthLevel, CallState, fold, in_spoken_order
from copilot.calls.verifying import auth_reported
from copilot.calls.watchers.recording import RECORDING, REFUSED
from copilot.errors import BadInput, Conflict
from copilot.guard.dispatch import DispatchConsent, as_json, missing_fields
from copilot.guard.identifiers import refuse_secret
from copilot.guard.masking import mask_values, policy_for
from copilot.guard.redaction import Redacted, Redactor, marks_in
from copilot.guard.verification import Standing
from copilot.store import Call, Event, EventLog, MovedOn, NewEvent
from copilot.transcript import Transcript, Turn

EVENTS_IN_MEMORY = 32  # of each call; a stream that follows it reads them without asking the database
APPEND_ATTEMPTS = 5
LANGUAGE_SAMPLE_TURNS = 6
DEFAULT_MIN_SCORE = 0.3

T = TypeVar("T")
Wake = Callable[[str], None]


@dataclass(frozen=True)
class Accepted:
    """How many turns were new, how many had been accepted before, and the number of the last event."""

    accepted: int
    duplicates: int
    seq: int


class LiveCalls:
    """The calls of one tenant; safe to use from several threads and beside other processes."""

    def __init__(
        self, log: EventLog, desk: Desk, *, min_score: float = DEFAULT_MIN_SCORE, wake: Wake | None = None
    ) -> None:
        self.desk = desk
        self._log = log
        warm_up(desk.pack.head.languages)
        navigator.warm_up(desk.must_says())
        self.policy = policy_for(desk.pack.head.redaction.kinds, desk.pack.head.numbers)
        self._min_score = min_score
        self._wake = wake or (lambda _call_id: None)
        self._held = HeldCalls(self.policy)

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

    def started_at(self, call_id: str) -> datetime | None:
        """When the call began, if whoever announced it said so."""
        started_at = self._with(call_id, lambda held: held.state.started_at)
        return datetime.fromisoformat(started_at) if started_at else None

    def end(self, call_id: str) -> Mapping[str, Any]:
        """Hang up: the note, in the contract's form; a second time the same note."""

        def hang_up(held: Held) -> Mapping[str, Any]:
            if not held.state.ended:
                note = self._compose(held.state)
                at = self._now(held.state)
                self._append(held, [NewEvent("call.ended", {}, at), NewEvent("note.updated", note, at)])
            return held.state.note or {}

        note = self._with(call_id, hang_up)
        self._held.ended(call_id)
        return note

    def note(self, call_id: str) -> Mapping[str, Any]:
        """The note as it stands: the one stored, or while the call runs what it would be now.

        While the call runs, lines above the caller's level are left out; `withheld` says how many.
        """
        return self._with(call_id, lambda held: held.state.note or self._preview(held.state))

    def edit_note(
        self, call_id: str, changes: Mapping[str, Any], by: str, *, why: str | None = None
    ) -> Mapping[str, Any]:
        """Store a person's changes to the note of a call that has ended, masked like everything else.

        Raises:
            Conflict: the call is still running.
            BadInput: a code the pack does not have, or a signed note and no reason for the edit.
        """

        def edit(note: Mapping[str, Any], at: str) -> Mapping[str, Any]:
            masked, reason = mask_values(changes, self.policy), mask_values(why, self.policy)
            return edited_note(note, masked, by=by, at=at, why=reason, pack=self.desk.pack)

        return self._with(call_id, lambda held: self._rewrite_note(held, edit))

    def sign_note(self, call_id: str, name: str) -> Mapping[str, Any]:
        """Sign the note of a call that has ended; it stays as it is until somebody edits it and says why.

        Raises:
            Conflict: the call is still running.
        """

        def sign(note: Mapping[str, Any], at: str) -> Mapping[str, Any]:
            return signed_note(note, name=mask_values(name, self.policy), at=at)

        return self._with(call_id, lambda held: self._rewrite_note(held, sign))

    def note_history(self, call_id: str) -> list[dict[str, Any]]:
        """The versions of the note, the first one first, each with what it changed; empty while the call runs."""
        return history_of((event.at, event.body) for event in self.events(call_id) if event.type == "note.updated")

    def may_reword_note(self, call_id: str) -> bool:
        """Whether an automatic rewording may still change the note: the call has ended, no person has touched it."""
        return self._with(call_id, lambda held: held.state.note is not None and not is_settled(held.state.note))

    def reword_note(self, call_id: str, changes: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Store an automatic rewording, masked; None, and nothing changes, once a person has edited or signed."""

        def reword(held: Held) -> Mapping[str, Any] | None:
            if held.state.note is None or is_settled(held.state.note):
                return None
            body = {**held.state.note, **mask_values(changes, self.policy)}
            self._append(held, [NewEvent("note.updated", body, self._now(held.state))])
            return body

        return self._with(call_id, reword)

    def _rewrite_note(
        self, held: Held, change: Callable[[Mapping[str, Any], str], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        if held.state.note is None:
            raise Conflict(
                f"Call {held.state.call_id!r} is still running. End it first; then its note can be edited and signed."
            )
        at = self._now(held.state)
        body = change(held.state.note, at)
        self._append(held, [NewEvent("note.updated", body, at)])
        return body

    def record(self, call_id: str, event_type: str, body: Mapping[str, Any]) -> int:
        """Append what a person or another system reports (verification, consent, capture, feedback); its number."""

        def append(held: Held) -> int:
            masked = mask_values(body, self.policy)
            self._append(held, [NewEvent(event_type, masked, self._now(held.state))])
            return held.state.seq

        return self._with(call_id, append)

    def report_auth(self, call_id: str, level: AuthLevel, method: str | None) -> int:
        """Append a verification done elsewhere, by a person or a system; the number of its event.

        Raises:
            BadInput: the method is unknown, proves nothing, or does not carry to this level.
        """

        def append(held: Held) -> int:
            reactions = auth_reported(held.state, self.desk, level, mask_values(method, self.policy))
            self._append(held, _new_events(reactions, self._now(held.state)))
            return held.state.seq

        return self._with(call_id, append)

    def consent(self, call_id: str, body: Mapping[str, Any]) -> int:
        """Append a consent; one about recording stops the capture, or takes it up again. The number of the last event.

        A pause for a payment is not taken up again: whoever made it ends it.
        """

        def append(held: Held) -> int:
            state, at = held.state, self._now(held.state)
            new = [NewEvent("consent.changed", mask_values(body, self.policy), at)]
            if body["kind"] == RECORDING and not body["given"] and not state.capture_paused:
                new.append(NewEvent("capture.paused", {"reason": REFUSED}, at))
            elif body["kind"] == RECORDING and body["given"] and state.pause_reason == REFUSED:
                new.append(NewEvent("capture.resumed", {}, at))
            self._append(held, new)
            return held.state.seq

        return self._with(call_id, append)

    def standing(self, call_id: str) -> tuple[Standing, str | None]:
        """How far the caller of a call is verified, and which customer it is about."""
        return self._with(call_id, lambda held: (held.state.standing, held.state.customer_id))

    def dispatch_consent(self, call_id: str, body: Mapping[str, Any], consent: DispatchConsent) -> int:
        """Append a consent to a field visit, with its record; what the call itself knows is filled in.

        Raises:
            BadInput: the record lacks what the pack requires; names the fields.
        """

        def append(held: Held) -> int:
            state, at = held.state, self._now(held.state)
            record = replace(
                consent,
                auth_level=consent.auth_level or state.auth_level,
                given_at=consent.given_at or datetime.fromisoformat(at),
                method=consent.method or state.channel,
            )
            rules = self.desk.gates.consent.dispatch
            if missing := missing_fields(record, rules):
                raise BadInput(
                    f"The dispatch consent lacks: {', '.join(missing)}. Needed are {', '.join(rules.required_fields)}, "
                    f"charge_disclosed true, auth_level one of {', '.join(rules.levels)}. Complete the record."
                )
            masked = mask_values({**body, "record": as_json(record)}, self.policy)
            self._append(held, [NewEvent("consent.changed", masked, at)])
            return held.state.seq

        return self._with(call_id, append)

    def set_capture(self, call_id: str, *, is_paused: bool) -> int:
        """Pause the capture or take it up again; the number of the last event. Doing it twice changes nothing.

        Raises:
            Conflict: the customer refused to be recorded, so it cannot be taken up again.
        """

        def append(held: Held) -> int:
            if not is_paused and held.state.recording is False:
                raise Conflict(
                    f"In call {call_id!r} the customer refused to be recorded. Once they agree, report that with "
                    'POST /v1/calls/{id}/consent {"kind": "recording", "given": true}.'
                )
            if held.state.capture_paused != is_paused:
                kind = "capture.paused" if is_paused else "capture.resumed"
                self._append(held, [NewEvent(kind, {}, self._now(held.state))])
            return held.state.seq

        return self._with(call_id, append)

    def has_ended(self, call_id: str) -> bool:
        """Whether the call was hung up."""
        return self._with(call_id, lambda held: held.state.ended)

    def summary(self, call_id: str) -> Mapping[str, Any]:
        """How the call stands: stage, verification, subject, open questions, promises, and what the note lacks."""

        def sum_up(held: Held) -> Mapping[str, Any]:
            state, note = held.state, held.state.note or self._preview(held.state)
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

    def has_card(self, call_id: str, card_id: str) -> bool:
        """Whether this card was shown in this call."""
        return self._with(call_id, lambda held: any(card["card_id"] == card_id for card in held.state.cards))

    def turns(self, call_id: str) -> list[Turn]:
        """What was said so far, masked, in order."""
        return self._with(call_id, lambda held: list(held.state.turns.values()))

    def jurisdictions(self, call_id: str) -> tuple[str, ...]:
        """Where the customer of a call is, as far as the pack knows."""
        return self._with(call_id, lambda held: self.desk.jurisdictions_of(held.state.customer_id))

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

    def _with(self, call_id: str, action: Callable[[Held], T]) -> T:
        """Run an action on a call nobody else in this process touches; again when another process got in between."""
        held = self._held.hold(call_id)
        with held.lock:
            if held.state.seq == 0:
                self._log.call(call_id)
                self._reload(held)
            for _ in range(APPEND_ATTEMPTS - 1):
                try:
                    return action(held)
                except MovedOn:
                    self._reload(held)
            return action(held)

    def _reload(self, held: Held) -> None:
        """Bring a held call up to what the log says, and let the redactor hear the turns again."""
        held.state = fold(held.state.call_id, self._log.read(held.state.call_id))
        held.recent = ()
        held.redactor = Redactor(self.policy)
        for turn in held.state.turns.values():
            held.redactor.redact(turn)

    def _opening(self, call: Call) -> list[NewEvent]:
        at = call.started_at or datetime.now(UTC).isoformat()
        body = {name: value for name, value in vars(call).items() if name != "call_id"}
        begun = fold(call.call_id, [Event(call.call_id, 0, at, "call.started", body)])
        reactions = open_call(begun, self.desk, self._day(begun))
        return [NewEvent("call.started", body, at), *_new_events(reactions, at)]

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
        new = [NewEvent("turn.final", turn_body(heard), at), *_new_events(reactions, at)]
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
        new = [NewEvent("turn.corrected", told, at), *_new_events(reactions, at), *_corrections(state, amended, at)]
        is_secret = bool(masked.spans or marks_in(before.text))
        self._append_words(held, new, {**amended, **({turn.turn_id: masked.text} if is_secret else {})})

    def _append_words(self, held: Held, new: Sequence[NewEvent], late: Mapping[str, str]) -> None:
        """Append what turns set off; `late` are turns found secret only now. After hang-up the note is kept true."""
        state = held.state
        note = self._note_after(state, new, is_secret=bool(late)) if state.ended else None
        if note is not None:
            new = [*new, NewEvent("note.updated", note, self._now(state))]
        self._append(held, new, rewritten(self._log.read(state.call_id), late, note) if late else None)

    def _note_after(self, state: CallState, new: Sequence[NewEvent], *, is_secret: bool) -> Mapping[str, Any] | None:
        after = deepcopy(state)
        for event in new:
            after.apply(Event(state.call_id, state.seq, event.at, event.type, event.body))
        may_rewrite = is_secret or state.note is None or not is_settled(state.note)
        return rewritten_note(self._compose(after), state.note) if may_rewrite else None

    def _append(self, held: Held, new: Sequence[NewEvent], rewritten: Mapping[int, Any] | None = None) -> None:
        state = held.state
        before = state.seq
        new = gated(state, new, self.desk.rulebook, state.language or self.desk.pack.head.default_language)
        self._log.append(state.call_id, before, new, rewritten)
        events = [Event(state.call_id, place, one.at, one.type, one.body) for place, one in enumerate(new, before + 1)]
        for event in events:
            state.apply(event)
        for seq, body in (rewritten or {}).items():
            if seq in state.waiting:
                state.waiting[seq] = replace(state.waiting[seq], body=body)
        # What was rewritten in the log must not be told from memory as it was before.
        held.recent = () if rewritten else (*held.recent, *events)[-EVENTS_IN_MEMORY:]
        self._wake(state.call_id)

    def _compose(self, state: CallState) -> Mapping[str, Any]:
        return compose_note(in_spoken_order(state), self.desk.pack, language=self._language(state)).as_json()

    def _preview(self, state: CallState) -> Mapping[str, Any]:
        language = self._language(state)
        return preview_note(in_spoken_order(state), self.desk.pack, self.desk.rulebook, language=language).as_json()

    def _language(self, state: CallState, turn: Turn | None = None) -> str:
        if state.language:
            return state.language
        said = [*state.turns.values(), *([turn] if turn else [])][:LANGUAGE_SAMPLE_TURNS]
        return detect_language([turn.text for turn in said], self.desk.pack.head.default_language)

    def _day(self, state: CallState) -> date:
        return datetime.fromisoformat(state.started_at).date() if state.started_at else datetime.now(UTC).date()

    def _now(self, state: CallState, t_ms: int | None = None) -> str:
        """When something happened: by the call's own clock where it has one."""
        if state.started_at and t_ms is not None:
            return (datetime.fromisoformat(state.started_at) + timedelta(milliseconds=t_ms)).isoformat()
        return datetime.now(UTC).isoformat()


def _new_events(reactions: Sequence[Reaction], at: str) -> list[NewEvent]:
    return [NewEvent(reaction.type, reaction.body, at) for reaction in reactions]


def _was_stored(state: CallState, turn_id: str) -> bool:
    """Whether the words of a turn stand in the log; those that may not be kept never do, masked or not."""
    return turn_id in state.turns and state.turns[turn_id].text not in PLACEHOLDERS


def _corrections(state: CallState, amended: Mapping[str, str], at: str) -> list[NewEvent]:
    """The masking of earlier turns, told as corrections."""
    turns = [replace(state.turns[turn_id], text=text) for turn_id, text in amended.items()]
    return [NewEvent("turn.corrected", turn_body(turn), at) for turn in turns]
