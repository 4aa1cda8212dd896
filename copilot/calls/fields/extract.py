"""Reads a call turn by turn and keeps, per form field, the last value that was said for it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from copilot.calls.fields.addresses import find_address, joined_address
from copilot.calls.fields.answers import (
    capital_run,
    is_non_answer,
    skip_leads,
    take_choice,
    take_name,
    take_phrase,
    take_route,
)
from copilot.calls.fields.lines import Line, read_lines
from copilot.calls.fields.questions import asked_slots
from copilot.calls.fields.requests import answered_request, stated_request
from copilot.calls.fields.shapes import Found, bare_amount, bare_hour, clauses, find_values, has_digit, is_mask
from copilot.calls.fields.vocabulary import Slot, Vocabulary, load_vocabulary
from copilot.calls.fields.volunteered import (
    Announced,
    announced_values,
    named_choices,
    named_places,
    open_label,
    titled_names,
)
from copilot.transcript import Turn

_OPEN_SHAPES = ("code", "phone")  # may go on over several turns
_LONGEST_LATE_NAME = 3
_GREETING_REACH = 6  # words between "thank you for calling" and the agent's name
_FARTHEST_ALTERNATIVE = 24  # words, digits said one by one
_OFFERED_SHAPES = ("time", "date", "money")


@dataclass(frozen=True)
class Field:
    """A value an agent would type into a form: its name, the value as said, the turns that hold it."""

    name: str
    value: str
    turn_ids: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    slot: Slot
    values: list[str]
    turn_ids: tuple[str, ...]
    is_hint: bool = False


@dataclass(slots=True)
class _Window:
    """A question that is open: what was asked, and what the caller has said since."""

    slots: list[Slot]
    pieces: list[tuple[Line, int, int]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)


def extract_fields(turns: Sequence[Turn], *, language: str = "en") -> list[Field]:
    """What an agent would type into a form from this conversation.

    Args:
        turns: the call in order; secrets may be masked ("[PIN]"), a mask then is the value. Speakers "unknown" are
            read for what is announced with its own name only.
        language: "en" or "es" (a region is ignored); other languages are read as English.

    Returns:
        fields in the order they were first given. Spoken numbers are in digits ("1293537402"), money as "$126.00", times as
        "9:30 am", addresses in one line. A corrected value replaces the earlier one; of two alternatives ("7402 or
        0314") both are given, under one name. What the caller wants or what is wrong
        is one free text, named "request" if it was not asked under a name of its own.
    """
    vocabulary = load_vocabulary(language)
    reader = _Reader(vocabulary)
    for line in read_lines(turns, vocabulary.language):
        reader.read(line)
    return reader.fields()


class _Reader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._entries: dict[str, _Entry] = {}
        self._window: _Window | None = None
        self._pending: list[Slot] = []  # asked and not answered yet
        self._has_asked = False
        self._offer: tuple[str, str] | None = None  # shape and value the agent has just proposed
        self._claimed: dict[int, frozenset[int]] = {}
        self._customer: list[Line] = []
        self._texts: list[tuple[Slot, list[tuple[Line, int, int]]]] = []

    def read(self, line: Line) -> None:
        if not line.words:
            return
        if line.speaker == "agent":
            self._read_agent(line)
        elif line.speaker == "customer":
            self._read_customer(line)
        elif line.speaker == "unknown":
            self._read_unknown(line)

    def fields(self) -> list[Field]:
        self._close()
        self._add_request()
        self._drop_doubles()
        return [
            Field(entry.slot.name, value, entry.turn_ids) for entry in self._entries.values() for value in entry.values
        ]

    # --- the agent's side ----------------------------------------------------------------------------------------

    def _read_agent(self, line: Line) -> None:
        slots = asked_slots(line, self._vocabulary)
        self._offer = self._offered(line)
        self._take_from_agent(line)
        if slots:
            self._close()
            self._window = _Window(slots)
            self._has_asked = True
            self._pending = [slot for slot in self._pending if slot.name not in {asked.name for asked in slots}]
        elif self._vocabulary.repeat_asks.anywhere(line.words):
            if self._window:
                self._window = _Window(self._close() or self._window.slots)
        elif not self._keeps_listening(line):
            self._close()

    def _keeps_listening(self, line: Line) -> bool:
        """Whether the agent only says "mhm" or repeats what was said, so that the answer may go on."""
        if self._window is None:
            return True
        said = {word.key for piece, start, end in self._window.pieces for word in piece.words[start:end]}
        digits = "".join(word.key for piece, start, end in self._window.pieces for word in piece.words[start:end])
        new = [
            word.key
            for word in line.words
            if word.key not in self._vocabulary.backchannel
            and word.key not in said
            and not (has_digit(word) and word.key in digits)
        ]
        return len(new) == 0 or (len(new) <= 3 and any(word.key in said for word in line.words))

    def _offered(self, line: Line) -> tuple[str, str] | None:
        if not any(line.is_question_at(place) for place in (0, len(line.words) - 1)):
            return None
        for shape in _OFFERED_SHAPES:
            slot = Slot(name=shape, shape=shape)  # type: ignore[arg-type]  # the literals of _OFFERED_SHAPES are shapes
            found = find_values(slot.shape, line, 0, len(line.words), self._vocabulary, slot)
            if found:
                return shape, found[-1].value
        return None

    def _take_from_agent(self, line: Line) -> None:
        for announced in announced_values(line, self._vocabulary):
            if announced.slot.from_agent and announced.slot.shape == "code":
                self._set(announced.slot, [announced.found.value], (line.turn_id,))

    # --- the caller's side ---------------------------------------------------------------------------------------

    def _read_unknown(self, line: Line) -> None:
        for announced in announced_values(line, self._vocabulary):
            if announced.slot.shape == "name" and self._vocabulary.greetings.anywhere(
                line.words,
                max(0, announced.start - _GREETING_REACH),
                min(len(line.words), announced.end + _GREETING_REACH),
            ):
                continue
            if announced.slot.name not in self._entries and not announced.is_hint:
                self._set(announced.slot, [announced.found.value], (line.turn_id,))
        self._take_shapes(line, [])

    def _read_customer(self, line: Line) -> None:
        self._customer.append(line)
        self._accept_offer(line)
        claims = self._take_announced(line)
        claims += self._take_titled(line)
        self._take_choices(line)
        claims += self._take_places(line)
        claims += self._take_shapes(line, claims)
        claims += self._take_when(line, claims)
        claims += self._take_masks(line, claims)
        self._claimed[line.index] = self._held_elsewhere(line, claims)
        self._remember_mentioned(line)
        label = open_label(line, self._vocabulary)
        if label and not self._is_asked(label.slot):
            self._close()
            self._window = _Window([label.slot], [(line, label.start, len(line.words))])
            return
        if self._window:
            self._window.pieces += _rest(line, claims)
        else:
            self._correct(line, claims)
            self._fill_pending(_rest(line, claims))
            self._fill_pending_name(line, claims)

    def _is_open(self, shapes: Sequence[str]) -> bool:
        return self._window is not None and any(slot.shape in shapes for slot in self._window.slots)

    def _is_asked(self, slot: Slot) -> bool:
        return self._window is not None and any(
            slot.name == asked.name or (slot.shape == asked.shape and (slot.generic or asked.generic))
            for asked in self._window.slots
        )

    def _accept_offer(self, line: Line) -> None:
        offer, self._offer = self._offer, None
        if offer is None or self._vocabulary.yes.first(line.words, 0, min(3, len(line.words))) is None:
            return
        slot = self._last_of_shape(offer[0])
        if slot:
            self._set(slot, [offer[1]], (line.turn_id,))
            if self._window:
                self._window.answered.add(slot.name)

    def _last_of_shape(self, shape: str) -> Slot | None:
        asked = [slot for slot in (self._window.slots if self._window else []) if slot.shape == shape]
        known = [entry.slot for entry in self._entries.values() if entry.slot.shape == shape]
        waiting = [slot for slot in self._pending if slot.shape == shape]
        return next(iter([*asked, *reversed(known), *reversed(waiting)]), None)

    def _take_announced(self, line: Line) -> list[tuple[int, int]]:
        claims: list[tuple[int, int]] = []
        for announced in announced_values(line, self._vocabulary):
            slot = self._asked_instead_of(announced)
            if slot is None or (announced.is_hint and slot.name in self._entries):
                continue
            values = [announced.found.value, *self._alternatives(line, announced.found, slot)]
            self._set(slot, values, (line.turn_id,), is_hint=announced.is_hint)
            if self._window:
                self._window.answered.add(slot.name)
            claims.append((announced.start, announced.end))
        return claims

    def _asked_instead_of(self, announced: Announced) -> Slot | None:
        """The slot an announced value belongs to; None when the open question will read it as its answer."""
        slot = announced.slot
        if self._window is None:
            return slot
        for asked in self._window.slots:
            if asked.name == slot.name and announced.is_hint:
                return None
            if asked.name == slot.name:
                is_joined = len(self._window.slots) == 1 and slot.shape in (*_OPEN_SHAPES, "money")
                return None if is_joined else slot
            if asked.shape == slot.shape and slot.generic and slot.shape != "name":
                return None
        return slot

    def _alternatives(self, line: Line, found: Found, slot: Slot) -> list[str]:
        """What follows "or": "either 7402 or 0314"."""
        place = found.end
        values: list[str] = []
        while place + 1 < len(line.words) and line.words[place].key in self._vocabulary.alternatives:
            start = place + 1
            while start < len(line.words) and self._vocabulary.leads.at(line.words, start):
                start += 1
            end = min(len(line.words), place + _FARTHEST_ALTERNATIVE)
            more = find_values(slot.shape, line, place + 1, end, self._vocabulary, slot)
            if slot.shape not in _OPEN_SHAPES or not more or more[0].start > start + 1:
                break
            values.append(more[0].value)
            place = more[0].end
        return values

    def _take_titled(self, line: Line) -> list[tuple[int, int]]:
        slot = next((slot for slot in self._vocabulary.slots.values() if slot.shape == "titled"), None)
        found = titled_names(line, self._vocabulary, slot) if slot else []
        if slot is None:
            return []
        if found:
            self._set(slot, [found[-1].value], (line.turn_id,))
            if self._window:
                self._window.answered.add(slot.name)
        return [(value.start, value.end) for value in found]

    def _take_choices(self, line: Line) -> None:
        for slot, found in named_choices(line, self._vocabulary):
            if self._window is None or not any(asked.noun == slot.noun for asked in self._window.slots):
                self._set(slot, [found.value], (line.turn_id,))

    def _take_places(self, line: Line) -> list[tuple[int, int]]:
        found = named_places(line, self._vocabulary)
        for slot, place in found:
            self._set(slot, [place.value], (line.turn_id,))
            if self._window:
                self._window.answered.add(slot.name)
        return [(place.start, place.end) for _, place in found]

    def _take_when(self, line: Line, claims: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """A time, or a date to come, in a sentence that wants something: "an AC repair at 2 am"."""
        taken: list[tuple[int, int]] = []
        for slot in (self._vocabulary.slots["time"], self._vocabulary.slots["date"]):
            is_known = any(
                entry.slot.shape == slot.shape and not entry.slot.calendar_only for entry in self._entries.values()
            )
            if is_known or self._is_open((slot.shape,)):
                continue
            for start, end in _free(line, claims):
                found = find_values(slot.shape, line, start, end, self._vocabulary, slot)
                if found and (
                    self._is_open(("time", "date"))
                    or self._wants_something(line, found[0].start, is_date=slot.shape == "date")
                ):
                    self._set(slot, [found[0].value], (line.turn_id,))
                    taken.append((found[0].start, found[0].end))
                    break
        return taken

    def _take_masks(self, line: Line, claims: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """A secret that redaction has masked says itself what it was, unless a question is open that asks for it."""
        if self._is_open(_OPEN_SHAPES):
            return []
        taken: list[tuple[int, int]] = []
        for start, end in _free(line, claims):
            for place in range(start, end):
                slot = (
                    self._vocabulary.masked.get(line.said(place, place + 1)[1:-1])
                    if is_mask(line.words[place])
                    else None
                )
                if slot:
                    self._set(slot, [line.said(place, place + 1)], (line.turn_id,))
                    taken.append((place, place + 1))
        return taken

    def _wants_something(self, line: Line, place: int, *, is_date: bool) -> bool:
        start = place
        while start > 0 and line.words[start].before != ".":
            start -= 1
        end = line.ends[place]
        vocabulary = self._vocabulary
        wants = vocabulary.openers.anywhere(line.words, start, end)
        wants = wants or (not is_date and vocabulary.leads.at(line.words, start, place) is not None)
        return wants and not vocabulary.problems.anywhere(line.words, start, end)

    def _held_elsewhere(self, line: Line, claims: Sequence[tuple[int, int]]) -> frozenset[int]:
        """Claimed words, with the small words in front of them, that a request need not repeat."""
        held: set[int] = set()
        for start, end in claims:
            if self._is_place_or_amount(line, start, end):
                continue
            first = start
            while first > 0 and not line.words[first].before and (
                line.words[first - 1].key in self._vocabulary.small_words | self._vocabulary.determiners
            ):  # fmt: skip
                first -= 1
            held.update(range(first, end))
        return frozenset(held)

    def _is_place_or_amount(self, line: Line, start: int, end: int) -> bool:
        said = line.said(start, end).lower()
        return any(
            entry.slot.shape in ("place", "money", "choice", "number") and entry.values[0].lower() in said
            for entry in self._entries.values()
            if line.turn_id in entry.turn_ids
        )

    def _remember_mentioned(self, line: Line) -> None:
        """A number the caller speaks of without giving it may follow unnamed: "I forgot my pin", later "it's 7402"."""
        for place in range(len(line.words)):
            label = self._vocabulary.labels.at(line.words, place)
            if label and label[1].shape in _OPEN_SHAPES and label[1].name not in self._entries:
                self._pending = [slot for slot in self._pending if slot.name != label[1].name] + [label[1]]

    def _take_shapes(self, line: Line, claims: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """E-mail addresses and street addresses are known wherever they stand."""
        taken: list[tuple[int, int]] = []
        slots = self._vocabulary.slots
        for start, end in _free(line, claims):
            for found in find_values("email", line, start, end, self._vocabulary, slots["email"]):
                self._set(slots["email"], [found.value], (line.turn_id,))
                taken.append((found.start, found.end))
        address = None if self._is_open(("address",)) else find_address(line, self._vocabulary)
        if address and not any(entry.slot.shape == "address" for entry in self._entries.values()):
            self._set(slots["address"], [address.value], (line.turn_id,))
            taken.append((address.start, address.end))
        return taken

    def _correct(self, line: Line, claims: Sequence[tuple[int, int]]) -> None:
        """ "sorry, I meant 4 pm", or digits for something asked before."""
        is_correction = self._vocabulary.corrections.anywhere(line.words) or line.words[0].key in self._vocabulary.no
        for start, end in _free(line, claims):
            if not is_correction:
                continue
            for entry in list(self._entries.values()):
                if entry.slot.shape in ("time", "date", "money"):
                    found = find_values(entry.slot.shape, line, start, end, self._vocabulary, entry.slot)
                    if found:
                        self._set(entry.slot, [found[-1].value], (line.turn_id,))
            self._fill_pending([(line, start, end)])

    # --- answers -------------------------------------------------------------------------------------------------

    def _close(self) -> list[Slot]:
        """Read the answer to the open question; what stays unanswered is remembered. Gives the slots that were open."""
        window, self._window = self._window, None
        if window is None:
            return []
        pieces = window.pieces
        for slot in window.slots:
            if slot.shape == "text":
                lines = {line.index: line for line, _, _ in pieces}.values()
                self._texts.append((slot, [(line, 0, len(line.words)) for line in lines]))
                continue
            if slot.name in window.answered and slot.shape != "address":
                continue
            if not self._answer(slot, pieces, is_only=len(window.slots) == 1) and slot.name not in self._entries:
                self._pending.append(slot)
        self._fill_pending(pieces)
        self._fill_routes(window)
        return list(window.slots)

    def _fill_routes(self, window: _Window) -> None:
        """ "To the airport, from 5th and Main" answers "where to" and says where from."""
        asked = {slot.name for slot in window.slots}
        routes = self._vocabulary.routes
        for slot in routes if asked & {slot.name for slot in routes} else ():
            for line, start, end in window.pieces if slot.name not in asked | self._entries.keys() else ():
                found = take_route(line, start, end, slot, self._vocabulary)
                if found:
                    self._set(slot, [found.value], (line.turn_id,))

    def _fill_pending(self, pieces: Sequence[tuple[Line, int, int]]) -> None:
        """Digits that answer none of the open questions answer an earlier one."""
        unlabelled = [slot for slot in self._vocabulary.slots.values() if slot.unlabelled and slot not in self._pending]
        if not self._has_asked:
            unlabelled = []
        for slot in [*reversed(self._pending), *unlabelled]:
            if slot.shape in _OPEN_SHAPES and slot.name not in self._entries:
                fresh = [
                    piece
                    for piece in pieces
                    if not any(piece[0].turn_id in entry.turn_ids for entry in self._entries.values())
                    or not any(
                        has_digit(word) and self._is_used(word.key) for word in piece[0].words[piece[1] : piece[2]]
                    )
                ]
                if self._answer_code(slot, fresh):
                    break
        self._pending = [slot for slot in self._pending if slot.name not in self._entries]

    def _fill_pending_name(self, line: Line, claims: Sequence[tuple[int, int]]) -> None:
        """A turn that is nothing but a name answers the name that was asked for last."""
        slot = next((slot for slot in reversed(self._pending) if slot.shape == "name"), None)
        if slot is None or claims or slot.name in self._entries:
            return
        found = take_name(line, 0, len(line.words), self._vocabulary)
        if found and found.end == len(line.words) <= _LONGEST_LATE_NAME:
            self._set(slot, [found.value], (line.turn_id,))
            self._pending.remove(slot)

    def _is_used(self, digits: str) -> bool:
        return any(digits in value for entry in self._entries.values() for value in entry.values)

    def _answer(self, slot: Slot, pieces: Sequence[tuple[Line, int, int]], *, is_only: bool) -> bool:
        if slot.shape in _OPEN_SHAPES:
            return self._answer_code(slot, pieces, is_only=is_only)
        if slot.shape == "address":
            address = joined_address(pieces, self._vocabulary)
            if address:
                self._set(slot, [address[0]], address[1])
            return address is not None
        return self._answer_at_once(slot, pieces, is_only=is_only)

    def _answer_code(self, slot: Slot, pieces: Sequence[tuple[Line, int, int]], *, is_only: bool = True) -> bool:
        """The digits of an answer, joined over turns that hold nothing else."""
        joined: list[tuple[str, str]] = []
        best: tuple[list[str], tuple[str, ...]] | None = None
        for line, start, end in pieces:
            any_code = Slot(name=slot.name, shape=slot.shape, digits=(1, 40))
            codes = find_values(slot.shape, line, start, end, self._vocabulary, any_code)
            others = self._others(line, start, end, codes)
            if is_only and codes and not others and codes[0].value.isdigit():
                if self._vocabulary.corrections.anywhere(line.words, start, end) and joined:
                    joined.pop()
                joined += [(code.value, line.turn_id) for code in codes]
                continue
            fitting = [code for code in codes if _fits(code.value, slot)]
            if fitting:
                last = self._corrected(line, fitting, end)
                best = [last.value, *self._alternatives(line, last, slot)], (line.turn_id,)
        whole = _once("".join(code for code, _ in joined))
        if joined and _fits(whole, slot):
            best = [whole], tuple(dict.fromkeys(turn for _, turn in joined))
        elif joined and best is None:
            single = [entry for entry in joined if _fits(entry[0], slot)]
            best = ([single[-1][0]], (single[-1][1],)) if single else None
        if best is None:
            return False
        self._set(slot, *best)
        return True

    def _corrected(self, line: Line, found: Sequence[Found], end: int) -> Found:
        """The first value, or the last one if it comes after "I mean" or "sorry"."""
        for earlier, later in zip(found, found[1:], strict=False):
            if self._vocabulary.corrections.anywhere(line.words, earlier.end, later.start):
                return found[-1]
        return found[0]

    def _others(self, line: Line, start: int, end: int, codes: Sequence[Found]) -> bool:
        """Whether the piece holds words that are neither digits nor fillers."""
        place = start
        while place < end:
            code = next((code for code in codes if code.start == place), None)
            lead = self._vocabulary.leads.at(line.words, place, end) or self._vocabulary.corrections.at(
                line.words, place, end
            )
            label = self._vocabulary.labels.at(line.words, place, end) or self._vocabulary.copulas.at(
                line.words, place, end
            )
            step = code.end - place if code else lead[0] if lead else label[0] if label else 0
            if not step:
                return True
            place += step
        return False

    def _answer_at_once(self, slot: Slot, pieces: Sequence[tuple[Line, int, int]], *, is_only: bool) -> bool:
        """The value of the last piece that has one, if the shape shows itself; of the first that has one otherwise."""
        best: tuple[str, str] | None = None
        for line, start, end in pieces:
            for first, stop in clauses(line, start, end):
                if best and not self._vocabulary.corrections.anywhere(line.words, start, end):
                    continue
                value = self._read_answer(slot, line, first, stop, is_only=is_only)
                if value:
                    best = value, line.turn_id
        if best is None:
            return False
        values = re.split(rf",|\b(?:{'|'.join(self._vocabulary.ands)})\b", best[0]) if slot.several else [best[0]]
        self._set(slot, [value.strip() for value in values if value.strip()], (best[1],))
        return True

    def _read_answer(self, slot: Slot, line: Line, start: int, end: int, *, is_only: bool) -> str | None:
        vocabulary = self._vocabulary
        clause_end = end
        found: Found | None = None
        mask = next((place for place in range(start, end) if is_mask(line.words[place])), None)
        typed = find_values(slot.shape, line, start, end, vocabulary, slot)
        if typed:
            return self._corrected(line, typed, end).value
        if slot.shape == "money":
            found = bare_amount(line, start, end)
        elif slot.shape == "time":
            found = bare_hour(line, start, end)
        elif mask is not None and slot.shape in ("username", "name", "phrase"):
            return line.said(mask, mask + 1)
        elif is_non_answer(line, start, end := self._answer_end(line, start, end), vocabulary):
            return None
        elif slot.shape in ("name", "titled"):
            found = take_name(line, start, end, vocabulary) or self._named_inside(line, start, clause_end)
            title = next(iter(vocabulary.titles.values()), "")
            return f"{title} {found.value}" if found and slot.shape == "titled" else found.value if found else None
        elif slot.shape == "choice":
            found = take_choice(line, start, end, slot, vocabulary)
        elif slot.shape in ("proper", "place", "phrase"):
            found = take_phrase(line, start, end, slot, vocabulary) or (
                capital_run(line, start, end, vocabulary) if slot.shape == "proper" else None
            )
        elif slot.shape == "username" and is_only:
            found = take_phrase(line, start, end, slot, vocabulary)
            found = found if found and found.end - found.start == 1 else None
        return found.value if found else None

    def _named_inside(self, line: Line, start: int, end: int) -> Found | None:
        """ "it should be booked under the name Alexis" """
        for phrases in (self._vocabulary.announces, self._vocabulary.hints):
            for place in range(start, end):
                phrase = phrases.at(line.words, place, end)
                if phrase and phrase[1].shape == "name" and place + phrase[0] < end:
                    found = take_name(line, place + phrase[0], end, self._vocabulary)
                    if found and found.start == place + phrase[0]:
                        return found
        return None

    def _answer_end(self, line: Line, start: int, end: int) -> int:
        """An answer ends where the caller goes on to what is not known, or to something else that has a name."""
        ends = [end]
        start = skip_leads(line, start, end, self._vocabulary)
        for phrases in (self._vocabulary.non_answers, self._vocabulary.labels):
            found = phrases.first(line.words, start + 1, end)
            if found:
                place = found[0]
                while place > start + 1 and line.words[place - 1].key in self._vocabulary.determiners:
                    place -= 1
                ends.append(place)
        return min(ends)

    # --- the end -------------------------------------------------------------------------------------------------

    def _set(self, slot: Slot, values: Iterable[str], turn_ids: tuple[str, ...], *, is_hint: bool = False) -> None:
        old = self._entries.get(slot.name)
        if old and is_hint:
            return
        self._entries[slot.name] = _Entry(slot, list(dict.fromkeys(values)), turn_ids, is_hint)

    def _add_request(self) -> None:
        for slot, pieces in self._texts:
            answer = answered_request(pieces, self._claimed, self._vocabulary)
            if answer:
                self._set(slot, [answer[0]], answer[1])
        if any(entry.slot.shape == "text" for entry in self._entries.values()):
            return
        chosen = [entry for entry in self._entries.values() if entry.slot.shape == "choice"]
        known = frozenset({entry.values[0].lower() for entry in chosen} | {entry.slot.noun or "" for entry in chosen})
        stated = stated_request(self._customer, self._claimed, known, self._vocabulary)
        if stated:
            self._set(self._vocabulary.slots["request"], [stated[0]], (stated[1],))

    def _drop_doubles(self) -> None:
        """A value that stands in a more exact or a longer field is not given twice."""
        for name, entry in list(self._entries.items()):
            for other_name, other in self._entries.items():
                if other_name == name or not self._is_covered(entry, other):
                    continue
                del self._entries[name]
                break

    def _is_covered(self, entry: _Entry, other: _Entry) -> bool:
        value, whole = entry.values[0].lower(), other.values[0].lower()
        if value == whole:
            return entry.slot.generic and not other.slot.generic
        if other.slot.shape == "address" and entry.slot.shape in ("code", "place", "phone"):
            return value in whole
        return False


def _rest(line: Line, claims: Sequence[tuple[int, int]]) -> list[tuple[Line, int, int]]:
    return [(line, start, end) for start, end in _free(line, claims)]


def _free(line: Line, claims: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges of words that no claim holds."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for first, stop in sorted(claims):
        if start < first:
            ranges.append((start, first))
        start = max(start, stop)
    if start < len(line.words):
        ranges.append((start, len(line.words)))
    return ranges


def _fits(code: str, slot: Slot) -> bool:
    if code.startswith("["):
        return True
    fewest, most = (7, 15) if slot.shape == "phone" else slot.digits
    return fewest <= sum(char.isdigit() for char in code) <= most


def _once(digits: str) -> str:
    """ "12341234" said twice is "1234"."""
    half = len(digits) // 2
    return digits[:half] if len(digits) >= 12 and digits[:half] == digits[half:] else digits
