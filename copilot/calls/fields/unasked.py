"""What a caller's turn gives away unasked, by its form: titles, places, choices, e-mails, addresses, times, masks."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.calls.fields.addresses import find_address
from copilot.calls.fields.form import Form
from copilot.calls.fields.lines import Line, Range, free_ranges
from copilot.calls.fields.shapes import Found, find_values, is_mask
from copilot.calls.fields.vocabulary import Slot, Vocabulary
from copilot.calls.fields.volunteered import named_choices, named_places, titled_names


@dataclass(frozen=True, slots=True)
class Taken:
    """A value for a slot and the words that hold it; a claim keeps them from being read as anything else."""

    slot: Slot
    found: Found
    is_claim: bool = True


def named_things(line: Line, vocabulary: Vocabulary, asked: Sequence[Slot]) -> list[Taken]:
    """What names its own kind: "Dr. Johnson", "the Lakeside Inn", "my debit card"."""
    nouns = {slot.noun for slot in asked if slot.noun}
    tells_why = any(slot.shape == "text" and not slot.generic for slot in asked)  # "to open a savings account"
    choices = [(slot, found) for slot, found in named_choices(line, vocabulary) if slot.noun not in nouns]
    return [
        *(Taken(vocabulary.slots["doctor"], found) for found in titled_names(line, vocabulary)),
        *(Taken(slot, found, is_claim=False) for slot, found in choices if not tells_why),
        *(Taken(slot, found) for slot, found in named_places(line, vocabulary)),
    ]


def shaped_things(line: Line, claims: Sequence[Range], form: Form, vocabulary: Vocabulary) -> list[Taken]:
    """E-mail addresses, and the first street address of a call when none was given by name."""
    slot = vocabulary.slots["email"]
    taken = [
        Taken(slot, found)
        for start, end in free_ranges(line, claims)
        for found in find_values("email", line, start, end, vocabulary, slot)
    ]
    address = None if form.has_shape("address") else find_address(line, vocabulary)
    return [*taken, Taken(vocabulary.slots["address"], address)] if address else taken


def wanted_times(
    line: Line, claims: Sequence[Range], form: Form, vocabulary: Vocabulary, asked: Sequence[Slot]
) -> list[Taken]:
    """A time, and a day to come, in a sentence that wants something: "an AC repair at 2 am"."""
    asked_shapes = {slot.shape for slot in asked}
    taken: list[Taken] = []
    for slot in (vocabulary.slots["time"], vocabulary.slots["date"]):
        is_known = any(entry.slot.shape == slot.shape and not entry.slot.calendar_only for entry in form)
        if is_known or slot.shape in asked_shapes:
            continue
        found = [
            found
            for start, end in free_ranges(line, claims)
            for found in find_values(slot.shape, line, start, end, vocabulary, slot)[:1]
            if asked_shapes & {"time", "date"} or _is_wanted(line, found.start, slot, vocabulary)
        ]
        taken += [Taken(slot, found[0])] if found else []
    return taken


def _is_wanted(line: Line, place: int, slot: Slot, vocabulary: Vocabulary) -> bool:
    start, end = line.starts[place], line.ends[place]
    wants = vocabulary.openers.anywhere(line.words, start, end)
    is_short = slot.shape == "time" and vocabulary.leads.at(line.words, start, place) is not None  # "try 1 am"
    return (wants or is_short) and not vocabulary.problems.anywhere(line.words, start, end)


def masked_things(line: Line, claims: Sequence[Range], vocabulary: Vocabulary) -> list[Taken]:
    """Secrets that redaction has masked; the mask says what they were."""
    taken: list[Taken] = []
    for start, end in free_ranges(line, claims):
        for place in range(start, end):
            mask = line.said(place, place + 1) if is_mask(line.words[place]) else ""
            slot = vocabulary.masked.get(mask[1:-1])
            if slot:
                taken.append(Taken(slot, Found(place, place + 1, mask)))
    return taken
