"""An address said in pieces, with slips and corrections, put together."""

import re
from collections.abc import Sequence

from copilot.calls.fields.answers import is_non_answer, skip_leads, titled_if_lower
from copilot.calls.fields.lines import Line
from copilot.calls.fields.shapes import Found, has_digit
from copilot.calls.fields.vocabulary import Vocabulary

Piece = tuple[Line, int, int]
_HOUSE_NUMBER = re.compile(r"^(\d+), ")
_MOST_WORDS = 16
_WORDS_AROUND_STREET = 4


def joined_address(pieces: Sequence[Piece], vocabulary: Vocabulary) -> tuple[str, tuple[str, ...]] | None:
    """The pieces as "486 Main Street, Harper Valley, California, 62305" with the turns they come from.

    A piece after "I mean" or "sorry" replaces the end of what was said, from the word both share, or as a whole when
    nothing is shared. A piece that was said before is left out. None when nothing in it looks like an address.
    """
    parts: list[tuple[str, str]] = []  # text, turn
    for line, start, end in pieces:
        _add_piece(parts, line, start, end, vocabulary)
    text = _HOUSE_NUMBER.sub(r"\1 ", ", ".join(part for part, _ in parts))
    words = [word.lower().strip(".,") for word in text.split()]
    is_address = any(char.isdigit() for char in text) or any(word in vocabulary.street_words for word in words)
    if not is_address or not 1 < len(words) <= _MOST_WORDS:
        return None
    return text, tuple(dict.fromkeys(turn for _, turn in parts))


def _add_piece(parts: list[tuple[str, str]], line: Line, start: int, end: int, vocabulary: Vocabulary) -> None:
    if is_non_answer(line, start, end, vocabulary) and not any(has_digit(word) for word in line.words[start:end]):
        return
    start = _after_label(line, start, end, vocabulary)
    correction = vocabulary.corrections.first(line.words, start, end)
    if correction and correction[0] > start:
        _append(parts, line, start, correction[0], vocabulary)
    is_correction = correction is not None
    while correction:
        start = correction[1]
        correction = vocabulary.corrections.first(line.words, start, end)
    start = skip_leads(line, start, end, vocabulary)
    if is_correction and start < end and parts:
        _correct(parts, line, start, end, vocabulary)
    else:
        _append(parts, line, start, end, vocabulary)


def _after_label(line: Line, start: int, end: int, vocabulary: Vocabulary) -> int:
    """The place after "my address is"."""
    label = vocabulary.labels.first(line.words, start, min(end, start + _WORDS_AROUND_STREET + 1))
    copula = vocabulary.copulas.at(line.words, label[1], end) if label and label[1] < end else None
    return label[1] + copula[0] if label and copula else start


def _append(parts: list[tuple[str, str]], line: Line, start: int, end: int, vocabulary: Vocabulary) -> None:
    start = skip_leads(line, start, end, vocabulary)
    for first, stop in _without_talk(line, start, end, vocabulary):
        text = titled_if_lower(line, first, stop, vocabulary).strip(" ,.")
        if text and text.lower() not in {part.lower() for part, _ in parts}:
            _join_digits(parts, text, line.turn_id)


def _join_digits(parts: list[tuple[str, str]], text: str, turn_id: str) -> None:
    """A postal code in two turns ("nine eight six" / "two one") is one part."""
    if text.isdigit() and parts and parts[-1][0].isdigit() and len(parts) > 1 and len(parts[-1][0] + text) <= 6:
        parts[-1] = (parts[-1][0] + text, turn_id)
    elif not (text.isdigit() and any(text in part for part, _ in parts)):
        parts.append((text, turn_id))


def _without_talk(line: Line, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """The part of the words before any other talk; full stops end it unless digits or a street follow."""
    stop = start
    while stop < end:
        if stop > start and vocabulary.breakers.at(line.words, stop, end):
            break
        stop += 1
    while stop > start and vocabulary.fillers.at(line.words, stop - 1, stop):
        stop -= 1
    return [(start, stop)] if stop > start else []


def _correct(parts: list[tuple[str, str]], line: Line, start: int, end: int, vocabulary: Vocabulary) -> None:
    corrected = [word.key for word in line.words[start:end]]
    last, _ = parts[-1]
    said = last.lower().split()
    shared = next((place for place, word in enumerate(said) if word.strip(",") == corrected[0]), None)
    is_same_kind = last.replace(" ", "").isdigit() == "".join(corrected).isdigit()
    if shared is not None and shared:
        parts[-1] = (" ".join(last.split()[:shared]).strip(","), line.turn_id)
    elif shared == 0 or is_same_kind:
        parts.pop()
    _append(parts, line, start, end, vocabulary)


def find_address(line: Line, vocabulary: Vocabulary) -> Found | None:
    """An address told by its form, in one turn: number and street, and what follows up to the postal code."""
    for place, word in enumerate(line.words):
        if word.key in vocabulary.street_first:
            street = _number_after(line, place, vocabulary)
        else:
            street = _street_after(line, place, vocabulary) if word.key.isdigit() and len(word.key) <= 6 else None
        if street is not None:
            end = _address_end(line, street + 1, vocabulary)
            return Found(place, end, titled_if_lower(line, place, end, vocabulary))
    return None


def _street_after(line: Line, place: int, vocabulary: Vocabulary) -> int | None:
    """The place of "street" in "486 main street"; None when other words stand between."""
    for at in range(place + 1, min(place + 1 + _WORDS_AROUND_STREET, len(line.words))):
        key = line.words[at].key
        if key in vocabulary.street_words and at > place + 1:
            return at
        if key in vocabulary.stop_words:
            return None
    return None


def _number_after(line: Line, place: int, vocabulary: Vocabulary) -> int | None:
    """The place of the number in "calle mayor 24"."""
    for at in range(place + 2, min(place + 2 + _WORDS_AROUND_STREET, len(line.words))):
        if line.words[at].before == ".":
            return None
        if line.words[at].key.isdigit():
            return at
    return None


def _address_end(line: Line, place: int, vocabulary: Vocabulary) -> int:
    first = place
    while place < len(line.words) and place - first < 8 and line.words[place].before != ".":
        word = line.words[place]
        if word.key in vocabulary.stop_words or vocabulary.breakers.at(line.words, place):
            break
        place += 1
        if word.key.isdigit() and len(word.key) >= 5:
            break
    return place
