"""How easily a text reads, by the length of its sentences and words."""

import re

from evals.results import Score

PLAIN_EASE = 50.0
"""Reading ease of "fairly difficult" text and better (Flesch 1948; for Spanish Fernández Huerta 1959)."""
LEAST_WORDS = 5
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouyáéíóúü]+", re.IGNORECASE)


def readability(text: str, language: str) -> Score:
    """1 from PLAIN_EASE on, below that by how far it falls short; syllables are counted as groups of vowels."""
    words = _WORD.findall(text)
    if len(words) < LEAST_WORDS:
        return Score(None, "too short to tell")
    per_sentence = len(words) / max(1, len(_SENTENCE.findall(text)))
    per_word = sum(max(1, len(_VOWELS.findall(word))) for word in words) / len(words)
    if language == "es":
        ease = 206.84 - 60 * per_word - 1.02 * per_sentence
    else:
        ease = 206.835 - 84.6 * per_word - 1.015 * per_sentence
    return Score(round(min(1.0, max(0.0, ease / PLAIN_EASE)), 4), f"reading ease {ease:.0f}")
