"""What callers say unasked, with its own name in front: "my account number is …", "room 301", "Dr. Johnson"."""

from collections.abc import Iterator
from dataclasses import dataclass

from copilot.calls.fields.answers import (
    take_directed,
    take_name,
    take_phrase,
    take_with_noun,
    titled_if_lower,
)
from copilot.calls.fields.lines import Line, Range
from copilot.calls.fields.shapes import Found, bare_amount, find_values, has_digit, is_mask
from copilot.calls.fields.vocabulary import Slot, Vocabulary

_PAST_MARK_REACH = 4  # words between "Dr. Morgan" and "my old doctor"
_CLAUSE_STARTS = frozenset({"and", "but", "so", "y", "pero"})
_LONGEST_VALUE = 24  # words
_FARTHEST_VALUE = 2  # words between "my pin is" and the digits: "my pin is, um, 7402"


@dataclass(frozen=True, slots=True)
class Announced:
    """A slot, the words [start, end) that announce and hold its value, and the value itself."""

    slot: Slot
    start: int
    end: int
    found: Found
    is_hint: bool = False


@dataclass(frozen=True, slots=True)
class OpenLabel:
    """A label whose value follows in pieces: an address or a text from word `start` on."""

    slot: Slot
    label: int
    start: int


def announced_values(line: Line, vocabulary: Vocabulary) -> list[Announced]:
    """The values a line announces itself, in their order; labels without a value are passed over."""
    values: list[Announced] = []
    place = 0
    while place < len(line.words):
        announced = _announced_at(line, place, vocabulary)
        if announced:
            values.append(announced)
        place = announced.end if announced else place + 1
    return values


def _announced_at(line: Line, place: int, vocabulary: Vocabulary) -> Announced | None:
    words = line.words
    for slot, value_at, kind in _openings(line, place, vocabulary):
        if (
            slot.generic
            and place
            and (words[place - 1].key in vocabulary.others or words[place - 1].key.endswith("'s"))
        ):
            continue  # "his name was Charlie", "my mother's name is Long"
        end = _value_limit(line, value_at, vocabulary)
        if value_at < end and (words[value_at].before != "." or (slot.shape == "code" and has_digit(words[value_at]))):
            needs_end = kind == "label" and not _is_own_name(line, place, value_at, slot, vocabulary)
            found = _value(line, value_at, end, slot, vocabulary, needs_end=needs_end)
            if found and (kind != "hint" or _may_be_hinted(line, place, found)):
                return Announced(slot, place, found.end, found, is_hint=kind == "hint")
    reversed_label = _named_afterwards(line, place, vocabulary)
    if reversed_label:
        return reversed_label
    counted = vocabulary.counted.at(words, place)
    if counted and place and words[place - 1].key.isdigit() and words[place].before == "":
        return Announced(counted[1], place - 1, place + counted[0], Found(place - 1, place, words[place - 1].key))
    return None


def _is_own_name(line: Line, place: int, value_at: int, slot: Slot, vocabulary: Vocabulary) -> bool:
    """A capital says as much as "is": "My name Laura Chen and …"."""
    if slot.shape != "name":
        return False
    is_mine = not slot.generic or (place > 0 and line.words[place - 1].key in vocabulary.determiners)
    return is_mine and line.has_case and line.said(value_at, value_at + 1)[:1].isupper() and (
        line.words[value_at].key not in vocabulary.stop_words
    )  # fmt: skip


def _named_afterwards(line: Line, place: int, vocabulary: Vocabulary) -> Announced | None:
    """A value with its name behind it: "7402 is my pin", "Laura Chen is my name"."""
    words = line.words
    copula = vocabulary.copulas.at(words, place)
    label_at = place + copula[0] + 1 if copula else len(words)
    label = vocabulary.labels.at(words, label_at) if label_at < len(words) else None
    if label is None or place == 0 or words[label_at - 1].key not in vocabulary.determiners:
        return None
    slot, end = label[1], label_at + label[0]
    start = place - 1
    while start > 0 and not words[start].before and place - start < 4:
        start -= 1
    if slot.shape == "name":
        found = take_name(line, start, place, vocabulary)
    else:
        values = find_values(slot.shape, line, start, place, vocabulary, slot)
        found = values[-1] if values else None
    return Announced(slot, place, end, found) if found and found.end == place else None


def _openings(line: Line, place: int, vocabulary: Vocabulary) -> Iterator[tuple[Slot, int, str]]:
    """What may announce a value at `place`: slot, where the value starts, and how sure that is."""
    words = line.words
    announce = vocabulary.announces.at(words, place)
    if announce:
        start = place + announce[0]
        copula = vocabulary.copulas.at(words, start)
        yield announce[1], start + (copula[0] if copula else 0), "announce"
    label = vocabulary.labels.at(words, place)
    if label:
        start = _after_joiner(line, place + label[0], vocabulary)
        copula = vocabulary.copulas.at(words, start)
        yield label[1], start + (copula[0] if copula else 0), "copula" if copula or _has_colon(line, start) else "label"
    hint = vocabulary.hints.at(words, place)
    if hint:
        yield hint[1], place + hint[0], "hint"


def _after_joiner(line: Line, place: int, vocabulary: Vocabulary) -> int:
    """Behind "of the bill" in "the amount of the bill is": only when a copula follows."""
    words = line.words
    if place < len(words) and words[place].key in vocabulary.joiners:
        for stop in range(place + 2, min(place + 5, len(words))):
            if vocabulary.copulas.at(words, stop):
                return stop
    return place


def _has_colon(line: Line, place: int) -> bool:
    return 0 < place < len(line.words) and line.text[line.words[place - 1].end] in ":="


def _value_limit(line: Line, start: int, vocabulary: Vocabulary) -> int:
    """A value ends with its sentence, or where another label starts."""
    end = min(line.ends[max(start - 1, 0)], start + _LONGEST_VALUE)
    for place in range(start + 1, end):
        label = vocabulary.labels.at(line.words, place, end)
        if label and label[1].shape in ("code", "date", "phone"):
            return place
    return end


def _value(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary, *, needs_end: bool) -> Found | None:
    """The value right at `start`; `needs_end`: words without a copula are one only if nothing follows them."""
    if is_mask(line.words[start]):
        return Found(start, start + 1, line.said(start, start + 1))
    if slot.shape == "name":
        found = take_name(line, start, end, vocabulary)
        return found if found and (not needs_end or found.end == end) else None
    if slot.shape == "titled":
        return _titled(line, start, end, vocabulary, slot, needs_end=needs_end)
    if slot.shape in ("proper", "place", "choice", "phrase"):
        return None if needs_end else _phrase(line, start, end, slot, vocabulary)
    if slot.shape == "username":
        is_login = not slot.asked_only and (not needs_end or has_digit(line.words[start]))
        return Found(start, start + 1, line.said(start, start + 1)) if is_login else None
    return _typed(line, start, end, slot, vocabulary, needs_end=needs_end)


def _typed(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary, *, needs_end: bool) -> Found | None:
    near = min(end, start + _FARTHEST_VALUE + 1)
    found = next(iter(find_values(slot.shape, line, start, end, vocabulary, slot)), None)
    if found:
        return found if found.start < near and _only_fillers(line, start, found.start, vocabulary) else None
    if slot.shape == "money" and not needs_end and not slot.announces:
        return bare_amount(line, start, near)
    return None


def _titled(line: Line, start: int, end: int, vocabulary: Vocabulary, slot: Slot, *, needs_end: bool) -> Found | None:
    for found in find_values("titled", line, start, end, vocabulary, slot):
        return found if found.start == start else None
    name = take_name(line, start, end, vocabulary) if not needs_end else None
    title = next(iter(vocabulary.titles.values()), "")
    return Found(name.start, name.end, f"{title} {name.value}") if name and name.start == start else None


def _phrase(line: Line, start: int, end: int, slot: Slot, vocabulary: Vocabulary) -> Found | None:
    found = take_phrase(line, start, end, slot, vocabulary)
    if found and slot.announce_needs_noun:
        before_noun = [place for place in range(found.start, found.end) if line.words[place].key == slot.noun]
        if not before_noun or before_noun[0] == found.start:
            return None
        return Found(found.start, before_noun[0] + 1, line.said(found.start, before_noun[0]))
    return found


def _only_fillers(line: Line, start: int, end: int, vocabulary: Vocabulary) -> bool:
    while start < end:
        filler = vocabulary.leads.at(line.words, start, end) or vocabulary.copulas.at(line.words, start, end)
        if filler is None:
            return False
        start += filler[0]
    return True


def _may_be_hinted(line: Line, place: int, found: Found) -> bool:
    """A name behind "I'm" stands in a greeting or has a capital; "I'm confused" does neither."""
    value = line.said(found.start, found.end)
    if line.has_case and value[0].isupper():
        return True
    return place <= 2 and not value.endswith(("ed", "ing", "y"))


def open_label(line: Line, vocabulary: Vocabulary) -> OpenLabel | None:
    """The last label of an address in the line with something behind it: "my address is seven three three"."""
    best: OpenLabel | None = None
    for place in range(len(line.words)):
        for slot, start, kind in _openings(line, place, vocabulary):
            if slot.shape == "address" and kind in ("copula", "announce") and start < len(line.words):
                best = OpenLabel(slot, place, start)
    return best


def named_places(line: Line, vocabulary: Vocabulary) -> list[tuple[Slot, Found]]:
    """Names in front of a word like "inn" or "hotel": "the Shadyside Inn", in speech up to two words."""
    found: list[tuple[Slot, Found]] = []
    for place, word in enumerate(line.words):
        slot = vocabulary.place_slots.get(word.key)
        start = place
        while slot and start > 0 and place - start < 3 and not line.words[start].before:
            if not (_is_proper(line, start - 1, vocabulary) or _is_proper(line, start - 2, vocabulary)):
                break
            start -= 1
        if slot and start < place:
            found.append((slot, Found(start, place + 1, titled_if_lower(line, start, place + 1, vocabulary))))
    return found


def _is_proper(line: Line, place: int, vocabulary: Vocabulary) -> bool:
    if place < 0:
        return False
    key = line.words[place].key
    if has_digit(line.words[place]) or len(key) == 1:
        return False
    is_first = place == 0 or line.words[place].before == "."
    if line.has_case:
        return line.said(place, place + 1)[0].isupper() and not (is_first and key in vocabulary.light_words)
    return key not in vocabulary.stop_words


def named_choices(line: Line, vocabulary: Vocabulary) -> list[tuple[Slot, Found]]:
    """Choices that are taken wherever they are named: "my debit card", "from savings to checking"."""
    directed = [(slot, take_directed(line, slot, vocabulary)) for slot in vocabulary.directed]
    pointed = [(slot, found) for slot, found in directed if found]
    if len(pointed) > 1:
        return pointed
    named = [(slot, take_with_noun(line, slot)) for slot in vocabulary.volunteered]
    return [(slot, found) for slot, found in named if found]


def titled_names(line: Line, vocabulary: Vocabulary) -> list[Found]:
    """Every "Dr. X" of the line that is not said to be a former one, or the second of two that are offered."""
    found: list[Found] = []
    every = find_values("titled", line, 0, len(line.words), vocabulary, vocabulary.slots["doctor"])
    for index, value in enumerate(every):
        start, end = _clause(line, value)
        is_second = index > 0 and value.start and line.words[value.start - 1].key in vocabulary.alternatives
        if not is_second and not vocabulary.past_marks.anywhere(line.words, start, end):
            found.append(value)
    return found


def _clause(line: Line, value: Found) -> Range:
    """The few words around a value, up to punctuation or "and", "but", "so"."""
    first, last = max(0, value.start - _PAST_MARK_REACH), min(len(line.words), value.end + _PAST_MARK_REACH)
    start, end = value.start, value.end
    while start > first and not line.words[start].before and line.words[start - 1].key not in _CLAUSE_STARTS:
        start -= 1
    while end < last and not line.words[end].before and line.words[end].key not in _CLAUSE_STARTS:
        end += 1
    return start, end
