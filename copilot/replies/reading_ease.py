"""How hard a text is to read: Flesch-Kincaid for English, Fernández Huerta for Spanish."""

import re

_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)|\n{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_VOWELS = re.compile(
    r"[aeo](?:[iuüy](?![aeoáéíóú]))?|[iuü]?[áéíóú]|[iuüy]+(?=[aeoáéó])[aeoáéó]?|[iuüy]", re.IGNORECASE
)
HARDEST_GRADE = 13.0
HARDEST_EASE = 45.0


def is_plain(text: str, language: str) -> bool:
    """Whether most adults read it without effort: school grade 13 at most, or an ease of 45 at least in Spanish.

    Grade = 0.39 words/sentence + 11.8 syllables/word - 15.59 (Kincaid 1975). Ease = 206.84 - 60 syllables/word - 1.02
    words/sentence (Fernández Huerta 1959).
    """
    words = _WORD.findall(text)
    sentences = max(1, sum(1 for part in _SENTENCE_END.split(text) if _WORD.search(part)))
    if not words:
        return True
    if language == "es":
        ease = 206.84 - 60 * sum(map(_spanish, words)) / len(words) - 1.02 * len(words) / sentences
        return ease >= HARDEST_EASE
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(_english, words)) / len(words) - 15.59
    return grade <= HARDEST_GRADE


def _english(word: str) -> int:
    plain = word.lower()
    silent = plain.endswith("e") and not plain.endswith("le")
    return max(1, len(_ENGLISH_VOWELS.findall(plain)) - silent)


def _spanish(word: str) -> int:
    return max(1, len(_SPANISH_VOWELS.findall(word)))
