"""The answer to a question, read from what the caller said while it was open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from copilot.calls.fields.addresses import joined_address
from copilot.calls.fields.answers import capital_run, is_non_answer, skip_leads, take_choice, take_name, take_phrase
from copilot.calls.fields.lines import Line, Piece
from copilot.calls.fields.shapes import Found, bare_amount, bare_hour, clauses, find_values, is_mask
from copilot.calls.fields.vocabulary import Slot, Vocabulary

JOINED_SHAPES = ("code", "phone")  # may go on over several turns
_PHONE_DIGITS = (7, 15)
_ANY_DIGITS = (1, 40)
_SHORTEST_SAID_TWICE = 12  # digits
_FARTHEST_ALTERNATIVE = 24  # words, for digits said one by one


@dataclass(frozen=True, slots=True)
class Answer:
    """The value, or alternatives of it, and the turns that hold it."""

    values: tuple[str, ...]
    turn_ids: tuple[str, ...]


def read_answer(slot: Slot, pieces: Sequence[Piece], vocabulary: Vocabulary, *, is_only: bool) -> Answer | None:
    """What the pieces say for `slot`; None for a non-answer. `is_only`: nothing else was asked with it."""
    if slot.shape in JOINED_SHAPES:
        return read_code(slot, pieces, vocabulary, is_only=is_only)
    if slot.shape == "address":
        address = joined_address(pieces, vocabulary)
        return Answer((address[0],), address[1]) if address else None
    best: Answer | None = None
    for line, start, end in pieces:
        if best and not vocabulary.corrections.anywhere(line.words, start, end):
            continue
        for first, stop in clauses(line, start, end):
            value = _read_clause(slot, line, first, stop, vocabulary)
            if value:
                best = Answer(_split(value, vocabulary) if slot.several else (value,), (line.turn_id,))
                break
    return best


def _split(value: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    parts = re.split(rf",|\b(?:{'|'.join(map(re.escape, vocabulary.ands))})\b", value)
    return tuple(part.strip() for part in parts if part.strip())


# --- digits ----------------------------------------------------------------------------------------------------------


def read_code(slot: Slot, pieces: Sequence[Piece], vocabulary: Vocabulary, *, is_only: bool = True) -> Answer | None:
    """The digits of an answer, joined over turns that hold nothing else ("one two nine" / "three five three")."""
    joined: list[tuple[str, str]] = []
    best: Answer | None = None
    loose = slot.model_copy(update={"digits": _ANY_DIGITS})
    for line, start, end in pieces:
        codes = find_values(slot.shape, line, start, end, vocabulary, loose)
        is_corrected = vocabulary.corrections.anywhere(line.words, start, end)
        if is_only and codes and codes[0].value.isdigit() and not _has_other_words(line, start, end, codes, vocabulary):
            if is_corrected and joined:
                joined.pop()
            joined += [(code.value, line.turn_id) for code in codes]
            continue
        fitting = [code for code in codes if _fits(code.value, slot)]
        if fitting:
            code = _corrected(line, fitting, vocabulary)
            best = Answer((code.value, *alternatives(line, code, slot, vocabulary)), (line.turn_id,))
    return _joined(joined, slot) or best


def _joined(said: Sequence[tuple[str, str]], slot: Slot) -> Answer | None:
    whole = _once("".join(code for code, _ in said))
    if said and _fits(whole, slot):
        return Answer((whole,), tuple(dict.fromkeys(turn for _, turn in said)))
    single = [(code, turn) for code, turn in said if _fits(code, slot)]
    return Answer((single[-1][0],), (single[-1][1],)) if single else None


def _once(digits: str) -> str:
    half = len(digits) // 2
    is_twice = len(digits) >= _SHORTEST_SAID_TWICE and digits[:half] == digits[half:]
    return digits[:half] if is_twice else digits


def _fits(code: str, slot: Slot) -> bool:
    fewest, most = _PHONE_DIGITS if slot.shape == "phone" else slot.digits
    return code.startswith("[") or fewest <= sum(char.isdigit() for char in code) <= most


def _has_other_words(line: Line, start: int, end: int, codes: Sequence[Found], vocabulary: Vocabulary) -> bool:
    """Whether the piece holds words that are neither digits nor said around them."""
    ends = {code.start: code.end for code in codes}
    tables = (vocabulary.leads, vocabulary.corrections, vocabulary.labels, vocabulary.copulas)
    place = start
    while place < end:
        if place in ends:
            place = ends[place]
            continue
        steps = (table.at(line.words, place, end) for table in tables)
        step = next((found[0] for found in steps if found), 0)
        if not step:
            return True
        place += step
    return False


def alternatives(line: Line, found: Found, slot: Slot, vocabulary: Vocabulary) -> list[str]:
    """What follows a code behind "or": "either 7402 or 0314"."""
    values: list[str] = []
    place = found.end
    while slot.shape in JOINED_SHAPES and place + 1 < len(line.words):
        if line.words[place].key not in vocabulary.alternatives:
            break
        end = min(len(line.words), place + _FARTHEST_ALTERNATIVE)
        start = skip_leads(line, place + 1, end, vocabulary)
        more = find_values(slot.shape, line, start, end, vocabulary, slot)
        if not more or more[0].start > start:
            break
        values.append(more[0].value)
        place = more[0].end
    return values


def _corrected(line: Line, found: Sequence[Found], vocabulary: Vocabulary) -> Found:
    """The first value, or the last one when "I mean" or "sorry" stands between two."""
    is_corrected = any(
        vocabulary.corrections.anywhere(line.words, earlier.end, later.start) for earlier, later in pairwise(found)
    )
    return found[-1] if is_corrected else found[0]


# --- everything else -------------------------------------------------------------------------------------------------


def _read_clause(slot: Slot, line: Line, start: int, end: int, vocabulary: Vocabulary) -> str | None:
    typed = find_values(slot.shape, line, start, end, vocabulary, slot)
    if typed:
        return _corrected(line, typed, vocabulary).value
    if slot.shape in ("money", "time"):
        bare = bare_amount(line, start, end) if slot.shape == "money" else bare_hour(line, start, end)
        return bare.value if bare else None
    mask = next((place for place in range(start, end) if is_mask(line.words[place])), None)
    if mask is not None and slot.shape in ("username", "name", "phrase"):
        return line.said(mask, mask + 1)
    if slot.shape in ("name", "titled"):
        return _read_name(slot, line, start, end, vocabulary)
    stop = _answer_end(line, start, end, vocabulary)
    found = None if is_non_answer(line, start, stop, vocabulary) else _read_words(slot, line, start, stop, vocabulary)
    return found.value if found else None


def _read_words(slot: Slot, line: Line, start: int, end: int, vocabulary: Vocabulary) -> Found | None:
    if slot.shape == "choice":
        return take_choice(line, start, end, slot, vocabulary)
    if slot.shape in ("place", "phrase"):
        return take_phrase(line, start, end, slot, vocabulary)
    if slot.shape == "proper":
        return take_phrase(line, start, end, slot, vocabulary) or capital_run(line, start, end, vocabulary)
    if slot.shape == "username":
        found = take_phrase(line, start, end, slot, vocabulary)
        return found if found and found.end - found.start == 1 else None
    return None


def _read_name(slot: Slot, line: Line, start: int, end: int, vocabulary: Vocabulary) -> str | None:
    stop = _answer_end(line, start, end, vocabulary)
    if is_non_answer(line, start, stop, vocabulary):
        return None
    found = take_name(line, start, stop, vocabulary) or _named_inside(line, start, end, vocabulary)
    found = found or _named_after_comma(line, start, end, vocabulary)
    if found is None:
        return None
    return f"{vocabulary.title} {found.value}" if slot.shape == "titled" else found.value


def _named_inside(line: Line, start: int, end: int, vocabulary: Vocabulary) -> Found | None:
    """A name behind words that announce it: "it should be booked under the name Alexis"."""
    for phrases in (vocabulary.announces, vocabulary.hints):
        for place in range(start, end):
            phrase = phrases.at(line.words, place, end)
            if phrase and phrase[1].shape == "name" and place + phrase[0] < end:
                found = take_name(line, place + phrase[0], end, vocabulary)
                is_name = found is not None and (not line.has_case or not line.said(found.start, found.end).islower())
                if found and is_name and found.start == place + phrase[0]:
                    return found
    return None


def _named_after_comma(line: Line, start: int, end: int, vocabulary: Vocabulary) -> Found | None:
    """A name that is all of what follows a comma: "oh yes the pet, I believe it was Rex"."""
    commas = [place for place in range(start + 1, end) if line.words[place].before == ","]
    for place, stop in pairwise([*commas, end]):
        found = take_name(line, place, stop, vocabulary)
        if found and found.start > place and found.end == stop:
            return found
    return None


def _answer_end(line: Line, start: int, end: int, vocabulary: Vocabulary) -> int:
    """An answer ends where the caller goes on to what is not known, or to something else that has a name."""
    ends = [end]
    start = skip_leads(line, start, end, vocabulary)
    for phrases in (vocabulary.non_answers, vocabulary.labels):
        found = phrases.first(line.words, start + 1, end)
        if found:
            place = found[0]
            while place > start + 1 and line.words[place - 1].key in vocabulary.determiners:
                place -= 1
            ends.append(place)
    return min(ends)
