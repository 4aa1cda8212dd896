"""What all of a tenant's live calls rest on: holding a call, appending to its log, rebuilding it from there.

A call is rebuilt from its events whenever this process does not hold it, or somebody else has moved it on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import Any, TypeVar

from copilot.calls import navigator
from copilot.calls.desk import Desk
from copilot.calls.disclosing import gated
from copilot.calls.held import Held, HeldCalls
from copilot.calls.moment import Reaction
from copilot.calls.note import compose_note, preview_note, warm_up
from copilot.calls.state import CallState, fold, in_spoken_order
from copilot.guard.masking import policy_for
from copilot.guard.redaction import Redactor
from copilot.spoken.language import detect_language
from copilot.store import Event, EventLog, MovedOn, NewEvent
from copilot.transcript import Turn

EVENTS_IN_MEMORY = 32  # of each call; a stream that follows it reads them without asking the database
APPEND_ATTEMPTS = 5
LANGUAGE_SAMPLE_TURNS = 6
DEFAULT_MIN_SCORE = 0.3

T = TypeVar("T")
Wake = Callable[[str], None]


class CallCore:
    """The calls of one tenant, without what can be done with them; safe to use from several threads."""

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

    def _compose(self, held: Held, state: CallState) -> Mapping[str, Any]:
        """The note of a held call, in a state it is in or about to be in."""
        ordered, language = in_spoken_order(state), self._language(state)
        return compose_note(ordered, self.desk.pack, language=language, form=held.form).as_json()

    def _preview(self, held: Held) -> Mapping[str, Any]:
        """The note of a running call as it may be seen now; asked for again before anything happens, the same."""
        state = held.state
        if held.preview is None or held.preview[0] != state.seq:
            ordered, language = in_spoken_order(state), self._language(state)
            note = preview_note(ordered, self.desk.pack, self.desk.rulebook, language=language, form=held.form)
            held.preview = (state.seq, note.as_json())
        return held.preview[1]

    def _read_on(self, held: Held) -> None:
        """Read the form as far as the call has come: at hang-up its last turn is left to read."""
        turns = in_spoken_order(held.state).turns
        held.form.hear(list(turns.values()), self._language(held.state))

    def _language(self, state: CallState, turn: Turn | None = None) -> str:
        if state.language:
            return state.language
        said = islice(chain(state.turns.values(), [turn] if turn else []), LANGUAGE_SAMPLE_TURNS)
        return detect_language([turn.text for turn in said], self.desk.pack.head.default_language)

    def _day(self, state: CallState) -> date:
        return datetime.fromisoformat(state.started_at).date() if state.started_at else datetime.now(UTC).date()

    def _now(self, state: CallState, t_ms: int | None = None) -> str:
        """When something happened: by the call's own clock where it has one."""
        if state.started_at and t_ms is not None:
            return (datetime.fromisoformat(state.started_at) + timedelta(milliseconds=t_ms)).isoformat()
        return datetime.now(UTC).isoformat()


def new_events(reactions: Sequence[Reaction], at: str) -> list[NewEvent]:
    """What a turn or a report set off, as events of a time."""
    return [NewEvent(reaction.type, reaction.body, at) for reaction in reactions]
