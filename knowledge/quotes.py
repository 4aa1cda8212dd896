"""What to quote from a passage: the sentences nearest to a question, word for word."""

import re

from knowledge.passages import Passage
from knowledge.words import query_words, stem

MAX_QUOTE_WORDS = 60
MIN_SENTENCE_WORDS = 3

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]*")
# A single line break inside a paragraph is only how it was typed; lists, quotes, tables and headings keep theirs.
_SOFT_BREAK = re.compile(r"(?<!\n)\n(?=[^\S\n]*[^\s\-*+>#|\d])")
_MARKUP = re.compile(r"[*_`>#|]+|^\s*[-+]\s+", re.MULTILINE)


def best_sentences(
    passage: Passage, question: str, *, language: str = "en", max_words: int = MAX_QUOTE_WORDS
) -> list[str]:
    """Sentences of the passage that share most words with the question, in their order; at least one.

    Args:
        passage: where to quote from.
        question: what was said or asked.
        language: of both, as a two-letter code.
        max_words: all sentences together; the best one is quoted whole whatever its length.
    """
    every = map(_plain, _SENTENCE.findall(_SOFT_BREAK.sub(" ", passage.text)))
    sentences = [text for text in every if len(text.split()) >= MIN_SENTENCE_WORDS]
    if not sentences:
        return [" ".join(_plain(passage.text).split()[:max_words])]
    wanted = stems_of(question, language)
    shared = [len(wanted & stems_of(sentence, language)) for sentence in sentences]
    ranked = sorted(range(len(sentences)), key=lambda place: (-shared[place], place))
    chosen, words = [ranked[0]], len(sentences[ranked[0]].split())
    for place in ranked[1:]:
        words += len(sentences[place].split())
        if words > max_words:
            break
        chosen.append(place)
    return [sentences[place] for place in sorted(chosen)]


def stems_of(text: str, language: str) -> frozenset[str]:
    """The stems of the words that carry a text."""
    return frozenset(stem(word, language) for word in query_words(text, [language]))


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(" ", text).split())
