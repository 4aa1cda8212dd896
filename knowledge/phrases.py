"""Phrases as a non-programmer writes them, found in what people say.

A phrase is words: `cancel my (service|line)`. `(a|b)` is one of several, `(a|)` may be missing, `*` stands for up to
three words, `word~` for every word that begins so (`cancel~`: cancelled, cancelling), `~word` for every word that ends
so (`~ed`). Case, accents, apostrophes and punctuation do not matter; `*` never crosses the end of a sentence.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

_APOSTROPHES = re.compile(r"['’`´]")
_SENTENCE_END = re.compile(r"[.!?;:…\n]+(?=\s|$)|[¿¡]")
_NOT_WORD = re.compile(r"[^\w. ]|(?<=\w)\.(?=\w)|_")
_TOKEN = re.compile(r"[()|*]|[^\s()|*]+")
_UP_TO_THREE_WORDS = r"(?:\w+ ){0,3}"


class BadPhrase(ValueError):
    """A phrase that does not follow the syntax above."""


@dataclass(frozen=True)
class Phrases:
    """A set of phrases compiled together; empty sets match nothing."""

    pattern: re.Pattern[str] | None

    def found_in(self, plain: str) -> str | None:
        """The words of the first match in a text made by `plain_words`, or None."""
        match = self.pattern.search(plain) if self.pattern else None
        return match.group(0).strip() if match else None


def plain_words(text: str) -> str:
    """Text as phrases see it: lower case, no accents, ` . ` where a sentence ends, single spaces, one at each end."""
    lowered = _APOSTROPHES.sub("", text.lower())
    without_accents = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    sentences = _SENTENCE_END.sub(" . ", without_accents)
    return f" {' '.join(_NOT_WORD.sub(' ', sentences).split())} "


def compile_phrases(phrases: Sequence[str]) -> Phrases:
    """Compile phrases into one matcher.

    Raises:
        BadPhrase: a bracket is not closed, or nothing but wildcards is left; the message quotes the phrase.
    """
    if not phrases:
        return Phrases(None)
    return Phrases(re.compile("|".join(f"(?: {_to_regex(phrase)})" for phrase in phrases)))


def _to_regex(phrase: str) -> str:
    if not re.search(r"\w", phrase):
        raise BadPhrase(f"phrase {phrase!r} holds no word")
    tokens = deque(_TOKEN.findall(phrase))
    regex = _sequence(tokens)
    if tokens:
        raise BadPhrase(f"phrase {phrase!r} closes a bracket that was never opened")
    return regex


def _sequence(tokens: deque[str]) -> str:
    """Regex of the tokens up to the bracket, bar or end that stops them; that one stays."""
    parts = []
    while tokens and tokens[0] not in "|)":
        piece = tokens.popleft()
        parts.append(_group(tokens) if piece == "(" else _word(piece))
    return "".join(parts)


def _group(tokens: deque[str]) -> str:
    options = [_sequence(tokens)]
    while tokens and tokens[0] == "|":
        tokens.popleft()
        options.append(_sequence(tokens))
    if not tokens:
        raise BadPhrase("a phrase opens a bracket and never closes it")
    tokens.popleft()
    chosen = "|".join(option for option in options if option)
    return f"(?:{chosen}){'?' if '' in options else ''}"


def _word(word: str) -> str:
    if word == "*":
        return _UP_TO_THREE_WORDS
    plain = "".join(re.escape(part) + " " for part in plain_words(word.strip("~")).split())
    if word.endswith("~"):
        return plain[:-1] + r"\w* "
    return r"\w*" + plain if word.startswith("~") else plain
