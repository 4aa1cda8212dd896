"""Spoken and written words brought to one form, so that what was read out can be laid beside the line it came from.

Numbers in digits, contractions written out, stems, no fillers: "I'm sending eighty-five dollars" and "i am sending $85"
become the same words.
"""

import re
from functools import lru_cache

from copilot.spoken import NUMBER_WORDS, written_form
from knowledge.remembering import remembered
from knowledge.words import stem, words

PLACEHOLDER = re.compile(r"\{[^{}\n]*\}")
BLANK = "zzblank"
"""The word that stands for a placeholder."""
MAX_WORDS = 600
"""Of one turn; nobody says more in one breath, and a longer text shall not cost more."""

_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")
_ANSWER_NO = re.compile(r"(?:^|(?<=[.!?;]))\s*(?:no\b[,.;!]+\s*)+", re.IGNORECASE)
_DIGIT_GROUPS = re.compile(r"(?<=\d)[-, ](?=\d)")
_WITH_APOSTROPHE = re.compile(r"\b(we|who|there)['’](re|ll|d|ve)\b", re.IGNORECASE)
_TAILS = {"re": " are", "ll": " will", "d": " would", "ve": " have"}
_FILLERS = {
    "en": frozenset("uh um er erm ah hm hmm mm mhm okay ok alright so well please dollar dollars buck bucks".split()),
    "es": frozenset("eh em ah mm hmm pues bueno dolar dolares".split()),
}
_NEGATIONS = {"en": "not never no", "es": "no nunca jamas tampoco ni"}
_WRITTEN_OUT = {
    "en": {
        "im": "i am",
        **{f"{who}ll": f"{who} will" for who in ("i", "you", "they", "he", "it", "that", "there")},
        **{f"{who}ve": f"{who} have" for who in ("i", "you", "we", "they")},
        **{f"{who}re": f"{who} are" for who in ("you", "they")},
        **{f"{who}d": f"{who} would" for who in ("i", "you", "they")},
        **{f"{it}s": f"{it} is" for it in ("it", "that", "there", "what", "he", "she", "who", "here", "where", "how")},
        **{
            f"{verb}nt": f"{verb} not"
            for verb in ("do", "does", "did", "is", "are", "was", "were", "could", "would", "should", "have", "has")
        },
        "cant": "can not",
        "cannot": "can not",
        "wont": "will not",
        "lets": "let us",
        "gonna": "going to",
        "wanna": "want to",
        "gotta": "have to",
    },
    "es": {},
}
_DIGITS = {word: str(number.value) for word, number in NUMBER_WORDS.items() if number.value < 10}
_NOT_DIGITS = frozenset("o oh un una uno a an double triple doble".split())  # also words of other meanings


@remembered(8192)
def spoken_words(text: str, language: str) -> tuple[str, ...]:
    """The words of a text in that form; a placeholder is the word `BLANK`. Past `MAX_WORDS` only the last ones."""
    text = _ANSWER_NO.sub(" ", PLACEHOLDER.sub(f" {BLANK} ", text))
    text = _WITH_APOSTROPHE.sub(lambda found: found[1] + _TAILS[found[2].lower()], text)
    plain = words(_DIGIT_GROUPS.sub("", written_form(text)))[-MAX_WORDS:]
    written_out = _WRITTEN_OUT.get(language, {})
    fillers = _FILLERS.get(language, frozenset())
    spoken = (part for word in plain for part in written_out.get(word, word).split())
    return tuple(_in_digits(word) or stem(word, language) for word in spoken if word not in fillers)


def sentences_in_words(text: str, language: str) -> list[tuple[str, ...]]:
    """The same, a sentence at a time."""
    return [found for found in (spoken_words(part, language) for part in _SENTENCE.split(text)) if found]


@lru_cache(maxsize=8)
def negations(language: str) -> frozenset[str]:
    """The words that turn a sentence round, in the same form."""
    return frozenset(stem(word, language) for word in _NEGATIONS.get(language, "").split())


def _in_digits(word: str) -> str | None:
    return None if word in _NOT_DIGITS else _DIGITS.get(word)
