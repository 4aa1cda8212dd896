"""Live calls: turns in, events out. A turn is masked, answered and stored in one transaction, then acknowledged.

A call is rebuilt from its events whenever this process does not hold it, or somebody else has moved it on.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock, RLock
from typing import Any, TypeVar

from copilot.calls.desk import Desk
from copilot.calls.fast_path import open_call, react
from copilot.calls.language import detect_language
from copilot.calls.moment import Reaction
from copilot.calls.note import compose_note, labels_of, warm_up
from copilot.calls.slow_path import CAPTURE_PAUSED, Progress, Snapshot, snapshot, without_turns
from copilot.calls.state import CallState, fold
from copilot.errors import Conflict
from copilot.guard.masking import mask_values, policy_for
from copilot.guard.redaction import Redactor
from copilot.store import Call, Event, EventLog, MovedOn, NewEvent
from copilot.transcript import Transcript, Turn

CALLS_IN_MEMORY = 2000
ENDED_IN_MEMORY = 50  # of these: a call that has ended is seldom asked for, and then rebuilt from its events
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


@dataclass
class _Held:
    """A call this process holds: its state, and what the redactor still has in its ear."""

    state: CallState
    redactor: Redactor
    recent: tuple[Event, ...] = ()  # the last events of the log, as they stand in it
    lock: RLock = field(default_factory=RLock)


class LiveCalls:
    """The calls of one tenant; safe to use from several threads and beside other processes."""

    def __init__(
        self, log: EventLog, desk: Desk, *, min_score: float = DEFAULT_MIN_SCORE, wake: Wake | None = None
    ) -> None:
        self.desk = desk
        self._log = log
        warm_up(desk.pack.head.languages)
        self.policy = policy_for(desk.pack.head.redaction.kinds)
        self._min_score = min_score
        self._wake = wake or (lambda _call_id: None)
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def start(self, transcript: Transcript) -> bool:
        """Announce a call; False when it was announced before, which changes nothing."""
        started_at = transcript.started_at.isoformat() if transcript.started_at else None
        call = Call(transcript.call_id, transcript.channel, transcript.language, started_at, transcript.customer_id)
        created = self._log.create_call(call)
        if created:
            self.desk.refresh()

        def open_once(held: _Held) -> None:
            if held.state.seq == 0:
                self._append(held, self._opening(call))

        self._with(call.call_id, open_once)
        return created

    def add_turns(self, call_id: str, turns: Sequence[Turn]) -> Accepted:
        """Take turns in; they are durable when this returns.

        A turn whose id is known is a repeat and changes nothing, whatever its text.

        Raises:
            NotFound: the call was never announced.
            Conflict: the call has ended.
        """
        accepted: set[str] = set()

        def take_in(held: _Held) -> Accepted:
            new = [turn for turn in turns if turn.turn_id not in held.state.turns]
            if new and held.state.ended:
                raise Conflict(f"Call {call_id!r} has ended and takes no more turns. Start another call.")
            for turn in new:
                if turn.turn_id not in held.state.turns:  # twice in one request
                    self._take_in(held, turn)
                    accepted.add(turn.turn_id)
            return Accepted(len(accepted), len(turns) - len(accepted), held.state.seq)

        return self._with(call_id, take_in)

    def end(self, call_id: str) -> Mapping[str, Any]:
        """Hang up: the note, in the contract's form; a second time the same note."""

        def hang_up(held: _Held) -> Mapping[str, Any]:
            if not held.state.ended:
                note = self._compose(held.state)
                at = self._now(held.state)
                self._append(held, [NewEvent("call.ended", {}, at), NewEvent("note.updated", note, at)])
            return held.state.note or {}

        note = self._with(call_id, hang_up)
        self._let_go_of_older_than(call_id)
        return note

    def note(self, call_id: str) -> Mapping[str, Any]:
        """The note as it stands: the one stored, or while the call runs what it would be now."""
        return self._with(call_id, lambda held: held.state.note or self._compose(held.state))

    def edit_note(self, call_id: str, changes: Mapping[str, Any], by: str) -> Mapping[str, Any]:
        """Store a person's changes to the note of a call that has ended, masked like everything else.

        Raises:
            Conflict: the call is still running.
        """

        def edit(held: _Held) -> Mapping[str, Any]:
            if held.state.note is None:
                raise Conflict(f"Call {call_id!r} is still running. End it first; then its note can be edited.")
            edited = {**held.state.note, **mask_values(changes, self.policy), "edited_by": by}
            body = {**edited, **labels_of(edited, self.desk.pack)}
            self._append(held, [NewEvent("note.updated", body, self._now(held.state))])
            return body

        return self._with(call_id, edit)

    def record(self, call_id: str, event_type: str, body: Mapping[str, Any]) -> int:
        """Append what a person or another system reports (verification, consent, capture, feedback); its number."""

        def append(held: _Held) -> int:
            masked = mask_values(body, self.policy)
            self._append(held, [NewEvent(event_type, masked, self._now(held.state))])
            return held.state.seq

        return self._with(call_id, append)

    def append_if(
        self, call_id: str, event_type: str, body_of: Callable[[CallState], Mapping[str, Any] | None]
    ) -> bool:
        """Append what was prepared beside the call; whether it still fitted.

        `body_of` is given the call as it stands and answers the body, or None when there is nothing to say any more.
        It runs while nobody else may touch the call, so it must be quick.
        """

        def append(held: _Held) -> bool:
            body = body_of(held.state)
            if body is not None:
                self._append(held, [NewEvent(event_type, body, self._now(held.state))])
            return body is not None

        return self._with(call_id, append)

    def snapshot(self, call_id: str) -> Snapshot:
        """A copy of the call for the slow path."""
        return self._with(call_id, lambda held: snapshot(held.state, self._language(held.state)))

    def progress(self, call_id: str) -> Progress | None:
        """How far a call has come, without waiting for its lock; None when this process does not hold it."""
        held = self._held.get(call_id)
        if held is None:
            return None
        state, last = held.state, held.recent[-1:]
        is_new = any(one.type == "note.updated" and "edited_by" not in one.body for one in last)
        is_new = is_new and not any("worded_by" in one.body for one in last)
        return Progress(len(state.turns), state.ended, is_new)

    def has_ended(self, call_id: str) -> bool:
        """Whether the call was hung up."""
        return self._with(call_id, lambda held: held.state.ended)

    def summary(self, call_id: str) -> Mapping[str, Any]:
        """How the call stands: stage, verification, what it is about, open questions, and what was promised."""

        def sum_up(held: _Held) -> Mapping[str, Any]:
            state, note = held.state, held.state.note or self._compose(held.state)
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
            }

        return self._with(call_id, sum_up)

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
        return events

    def recent_events(self, call_id: str, after: int) -> Sequence[Event]:
        """Events behind number `after` that this process remembers; waits for nothing and nobody.

        Empty when there are none, and when not all of them are remembered: then `events` knows.
        """
        with self._lock:
            held = self._held.get(call_id)
        recent = held.recent if held else ()
        is_complete = bool(recent) and recent[0].seq <= after + 1
        return [event for event in recent if event.seq > after] if is_complete else ()

    def _with(self, call_id: str, action: Callable[[_Held], T]) -> T:
        """Run an action on a call nobody else in this process touches; again when another process got in between."""
        held = self._hold(call_id)
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

    def _hold(self, call_id: str) -> _Held:
        with self._lock:
            held = self._held.setdefault(call_id, _Held(CallState(call_id), Redactor(self.policy)))
            self._held.move_to_end(call_id)
            while len(self._held) > CALLS_IN_MEMORY:
                self._held.popitem(last=False)
            return held

    def _let_go_of_older_than(self, ended: str) -> None:
        with self._lock:
            self._ended[ended] = None
            self._ended.move_to_end(ended)
            while len(self._ended) > ENDED_IN_MEMORY:
                oldest, _ = self._ended.popitem(last=False)
                self._held.pop(oldest, None)

    def _reload(self, held: _Held) -> None:
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

    def _take_in(self, held: _Held, turn: Turn) -> None:
        state = held.state
        masked = held.redactor.redact(turn)
        text = CAPTURE_PAUSED if state.capture_paused else masked.text
        heard = Turn(turn.turn_id, turn.speaker, text, turn.t_ms)
        at = self._now(state, turn.t_ms)
        language = self._language(state, heard)
        reactions = react(state, heard, self.desk, language=language, on=self._day(state), min_score=self._min_score)
        late = {amend.turn_id: amend.text for amend in masked.amends if _was_stored(state, amend.turn_id)}
        corrections = [NewEvent("turn.corrected", _turn_body(_with_text(state, *fix)), at) for fix in late.items()]
        new = [NewEvent("turn.final", _turn_body(heard), at), *_new_events(reactions, at), *corrections]
        self._append(held, new, self._rewritten(state, late) if late else None)

    def _rewritten(self, state: CallState, late: Mapping[str, str]) -> dict[int, Mapping[str, Any]]:
        """Stored bodies that hold words of turns found secret only now, as they shall stand from here on."""
        return {
            event.seq: {**event.body, **_without_words(event.body, late)}
            for event in self._log.read(state.call_id)
            if _without_words(event.body, late)
        }

    def _append(self, held: _Held, new: Sequence[NewEvent], rewritten: Mapping[int, Any] | None = None) -> None:
        state = held.state
        before = state.seq
        self._log.append(state.call_id, before, new, rewritten)
        events = [Event(state.call_id, place, one.at, one.type, one.body) for place, one in enumerate(new, before + 1)]
        for event in events:
            state.apply(event)
        # What was rewritten in the log must not be told from memory as it was before.
        held.recent = () if rewritten else (*held.recent, *events)[-EVENTS_IN_MEMORY:]
        self._wake(state.call_id)

    def _compose(self, state: CallState) -> Mapping[str, Any]:
        return compose_note(state, self.desk.pack, language=self._language(state)).as_json()

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


def _turn_body(turn: Turn) -> dict[str, Any]:
    return {"turn_id": turn.turn_id, "speaker": turn.speaker, "text": turn.text, "t_ms": turn.t_ms}


def _was_stored(state: CallState, turn_id: str) -> bool:
    """Whether the words of a turn stand in the log; those said during a pause never do, masked or not."""
    return turn_id in state.turns and state.turns[turn_id].text != CAPTURE_PAUSED


def _with_text(state: CallState, turn_id: str, text: str) -> Turn:
    return replace(state.turns[turn_id], text=text)


def _without_words(body: Mapping[str, Any], late: Mapping[str, str]) -> dict[str, Any]:
    """What changes in an event's body when the words of these turns must go."""
    if body.get("turn_id") in late:
        return {"text": late[body["turn_id"]]} if "text" in body else {"words": ""} if "words" in body else {}
    if "answer_id" in body:
        return without_turns(body, late)
    if "card_id" in body and any(turn_id in late for turn_id in body.get("turn_ids", ())):
        return {"reason": ""}
    return {}
