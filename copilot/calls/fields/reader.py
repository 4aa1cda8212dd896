"""Follows a call turn by turn: which questions are open, what answers them, what is said besides."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from copilot.calls.fields.answering import JOINED_SHAPES, alternatives, read_answer, read_code
from copilot.calls.fields.answers import take_name, take_route
from copilot.calls.fields.form import Field, Form
from copilot.calls.fields.lines import Line, Piece, Range, free_ranges
from copilot.calls.fields.questions import asked_slots
from copilot.calls.fields.requests import Told, answered_request, may_hold_request, stated_request, told_in, weight
from copilot.calls.fields.shapes import find_values, has_digit
from copilot.calls.fields.unasked import Taken, masked_things, named_things, shaped_things, wanted_times
from copilot.calls.fields.vocabulary import Shape, Slot, Vocabulary
from copilot.calls.fields.volunteered import Announced, announced_values, open_label

_LONGEST_LATE_NAME = 3  # words
_GREETING_REACH = 6  # words between "thank you for calling" and the agent's name
_LONGEST_ECHO = 3  # new words an agent may add while repeating an answer
_OFFERED_SHAPES: tuple[Shape, ...] = ("time", "date", "money")
_KEPT_IN_REQUESTS = ("place", "money", "choice", "number")


@dataclass(slots=True)
class _Window:
    """A question that is open: what was asked, and what the caller has said since."""

    slots: list[Slot] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)


class Reader:
    """Reads lines in order; `fields` ends the call."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._form = Form()
        self._window: _Window | None = None
        self._pending: list[Slot] = []  # asked or spoken of, and not given yet
        self._has_asked = False
        self._offer: tuple[Shape, str] | None = None  # what the agent has just proposed
        self._told: list[Told] = []  # by the caller, as long as it may be what they want
        self._claimed: dict[int, frozenset[int]] = {}  # words of a line that other fields hold
        self._texts: list[tuple[Slot, list[Piece]]] = []  # answers in free text

    def read(self, line: Line) -> None:
        """Take the next turn; system turns and empty ones are passed over."""
        if not line.words:
            return
        if line.speaker == "agent":
            self._read_agent(line)
        elif line.speaker == "customer":
            self._read_caller(line)
        elif line.speaker == "unknown":
            self._read_unknown(line)

    def copy(self) -> "Reader":
        """One that has read the same, and reads on by itself."""
        other = copy(self)
        other._form = self._form.copy()
        other._window = self._window and replace(
            self._window, pieces=list(self._window.pieces), answered=set(self._window.answered)
        )
        other._pending, other._told, other._texts = list(self._pending), list(self._told), list(self._texts)
        other._claimed = dict(self._claimed)
        return other

    def fields(self) -> list[Field]:
        """Everything that was given, when the call is over."""
        self._close()
        self._add_request()
        return self._form.fields()

    # --- the agent's side ----------------------------------------------------------------------------------------

    def _read_agent(self, line: Line) -> None:
        slots = asked_slots(line, self._vocabulary)
        self._offer = self._offered(line)
        for announced in announced_values(line, self._vocabulary):
            if announced.slot.from_agent:
                self._form.fill(announced.slot, [announced.found.value], [line.turn_id])
        if slots:
            self._close()
            self._window = _Window(slots)
            self._has_asked = True
            asked = {slot.name for slot in slots}
            self._pending = [slot for slot in self._pending if slot.name not in asked]
        elif self._window and self._vocabulary.repeat_asks.anywhere(line.words):
            slots = self._window.slots
            self._close()
            self._window = _Window(slots)
        elif self._window and not self._keeps_listening(line, self._window):
            self._close()

    def _keeps_listening(self, line: Line, window: _Window) -> bool:
        """Whether the agent only says "mhm" or repeats what was said, so that the answer may go on."""
        said = {word.key for piece, start, end in window.pieces for word in piece.words[start:end]}
        digits = "".join(word.key for piece, start, end in window.pieces for word in piece.words[start:end])
        known = said | self._vocabulary.backchannel
        new = [word for word in line.words if word.key not in known and not (has_digit(word) and word.key in digits)]
        return not new or (len(new) <= _LONGEST_ECHO and any(word.key in said for word in line.words))

    def _offered(self, line: Line) -> tuple[Shape, str] | None:
        """A time, a day or a sum in a turn that asks: "would 12 am be acceptable instead?"."""
        if not any(line.is_question_at(place) for place in (0, len(line.words) - 1)):
            return None
        for shape in _OFFERED_SHAPES:
            slot = self._vocabulary.slots["amount" if shape == "money" else shape]
            found = find_values(shape, line, 0, len(line.words), self._vocabulary, slot)
            if found:
                return shape, found[-1].value
        return None

    # --- the caller's side ---------------------------------------------------------------------------------------

    def _read_unknown(self, line: Line) -> None:
        """A turn of nobody in particular: what announces itself, once."""
        for announced in announced_values(line, self._vocabulary):
            start, end = max(0, announced.start - _GREETING_REACH), announced.end + _GREETING_REACH
            is_agents = announced.slot.shape == "name" and self._vocabulary.greetings.anywhere(
                line.words, start, min(end, len(line.words))
            )
            if not (is_agents or announced.is_hint or announced.slot.name in self._form):
                self._form.fill(announced.slot, [announced.found.value], [line.turn_id])
        for taken in shaped_things(line, [], self._form, self._vocabulary):
            self._form.fill(taken.slot, [taken.found.value], [line.turn_id])

    def _read_caller(self, line: Line) -> None:
        self._accept_offer(line)
        claims = self._take_unasked(line)
        held = self._held_elsewhere(line, claims)
        if held:
            self._claimed[line.index] = held
        if may_hold_request(len(self._told)):
            self._told.append(told_in(line, self._claimed, self._vocabulary))
        self._remember_mentioned(line)
        label = open_label(line, self._vocabulary)
        if label and not self._is_asked(label.slot):
            self._close()
            self._window = _Window([label.slot], [(line, label.start, len(line.words))])
            return
        rest = [(line, start, end) for start, end in free_ranges(line, claims)]
        if self._window:
            self._window.pieces += rest
            return
        self._correct(line, rest)
        self._fill_pending(rest)
        if not claims:
            self._fill_pending_name(line)

    def _take_unasked(self, line: Line) -> list[Range]:
        """Fill in what the turn gives by name or form; gives the words that are taken."""
        vocabulary, form = self._vocabulary, self._form
        asked = self._window.slots if self._window else []
        claims = self._take_announced(line)
        claims += self._take(named_things(line, vocabulary, asked), line)
        if not any(slot.shape == "address" for slot in asked):
            claims += self._take(shaped_things(line, claims, form, vocabulary), line)
        claims += self._take(wanted_times(line, claims, form, vocabulary, asked), line)
        if not any(slot.shape in JOINED_SHAPES for slot in asked):
            claims += self._take(masked_things(line, claims, vocabulary), line)
        return claims

    def _take(self, things: Sequence[Taken], line: Line) -> list[Range]:
        for taken in things:
            self._form.fill(taken.slot, [taken.found.value], [line.turn_id])
            if self._window and taken.is_claim:
                self._window.answered.add(taken.slot.name)
        return [(taken.found.start, taken.found.end) for taken in things if taken.is_claim]

    def _take_announced(self, line: Line) -> list[Range]:
        claims: list[Range] = []
        for announced in announced_values(line, self._vocabulary):
            slot = announced.slot
            if self._is_answer(announced) or (announced.is_hint and slot.name in self._form):
                continue
            others = alternatives(line, announced.found, slot, self._vocabulary)
            self._form.fill(slot, [announced.found.value, *others], [line.turn_id])
            if self._window:
                self._window.answered.add(slot.name)
            claims.append((announced.start, announced.end))
        return claims

    def _is_answer(self, announced: Announced) -> bool:
        """Whether the open question will read the value itself, with what follows in the next turns."""
        slot = announced.slot
        open_slots = self._window.slots if self._window else []
        for asked in open_slots:
            if asked.name == slot.name:
                return announced.is_hint or (slot.shape in (*JOINED_SHAPES, "money") and len(open_slots) == 1)
            if asked.shape == slot.shape and slot.generic and slot.shape != "name":
                return True
        return False

    def _is_asked(self, slot: Slot) -> bool:
        return self._window is not None and any(
            slot.name == asked.name or (slot.shape == asked.shape and (slot.generic or asked.generic))
            for asked in self._window.slots
        )

    def _held_elsewhere(self, line: Line, claims: Sequence[Range]) -> frozenset[int]:
        """Claimed words, with the small words in front of them, that a request need not repeat."""
        light = self._vocabulary.small_words | self._vocabulary.determiners
        held: set[int] = set()
        for start, end in claims:
            if self._is_kept_in_request(line, start, end):
                continue
            first = start
            while first > 0 and not line.words[first].before and line.words[first - 1].key in light:
                first -= 1
            held.update(range(first, end))
        return frozenset(held)

    def _is_kept_in_request(self, line: Line, start: int, end: int) -> bool:
        """Whether the words are needed: "change my departure to Broadway" says nothing without the place."""
        said = line.said(start, end).lower()
        return any(
            entry.slot.shape in _KEPT_IN_REQUESTS and entry.values[0].lower() in said
            for entry in self._form
            if line.turn_id in entry.turn_ids
        )

    def _remember_mentioned(self, line: Line) -> None:
        """A number that is spoken of may follow unnamed: "I forgot my pin", later "it's 7402"."""
        for place in range(len(line.words)):
            label = self._vocabulary.labels.at(line.words, place)
            if label and label[1].shape in JOINED_SHAPES and label[1].name not in self._form:
                self._pending = [slot for slot in self._pending if slot.name != label[1].name] + [label[1]]

    # --- offers and corrections ----------------------------------------------------------------------------------

    def _accept_offer(self, line: Line) -> None:
        offer, self._offer = self._offer, None
        if offer is None or not self._vocabulary.yes.anywhere(line.words, 0, min(3, len(line.words))):
            return
        slot = self._slot_for(offer[0])
        if slot:
            self._form.fill(slot, [offer[1]], [line.turn_id])
            if self._window:
                self._window.answered.add(slot.name)

    def _slot_for(self, shape: Shape) -> Slot | None:
        """The slot of that shape that was asked, filled or left open last."""
        asked = self._window.slots if self._window else []
        filled = [entry.slot for entry in self._form]
        return next(
            (slot for slot in [*asked, *reversed(filled), *reversed(self._pending)] if slot.shape == shape), None
        )

    def _correct(self, line: Line, rest: Sequence[Piece]) -> None:
        """A time, day or sum behind "sorry, I meant" replaces the one that was given."""
        is_refused = line.words[0].key in self._vocabulary.no
        for entry in self._form:
            for _, start, end in rest if entry.slot.shape in _OFFERED_SHAPES else ():
                found = [
                    value
                    for value in find_values(entry.slot.shape, line, start, end, self._vocabulary, entry.slot)
                    if is_refused
                    or self._vocabulary.corrections.anywhere(line.words, line.starts[value.start], value.start)
                ]
                if found:
                    self._form.fill(entry.slot, [found[-1].value], [line.turn_id])

    # --- answers -------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """Read the answer to the open question; what stays unanswered is remembered."""
        window, self._window = self._window, None
        if window is None:
            return
        for slot in window.slots:
            if slot.shape == "text":
                lines = {line.index: line for line, _, _ in window.pieces}.values()
                self._texts.append((slot, [(line, 0, len(line.words)) for line in lines]))
            elif slot.name not in window.answered or slot.shape == "address":
                self._answer(slot, window)
        self._fill_pending(window.pieces)
        self._fill_routes(window)

    def _answer(self, slot: Slot, window: _Window) -> None:
        answer = read_answer(slot, window.pieces, self._vocabulary, is_only=len(window.slots) == 1)
        if answer:
            self._form.fill(slot, answer.values, answer.turn_ids)
        elif slot.name not in self._form:
            self._pending.append(slot)

    def _fill_routes(self, window: _Window) -> None:
        """An answer to "where to" may say where from: "to the airport, from 5th and Main"."""
        asked = {slot.name for slot in window.slots}
        if not any(slot.name in asked for slot in self._vocabulary.routes):
            return
        for slot in self._vocabulary.routes:
            for line, start, end in window.pieces if slot.name not in asked and slot.name not in self._form else ():
                found = take_route(line, start, end, slot, self._vocabulary)
                if found:
                    self._form.fill(slot, [found.value], [line.turn_id])

    def _fill_pending(self, pieces: Sequence[Piece]) -> None:
        """Digits that answer none of the open questions answer an earlier one."""
        unlabelled = [slot for slot in self._vocabulary.slots.values() if slot.unlabelled and self._has_asked]
        fresh = [piece for piece in pieces if not self._is_used(piece)]
        for slot in [*reversed(self._pending), *unlabelled]:
            if slot.shape in JOINED_SHAPES and slot.name not in self._form:
                answer = read_code(slot, fresh, self._vocabulary)
                if answer:
                    self._form.fill(slot, answer.values, answer.turn_ids)
                    break
        self._pending = [slot for slot in self._pending if slot.name not in self._form]

    def _is_used(self, piece: Piece) -> bool:
        """Whether digits of the piece stand in a field already."""
        line, start, end = piece
        return any(has_digit(word) and self._form.has_digits(word.key) for word in line.words[start:end])

    def _fill_pending_name(self, line: Line) -> None:
        """A turn that is nothing but a name answers the name that was asked for last."""
        slot = next((slot for slot in reversed(self._pending) if slot.shape == "name"), None)
        if slot is None or slot.name in self._form:
            return
        found = take_name(line, 0, len(line.words), self._vocabulary)
        if found and found.end == len(line.words) <= _LONGEST_LATE_NAME:
            self._form.fill(slot, [found.value], [line.turn_id])
            self._pending.remove(slot)

    def _add_request(self) -> None:
        for slot, pieces in self._texts:
            answer = answered_request(pieces, self._claimed, self._vocabulary)
            if answer:
                self._form.fill(slot, [answer[0]], answer[1])
        chosen = [entry for entry in self._form if entry.slot.shape == "choice"]
        known = frozenset({entry.values[0].lower() for entry in chosen} | {entry.slot.noun or "" for entry in chosen})
        is_told = any(
            entry.slot.shape == "text"
            and (not entry.slot.generic or weight(entry.values[0], known, self._vocabulary) > 1)
            for entry in self._form
        )
        stated = None if is_told else stated_request(self._told, known, self._vocabulary)
        if stated:
            self._form.fill(self._vocabulary.slots["request"], [stated[0]], [stated[1]])
