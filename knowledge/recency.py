"""Of two documents that say the same thing and are both valid, the newer one goes first."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar

from knowledge.documents import Document
from knowledge.words import words

Item = TypeVar("Item")

# Two documents match "about equally" when their scores differ by less than this share of the better one.
SCORE_MARGIN = 0.1
SHARED_TITLE_WORDS = 0.6


def newer_first(ranked: Sequence[tuple[Item, Document, float]]) -> list[tuple[Item, Document, float]]:
    """Move an item before those on the same topic that match about as well and took effect earlier.

    Args:
        ranked: (anything, its document, score 0..1), best first.

    Returns:
        The same items; only documents of one topic change places among each other.
    """
    ordered: list[tuple[Item, Document, float]] = []
    for entry in ranked:
        _, document, score = entry
        older = (
            place
            for place, (_, other, better) in enumerate(ordered)
            if score >= better * (1 - SCORE_MARGIN) and _is_newer(document, other) and is_same_topic(document, other)
        )
        ordered.insert(next(older, len(ordered)), entry)
    return ordered


def is_same_topic(one: Document, other: Document) -> bool:
    """Whether two documents of one language and kind have nearly the same title, numbers aside."""
    if (one.language, one.kind) != (other.language, other.kind) or one.doc_id == other.doc_id:
        return False
    mine, theirs = _title_words(one.title), _title_words(other.title)
    return bool(mine) and len(mine & theirs) >= SHARED_TITLE_WORDS * len(mine | theirs)


def _is_newer(one: Document, other: Document) -> bool:
    return (one.effective_from or date.min) > (other.effective_from or date.min)


@lru_cache(maxsize=10_000)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(word for word in words(title) if not word.isdigit())
