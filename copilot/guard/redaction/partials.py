"""Hides every number of a text: for words that are not final, where nobody can tell yet what a number will be."""

import re
from collections.abc import Iterable, Mapping, Sequence

from copilot.guard.redaction.kinds import ALL_KINDS, Kind, Span
from copilot.spoken import find_numbers

HIDDEN_NUMBER = "[NUMBER]"

_DIGITS = re.compile(r"\d+")  # what reads as no number: the figures of "a4b7"
_MARK = re.compile(rf"\[({'|'.join(sorted(ALL_KINDS))})\]")


def number_places(text: str) -> list[tuple[int, int]]:
    """Where the numbers of a text stand, spoken or typed, and every digit besides; in order, without overlap."""
    found = [(number.start, number.end) for number in find_numbers(text)]
    return _joined([*found, *(match.span() for match in _DIGITS.finditer(text))])


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def hide_numbers(text: str, secrets: Sequence[Span] = ()) -> str:
    """The text with `[NUMBER]` in the place of every number; a secret without one shows its kind, as in `[PASSWORD]`.

    A number that is known for a secret shows no kind either: as more of it is said, the kind would change.
    """
    numbers = number_places(text)
    words = [span for span in secrets if not any(start < span.end and span.start < end for start, end in numbers)]
    kinds = {(span.start, span.end): f"[{span.kind}]" for span in words}
    for place in reversed(_joined([*numbers, *((span.start, span.end) for span in secrets)])):
        text = f"{text[: place[0]]}{kinds.get(place, HIDDEN_NUMBER)}{text[place[1] :]}"
    return text


def marks_in(text: str) -> list[Kind]:
    """The kinds of the secrets that were masked in a text, in order; empty when it holds no mark."""
    kinds: Mapping[str, Kind] = {kind: kind for kind in ALL_KINDS}
    return [kinds[match[1]] for match in _MARK.finditer(text)]
