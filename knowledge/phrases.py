"""Phrases as a non-programmer writes them, found in what people say.

A phrase is words: `cancel my (service|line)`. `(a|b)` is one of several, `(a|)` may be missing, `*` stands for up to
three words, `word~` for every word that begins so (`cancel~`: cancelled, cancelling), `~word` for every word that ends
so (`~ed`). Case, accents, apostrophes and punctuation do not matter; `*` never crosses the end of a sentence.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.remembering import remembered
from knowledge.words import fold

_SENTENCE_END = re.compile(r"[.!?;:…\n]+(?=\s|$)|[¿¡]")
_NOT_WORD = re.compile(r"[^\w. ]|(?<=\w)\.(?=\w)|_")
_TOKEN = re.compile(r"[()|*]|[^\s()|*]+")
_WORDS_PER_STAR = 3


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

    def one_a_sentence(self, plain: str) -> list[str]:
        """The words of the first match in each sentence of such a text, in order."""
        sentences = (f" {sentence.strip()} " for sentence in plain.split(" . "))
        return [words for words in map(self.found_in, sentences) if words]


@remembered(4096)
def plain_words(text: str) -> str:
    """Text as phrases see it: lower case, no accents, ` . ` where a sentence ends, single spaces, one at each end."""
    sentences = _SENTENCE_END.sub(" . ", fold(text))
    return f" {' '.join(_NOT_WORD.sub(' ', sentences).split())} "


def compile_phrases(phrases: Sequence[str]) -> Phrases:
    """Compile phrases into one matcher.

    Raises:
        BadPhrase: brackets, bars or tildes stand where they mean nothing, or the whole phrase may be missing; the
            message quotes the phrase.
    """
    if not phrases:
        return Phrases(None)
    return Phrases(re.compile("|".join(f"(?: {_to_regex(phrase)})" for phrase in phrases)))


def _to_regex(phrase: str) -> str:
    if not re.search(r"\w", phrase):
        raise BadPhrase(f"phrase {phrase!r} holds no word")
    tokens = deque(_TOKEN.findall(phrase))
    try:
        regex = _sequence(tokens)
    except _BadSyntax as error:
        raise BadPhrase(f"phrase {phrase!r} {error}") from None
    except RecursionError:
        raise BadPhrase(f"phrase {phrase[:40]!r}... has too many brackets in brackets") from None
    if tokens:
        raise BadPhrase(f"phrase {phrase!r} has a {tokens[0]} outside of brackets")
    if regex.endswith(("?", "}")) and re.fullmatch(regex, ""):  # it would be heard in every turn
        raise BadPhrase(f"phrase {phrase!r} may be missing as a whole")
    return regex


class _BadSyntax(ValueError):
    """What is wrong with a phrase, without the phrase."""


def _sequence(tokens: deque[str]) -> str:
    """Regex of the tokens up to the bracket, bar or end that stops them; that one stays."""
    parts = []
    while tokens and tokens[0] not in "|)":
        if tokens[0] == "*":
            parts.append(_any_words(tokens))
        elif tokens[0] == "(":
            tokens.popleft()
            parts.append(_group(tokens))
        else:
            parts.append(_word(tokens.popleft()))
    return "".join(parts)


def _any_words(tokens: deque[str]) -> str:
    """One loop for all the stars that follow each other: loops in a row would be tried in every combination."""
    words = 0
    while tokens and tokens[0] == "*":
        tokens.popleft()
        words += _WORDS_PER_STAR
    return rf"(?:\w+ ){{0,{words}}}"


def _group(tokens: deque[str]) -> str:
    options = [_sequence(tokens)]
    while tokens and tokens[0] == "|":
        tokens.popleft()
        options.append(_sequence(tokens))
    if not tokens:
        raise _BadSyntax("opens a bracket and never closes it")
    tokens.popleft()
    chosen = "|".join(option for option in options if option)
    return f"(?:{chosen}){'?' if '' in options else ''}"


def _word(token: str) -> str:
    words = "".join(re.escape(word) + " " for word in plain_words(token.strip("~")).split())
    if not words:
        raise _BadSyntax(f"has {token!r} where a word belongs")
    begins = r"\w*" if token.startswith("~") else ""
    return begins + (words[:-1] + r"\w* " if token.endswith("~") else words)
