"""Numbers that a hesitation cut in two: "forty one eleven, uh, twenty two" is one number where one was announced."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from copilot.guard.redaction.chains import looks_like_card
from copilot.guard.redaction.cues import Cue, Topic
from copilot.spoken import NumberSpan

_HESITATION = re.compile(
    r"(?:[\s,;.…/\-‐-―]|\b(?:u+h+|u+m+|erm?|ah|eh|mm+|hmm?|este|then|and then|luego|y luego|después"
    r"|dash|hyphen|guion|guión"
    r"|coma|comma|space|espacio|dot|punto|like|so|pues)\b)*",
    re.IGNORECASE,
)
_LONGEST_GAP = 24  # characters
_CUE_REACH_WORDS = 12
_POSTFIX_WORDS = 3  # "is my"
_FEWEST_UNANNOUNCED = 9  # digits
_NO_NUMBER: Final[frozenset[Topic]] = frozenset(
    {"AMOUNT", "COUNT", "PLACE", "OTHER", "EMAIL", "DATE_OF_BIRTH", "EXPIRY"}
)


def joined_runs(
    plain: str,
    numbers: Sequence[NumberSpan],
    is_plain_number: Callable[[NumberSpan], bool],
    is_announced: Callable[[Sequence[NumberSpan]], bool],
) -> list[NumberSpan]:
    """The numbers with those made one that only hesitations part, where a number was announced or it is a long one.

    Args:
        plain: the folded text.
        numbers: its numbers, in order.
        is_plain_number: whether a number is no amount, date or measure.
        is_announced: whether words around them say that they are a card, an account or the like.
    """
    result: list[NumberSpan] = []
    for run in _runs(plain, numbers, is_plain_number):
        is_long = sum(len(number.digits) for number in run) >= _FEWEST_UNANNOUNCED
        result += [_one(run)] if len(run) > 1 and (is_long or is_announced(run)) else run
    return result


def _runs(
    plain: str, numbers: Sequence[NumberSpan], is_plain_number: Callable[[NumberSpan], bool]
) -> Iterator[list[NumberSpan]]:
    run: list[NumberSpan] = []
    for number in numbers:
        if run and not (_is_cut(plain, run[-1], number) and is_plain_number(run[-1]) and is_plain_number(number)):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _is_cut(plain: str, before: NumberSpan, after: NumberSpan) -> bool:
    if after.start - before.end > _LONGEST_GAP or looks_like_card(before.digits):
        return False
    return bool(_HESITATION.fullmatch(plain, before.end, after.start))


def _one(run: Sequence[NumberSpan]) -> NumberSpan:
    digits = "".join(number.digits for number in run)
    return NumberSpan(run[0].start, run[-1].end, digits, any(number.spoken for number in run), False, None)


def announces(cues: Sequence[Cue], first: int, after: int) -> bool:
    """Whether the last cue before the word `first` says that a number comes, or one at `after` says what it was."""
    place = bisect_left(cues, first, key=lambda cue: cue.first)
    before = cues[place - 1] if place else None
    if before is not None and before.topic not in _NO_NUMBER and first - before.last <= _CUE_REACH_WORDS:
        return True
    behind = cues[place] if place < len(cues) else None
    return behind is not None and behind.topic not in _NO_NUMBER and 0 < behind.first - after <= _POSTFIX_WORDS
