"""Results of a text that are asked for again and again, kept in bounded memory."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple, cast

LONGEST = 2_000
"""Characters of a text that is kept; a longer one is rare, and not asked for often enough to be worth its memory."""

R = TypeVar("R")
Rest = TypeVarTuple("Rest")


def remembered(texts: int) -> Callable[[Callable[[str, *Rest], R]], Callable[[str, *Rest], R]]:
    """Keep what a function of a text gave for the last so many `texts`; of texts beyond `LONGEST` nothing is kept.

    A turn is looked at by many, and all turns of a call again for its note. Counting texts alone would bound nothing:
    a turn may hold 100,000 characters. For pure functions of masked texts, whose results nobody changes.
    """

    def decorate(function: Callable[[str, *Rest], R]) -> Callable[[str, *Rest], R]:
        kept = cast("Callable[[str, *Rest], R]", lru_cache(maxsize=texts)(function))

        @wraps(function)
        def recalled(text: str, *rest: *Rest) -> R:
            return kept(text, *rest) if len(text) <= LONGEST else function(text, *rest)

        return recalled

    return decorate
