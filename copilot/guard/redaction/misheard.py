"""Digits that a recogniser wrote as words that sound alike: "four for ate one to" is 4 4 8 1 2."""

import re
from collections.abc import Mapping
from typing import Final

_ALIKE: Final[Mapping[str, str]] = {
    "won": "1",
    "to": "2",
    "too": "2",
    "tree": "3",
    "for": "4",
    "fore": "4",
    "sex": "6",
    "ate": "8",
}
_TIMES: Final[Mapping[str, int]] = {"double": 2, "triple": 3}
ALIKE_WORDS: Final = frozenset(_ALIKE)
_WORD = rf"(?:(?:double|triple)\s+)?(?:{'|'.join(_ALIKE)})\b"
_TOKEN = re.compile(rf"\b(?:(?P<times>double|triple)\s+)?(?P<word>{'|'.join(_ALIKE)})\b", re.IGNORECASE)
ALIKE_GAP: Final = re.compile(rf"[\s,;\-]+(?:{_WORD}[\s,;\-]+){{1,3}}", re.IGNORECASE)
_TAIL = re.compile(rf"(?:[\s,\-]+{_WORD}){{1,3}}(?=\s*(?:$|[.,;!?]))", re.IGNORECASE)


def alike_digits(text: str) -> str:
    """The digits of the words in the text that sound like digits."""
    return "".join(
        _ALIKE[match["word"].lower()] * _TIMES.get((match["times"] or "").lower(), 1)
        for match in _TOKEN.finditer(text)
    )


def alike_tail(plain: str, end: int) -> int:
    """The end of the words after the place that sound like digits and end the sentence; the place if there are none."""
    tail = _TAIL.match(plain, end)
    return tail.end() if tail else end
