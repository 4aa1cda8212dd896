"""Digits that a recogniser wrote as words that sound alike: "four for ate one to" is 4 4 8 1 2."""

import re
from collections.abc import Mapping
from typing import Final

from copilot.spoken.words import ENGLISH_NUMBERS

_ALIKE: Final[Mapping[str, str]] = {
    "won": "1",
    "to": "2",
    "too": "2",
    "tree": "3",
    "for": "4",
    "fore": "4",
    "sex": "6",
    "ate": "8",
    "oh": "0",
    "o": "0",
}
_TIMES: Final[Mapping[str, int]] = {"double": 2, "triple": 3}
_WORD = rf"(?:(?:double|triple)\s+)?(?:{'|'.join(_ALIKE)})\b"
_HESITATION = r"(?:uh|um|er|then|and then|dash)\b"
_SPACE = r"[\s,;.…\-]+"
_TOKEN = re.compile(rf"\b(?:(?P<times>double|triple)\s+)?(?P<word>{'|'.join(_ALIKE)})\b", re.IGNORECASE)
ALIKE_GAP: Final = re.compile(rf"{_SPACE}(?:(?:{_WORD}|{_HESITATION}){_SPACE}){{1,6}}", re.IGNORECASE)
_TAIL = re.compile(rf"(?:{_SPACE}(?:{_HESITATION}{_SPACE})?{_WORD}){{1,6}}(?=\s*(?:$|[.,;!?]))", re.IGNORECASE)
_HEAD = re.compile(
    r"(?<![\w'’])(?:(?:oh|o|ate|won|tree)[\s,]+(?:(?:uh|um|er|then|and then)[\s,]+)?){1,2}$", re.IGNORECASE
)


def alike_digits(text: str) -> str:
    """The digits of the words in the text that sound like digits."""
    return "".join(
        _ALIKE[match["word"].lower()] * _TIMES.get((match["times"] or "").lower(), 1) for match in _TOKEN.finditer(text)
    )


def has_common_words(text: str) -> bool:
    """Whether words are among them that stand between any two numbers: "two to three", "four for six"."""
    return any(word in ("to", "for", "too", "o") for word in text.lower().split())


def ends_in_tens(spoken: str) -> bool:
    """Whether the last word of a spoken number is "twenty" or the like."""
    last = spoken.lower().replace("-", " ").split()[-1:]
    return bool(last) and last[0] in ENGLISH_NUMBERS and ENGLISH_NUMBERS[last[0]].part == "tens"


def alike_tail(plain: str, end: int) -> int:
    """The end of the words after the place that sound like digits and end the sentence; the place if there are none."""
    tail = _TAIL.match(plain, end)
    return tail.end() if tail else end


def alike_head(plain: str, start: int) -> int:
    """The start of the words right before the place that sound like digits; the place if there are none."""
    head = _HEAD.search(plain, max(0, start - 20), start)
    return head.start() if head else start
