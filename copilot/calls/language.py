"""Which language a call is held in, from the words that every sentence needs."""

import re
from collections.abc import Sequence
from typing import Literal

Language = Literal["en", "es"]

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
    words = [word.lower() for text in texts for word in _WORD.findall(text[:2000])]
    spanish = sum(word in _SPANISH for word in words)
    english = sum(word in _ENGLISH for word in words)
    if spanish == english:
        return default
    return "es" if spanish > english else "en"
