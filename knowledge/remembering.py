"""Results of a text that are asked for again and again, kept in bounded memory."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple, cast

SHORT = 2_000
LONG = 100_000
"""Characters. A turn has seldom more than the first; beyond the second nothing is kept."""
LONG_TEXTS = 64

R = TypeVar("R")
Rest = TypeVarTuple("Rest")


def remembered(texts: int) -> Callable[[Callable[[str, *Rest], R]], Callable[[str, *Rest], R]]:
    """Keep what a function of a text gave for the last so many `texts`, and for the last few that are long.

    A turn is looked at by many, and all turns of a call again for its note. Counting texts alone would bound nothing,
    as a feed may send a million characters as one turn. For pure functions of masked texts, whose results nobody
    changes.
    """

    def decorate(function: Callable[[str, *Rest], R]) -> Callable[[str, *Rest], R]:
        short = cast("Callable[[str, *Rest], R]", lru_cache(maxsize=texts)(function))
        long = cast("Callable[[str, *Rest], R]", lru_cache(maxsize=LONG_TEXTS)(function))

        @wraps(function)
        def recalled(text: str, *rest: *Rest) -> R:
            if len(text) <= SHORT:
                return short(text, *rest)
            return long(text, *rest) if len(text) <= LONG else function(text, *rest)

        return recalled

    return decorate
