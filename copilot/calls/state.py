"""What is known about a call at this moment: a fold of its events, nothing else.

The same events give the same state, so whatever was acknowledged can be rebuilt after a crash.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from copilot.guard.verification import Standing
from copilot.store.events import Event
from copilot.transcript import Turn
from knowledge.rules.verification import Level

Stage = Literal["opening", "discovery", "resolution", "closing", "ended"]
CAPTURE_PAUSED = "[capture paused]"
BEFORE_NOTICE = "[before the recording notice]"
PLACEHOLDERS = (CAPTURE_PAUSED, BEFORE_NOTICE)  # what stands for words that may not be kept
SCRIPT = "script"  # the kind of a cue.raised that stands for a must-say line heard
AuthLevel: TypeAlias = Level
WITHHELD = "kept_back"  # under this key the log keeps what a reader may not see yet; no reader ever gets it
REVEALS = "reveals"  # of an event that is told again, whole: the number of the one it was hidden in


@dataclass(frozen=True)
class Raised:
    """A cue that was heard, and where."""

    cue_id: str
    kind: str
    label: str
    turn_id: str
    words: str


@dataclass(frozen=True)
class SaidLine:
    """A must-say line of a script that the agent said: `line` counts from 1 in its step, `near` is 0..1."""

    doc_id: str
    step: int
    line: int
    text: str
    turn_id: str
    near: float


@dataclass(frozen=True)
class Verified:
    """The result of a verification: heard in a turn, or reported with its method by another system."""

    result: str
    turn_id: str | None
    method: str | None


@dataclass
class CallState:
    """The state of one call; `apply` is the only thing that changes it."""

    call_id: str
    channel: str = "voice"
    language: str | None = None
    started_at: str | None = None
    customer_id: str | None = None
    seq: int = 0
    turns: dict[str, Turn] = field(default_factory=dict)
    turn_seq: dict[str, int] = field(default_factory=dict)
    partials: dict[str, str] = field(default_factory=dict)  # what is being said and not final, by turn_id or stream
    finals_to: dict[str, int] = field(default_factory=dict)  # of each stream, the highest number of a final
    cues: list[Raised] = field(default_factory=list)
    said_lines: list[SaidLine] = field(default_factory=list)
    cards: list[Mapping[str, Any]] = field(default_factory=list)
    auth_level: AuthLevel = "none"
    released: frozenset[str] = frozenset()  # classes a release path opened, whatever the level
    waiting: dict[int, Event] = field(default_factory=dict)  # hidden events by number, with what they withhold
    verifications: list[Verified] = field(default_factory=list)
    consents: list[Mapping[str, Any]] = field(default_factory=list)  # bodies of consent.changed, in order
    attempts: dict[int, Mapping[str, Any]] = field(default_factory=dict)  # save attempts, by number, with their outcome
    advised: list[Mapping[str, Any]] = field(default_factory=list)  # offer.* bodies that belong to no attempt
    note: Mapping[str, Any] | None = None
    ended: bool = False
    capture_paused: bool = False
    pause_reason: str | None = None  # why it is paused, where that is known
    pauses: int = 0
    spoken_until: int = 0  # the latest `t_ms` of a turn
    has_late_turns: bool = False  # one may stand behind turns that were spoken after it
    _first_heard: dict[str, str] | None = field(default=None, init=False, repr=False, compare=False)

    def apply(self, event: Event) -> None:
        """Take one more event into account; events come in the order of their numbers."""
        self.seq = event.seq
        if WITHHELD in event.body:
            self.waiting[event.seq] = event
        if REVEALS in event.body:
            self.waiting.pop(event.body[REVEALS], None)
        handler = _HANDLERS.get(event.type)
        if handler is not None:
            handler(self, event)

    @property
    def first_heard(self) -> Mapping[str, str]:
        """The turn in which each cue was heard first; asked for many times a turn, so it is kept."""
        if self._first_heard is None:
            self._first_heard = {raised.cue_id: raised.turn_id for raised in reversed(self.cues)}
        return self._first_heard

    @property
    def cue_ids(self) -> AbstractSet[str]:
        """Every cue heard so far."""
        return self.first_heard.keys()

    @property
    def standing(self) -> Standing:
        """How far the caller is verified."""
        return Standing(self.auth_level, self.released)

    @property
    def recording(self) -> bool | None:
        """The last word on recording: notice given, refused, or neither yet."""
        return next((body["given"] for body in reversed(self.consents) if body["kind"] == "recording"), None)

    @property
    def stage(self) -> Stage:
        """How far the call has come."""
        heard = self.cue_ids
        if self.ended:
            return "ended"
        if "closing" in heard:
            return "closing"
        if heard & {"action_done", "offer_presented", "promise_made"}:
            return "resolution"
        return "discovery" if any(raised.kind == "intent" for raised in self.cues) else "opening"


def in_spoken_order(state: CallState) -> CallState:
    """The state with its turns in the order they were spoken: one that came late stands where its `t_ms` puts it."""
    if not state.has_late_turns:
        return state
    keys: list[int] = []
    for turn in state.turns.values():
        keys.append(turn.t_ms if turn.t_ms is not None else keys[-1] if keys else 0)
    ordered = sorted(zip(keys, state.turns.items(), strict=True), key=lambda keyed: keyed[0])
    return replace(state, turns=dict(item for _, item in ordered))


def fold(call_id: str, events: Iterable[Event]) -> CallState:
    """The state of a call after these events."""
    state = CallState(call_id)
    for event in events:
        state.apply(event)
    return state


def with_reactions(state: CallState, turn: Turn, reactions: Iterable[tuple[str, Mapping[str, Any]]]) -> CallState:
    """The state as it will be once a turn and what it sets off so far are appended; `state` stays as it is."""
    then = replace(
        state,
        turns={**state.turns, turn.turn_id: turn},
        turn_seq={turn.turn_id: state.seq + 1, **state.turn_seq},
        cues=[*state.cues],
        said_lines=[*state.said_lines],
        cards=[*state.cards],
        waiting=dict(state.waiting),
        verifications=[*state.verifications],
        consents=[*state.consents],
        attempts=dict(state.attempts),
        advised=[*state.advised],
    )
    for seq, (event_type, body) in enumerate(reactions, start=state.seq + 2):
        then.apply(Event(state.call_id, seq, "", event_type, body))
    return then


def _started(state: CallState, event: Event) -> None:
    state.channel = event.body["channel"]
    state.language = event.body["language"]
    state.started_at = event.body["started_at"]
    state.customer_id = event.body["customer_id"]


def _turn(state: CallState, event: Event) -> None:
    body = event.body
    turn = Turn(body["turn_id"], body["speaker"], body["text"], body.get("t_ms"))
    _place(state, turn)
    state.turns[turn.turn_id] = turn
    state.turn_seq.setdefault(body["turn_id"], event.seq)
    state.partials.pop(body["turn_id"], None)
    if "stream" in body:
        state.partials.pop(body["stream"], None)
        state.finals_to[body["stream"]] = max(body["number"], state.finals_to.get(body["stream"], body["number"]))


def _place(state: CallState, turn: Turn) -> None:
    """Notice a turn that comes late, or one that a correction moves."""
    known = state.turns.get(turn.turn_id)
    if known is not None:
        state.has_late_turns |= known.t_ms != turn.t_ms
    elif turn.t_ms is not None:
        state.has_late_turns |= turn.t_ms < state.spoken_until
        state.spoken_until = max(state.spoken_until, turn.t_ms)


def _partial(state: CallState, event: Event) -> None:
    state.partials[event.body["turn_id"]] = event.body["text"]


def _corrected(state: CallState, event: Event) -> None:
    body = event.body
    withdrawn = body.get("withdraws", ())
    state.cues = [cue for cue in state.cues if cue.turn_id != body["turn_id"] or cue.cue_id not in withdrawn]
    state._first_heard = None
    _turn(state, event)


def _cue(state: CallState, event: Event) -> None:
    body = event.body
    if body["kind"] == SCRIPT:  # what the agent read out is not what the call is about
        said = SaidLine(body["doc_id"], body["step"], body["line"], body["label"], body["turn_id"], body["near"])
        state.said_lines.append(said)
        return
    state.cues.append(Raised(body["cue_id"], body["kind"], body["label"], body["turn_id"], body["words"]))
    if state._first_heard is not None:
        state._first_heard.setdefault(body["cue_id"], body["turn_id"])


def _card(state: CallState, event: Event) -> None:
    """A card is known once, whole, whether the reader has seen all of it or not."""
    if REVEALS not in event.body:
        state.cards.append(event.body.get(WITHHELD, event.body))


def _auth(state: CallState, event: Event) -> None:
    body = event.body
    standing = state.standing.after(body["level"], body.get("releases", ()))
    state.auth_level, state.released = standing.level, standing.released
    state.verifications.append(Verified(body["result"], body.get("turn_id"), body.get("method")))


def _consent(state: CallState, event: Event) -> None:
    state.consents.append(event.body)


def _attempt(state: CallState, event: Event) -> None:
    number = event.body.get("attempt")
    if number is not None:  # what was spoken; an offer shown on a card is no attempt yet
        known = state.attempts.get(number, {})
        named = event.body.get("offer_id") or known.get("offer_id")  # at the answer it may be known better
        answer = {"answered_in": event.body.get("turn_id")} if event.type == "offer.outcome" else {}
        state.attempts[number] = {**event.body, **answer, **known, "offer_id": named}
    elif REVEALS not in event.body:
        state.advised.append(event.body.get(WITHHELD, event.body))


def _note(state: CallState, event: Event) -> None:
    state.note = event.body


def _capture(state: CallState, event: Event) -> None:
    state.capture_paused = event.type == "capture.paused"
    state.pause_reason = event.body.get("reason")
    state.pauses += state.capture_paused


def _ended(state: CallState, _event: Event) -> None:
    state.ended = True


_HANDLERS = {
    "call.started": _started,
    "turn.final": _turn,
    "turn.partial": _partial,
    "turn.corrected": _corrected,
    "cue.raised": _cue,
    "card.shown": _card,
    "auth.changed": _auth,
    "consent.changed": _consent,
    "offer.shown": _attempt,
    "offer.outcome": _attempt,
    "note.updated": _note,
    "capture.paused": _capture,
    "capture.resumed": _capture,
    "call.ended": _ended,
}
