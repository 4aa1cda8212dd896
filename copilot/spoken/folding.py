"""Text made plain for reading numbers: any script's digits as 0-9, invisible characters gone, places kept."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\u20e3\ufeff"
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_NEEDS_FOLDING = re.compile(rf"[{_INVISIBLE}\u00b2\u00b3\u00b9\u2070-\u2089\u2460-\u24ff\u2776-\u2793]|(?![0-9])\d")


@dataclass(frozen=True)
class Folded:
    """`text` is the plain form; `places[i]` is where its i-th character stood, or None when nothing moved."""

    text: str
    places: Sequence[int] | None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as given that [start, end) of the plain text came from."""
        if self.places is None or start >= end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """`text` with decimal digits of every script as ASCII and zero-width characters left out; linear."""
    if text.isascii() or not _NEEDS_FOLDING.search(text):
        return Folded(text, None)
    plain = "".join(map(_plain_digit, text))
    if not _IS_INVISIBLE.search(plain):
        return Folded(plain, None)
    places = [place for place, char in enumerate(plain) if not _IS_INVISIBLE.match(char)]
    return Folded("".join(plain[place] for place in places), places)


def _plain_digit(char: str) -> str:
    if char.isascii() or not char.isdigit():
        return char
    return str(unicodedata.digit(char, char))
