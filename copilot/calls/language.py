"""Which language a call is held in, from the words that every sentence needs."""

import re
from collections.abc import Sequence
from typing import Literal

from copilot.transcript import Turn
from knowledge.remembering import remembered

Language = Literal["en", "es"]

TELLING_WORDS = 3

_WORD = re.compile(r"[^\W\d_]+")
# Function words of one language that are no words of the other.
_SPANISH = frozenset(
    "el los las de que y en un una por para con es está estoy mi su lo le se pero más muy qué cómo hola gracias "
    "sí usted quiero tengo tiene puedo cuenta buenos buenas días señor señora esta esto porque ya".split()
)
_ENGLISH = frozenset(
    "the and to of you is it i my we that this for on are have with can what your not do but hello hi yes "
    "please thank thanks would like need was be just account".split()
)


def detect_language(texts: Sequence[str], default: Language = "en") -> Language:
    """English or Spanish, whichever has more function words in `texts`; `default` on a tie or too little text."""
    spanish, english = (sum(counts) for counts in zip((0, 0), *map(_telling_words, texts), strict=True))
    if spanish == english:
        return default
    return "es" if spanish > english else "en"


def language_now(language: str, turns: Sequence[Turn]) -> str:
    """The language a call has come to: another than `language` once the caller's last two telling turns were in it.

    A turn tells when it has three function words of one language or more, and twice as many as of the other;
    "sí, okay" tells nothing. The way back is the same.
    """
    told = (_told(turn.text) for turn in reversed(turns) if turn.speaker in ("customer", "unknown"))
    telling = (found for found in told if found)
    last, before = next(telling, None), next(telling, None)
    return last if last and last == before else language


@remembered(8192)
def _telling_words(text: str) -> tuple[int, int]:
    """How many words of the text are Spanish, and how many English, as far as they tell."""
    words = [word.lower() for word in _WORD.findall(text[:2000])]
    return sum(word in _SPANISH for word in words), sum(word in _ENGLISH for word in words)


def _told(text: str) -> Language | None:
    spanish, english = _telling_words(text)
    if max(spanish, english) < TELLING_WORDS or max(spanish, english) < 2 * min(spanish, english):
        return None
    return "es" if spanish > english else "en"
