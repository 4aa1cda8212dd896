"""Words as search sees them: lower case, no accents, and stems that agree with and without accents."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_STEMMERS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}


def fold(text: str) -> str:
    """Lower case without accents; apostrophes go without leaving a gap: "What's" gives "whats"."""
    folded = _APOSTROPHES.sub("", text).casefold()
    if folded.isascii():  # most of it: nothing to take apart
        return folded
    return "".join([char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char)])


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def stems(text: str, language: str) -> list[str]:
    """The stems of a text's words in order; words of a language without a stemmer stay whole."""
    main_language = language.partition("-")[0]
    return [stem(word, main_language) for word in words(text)]


def query_words(text: str, languages: Iterable[str]) -> list[str]:
    """A query's words without stop words of these languages; all of them if nothing else is left."""
    stop_words = _stop_words(tuple(sorted(set(languages))))
    every = words(text)
    return [word for word in every if word not in stop_words] or every


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The stem of one folded word."""
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    # Once is not enough in Spanish: "linea" gives "line", "lineas" gives "lin".
    stemmed = stemmer.stemWord(stemmer.stemWord(word)) if language == "es" else stemmer.stemWord(word)
    return fold(stemmed)


@cache
def _stemmer(language: str) -> Any:
    import Stemmer  # noqa: PLC0415 - with the first search, not with the program

    return Stemmer.Stemmer(_STEMMERS[language]) if language in _STEMMERS else None


@cache
def _stop_words(languages: Sequence[str]) -> frozenset[str]:
    import bm25s.stopwords as lists  # noqa: PLC0415 - imports scipy

    known = {"en": lists.STOPWORDS_EN_PLUS, "es": lists.STOPWORDS_SPANISH}
    return frozenset(fold(word) for language in languages for word in known.get(language.partition("-")[0], ()))
