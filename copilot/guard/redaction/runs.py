"""Numbers that a hesitation cut in two: "forty one eleven, uh, twenty two" is one number where one was announced."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from copilot.guard.redaction.chains import looks_like_card
from copilot.guard.redaction.cues import Cue, Topic
from copilot.guard.redaction.misheard import ALIKE_GAP, alike_digits, alike_tail
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
_FEWEST_AROUND_ALIKE = 2
_FEWEST_BEFORE_CUE = 4
NO_NUMBER: Final[frozenset[Topic]] = frozenset(
    {"AMOUNT", "COUNT", "PLACE", "NAMED", "OTHER", "EMAIL", "DATE_OF_BIRTH", "EXPIRY"}
)


def joined_runs(
    plain: str,
    numbers: Sequence[NumberSpan],
    is_plain_number: Callable[[NumberSpan], bool],
    is_announced: Callable[[Sequence[NumberSpan]], bool],
    is_expected: Callable[[Sequence[NumberSpan]], bool],
) -> list[NumberSpan]:
    """The numbers with those made one that only hesitations part, where a number was announced or it is a long one.

    Args:
        plain: the folded text.
        numbers: its numbers, in order.
        is_plain_number: whether a number is no amount, date or measure.
        is_announced: whether words around them say that they are a card, an account or the like.
        is_expected: whether words before them or an open question do; words that sound like digits are digits then.
    """
    result: list[NumberSpan] = []
    for run in _runs(plain, numbers, is_plain_number, ALIKE_GAP):
        if _has_alike(plain, run) and any(number.spoken for number in run) and _size(run) >= _FEWEST_AROUND_ALIKE:
            if is_expected(run) or (_size(run) >= _FEWEST_BEFORE_CUE and is_announced(run)):
                result.append(_one(plain, run))
                continue
        for part in _runs(plain, run, is_plain_number, None):
            is_one = len(part) > 1 and (_size(part) >= _FEWEST_UNANNOUNCED or is_announced(part) or is_expected(part))
            result += [_one(plain, part)] if is_one else part
    return result


def _size(run: Sequence[NumberSpan]) -> int:
    return sum(len(number.digits) for number in run)


def _has_alike(plain: str, run: Sequence[NumberSpan]) -> bool:
    is_inside = any(alike_digits(plain[before.end : after.start]) for before, after in pairwise(run))
    return is_inside or alike_tail(plain, run[-1].end) > run[-1].end


def _runs(
    plain: str,
    numbers: Sequence[NumberSpan],
    is_plain_number: Callable[[NumberSpan], bool],
    gap: re.Pattern[str] | None,
) -> Iterator[list[NumberSpan]]:
    """The numbers in runs parted by hesitations, or by what matches `gap` as well."""
    run: list[NumberSpan] = []
    for number in numbers:
        if run and not (_is_cut(plain, run[-1], number, gap) and is_plain_number(run[-1]) and is_plain_number(number)):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _is_cut(plain: str, before: NumberSpan, after: NumberSpan, gap: re.Pattern[str] | None) -> bool:
    if after.start - before.end > _LONGEST_GAP or looks_like_card(before.digits):
        return False
    if _HESITATION.fullmatch(plain, before.end, after.start):
        return True
    return gap is not None and bool(gap.fullmatch(plain, before.end, after.start))


def _one(plain: str, run: Sequence[NumberSpan]) -> NumberSpan:
    """One number of them all, with the digits of what sounds like one between them and after them."""
    end = alike_tail(plain, run[-1].end) if any(number.spoken for number in run) else run[-1].end
    digits = run[0].digits
    for before, after in pairwise(run):
        digits += alike_digits(plain[before.end : after.start]) + after.digits
    digits += alike_digits(plain[run[-1].end : end])
    return NumberSpan(run[0].start, end, digits, any(number.spoken for number in run), False, None)


def announces(cues: Sequence[Cue], first: int, after: int) -> bool:
    """Whether the last cue before the word `first` says that a number comes, or one at `after` says what it was."""
    if announces_after(cues, first):
        return True
    place = bisect_left(cues, first, key=lambda cue: cue.first)
    behind = cues[place] if place < len(cues) else None
    return behind is not None and behind.topic not in NO_NUMBER and 0 < behind.first - after <= _POSTFIX_WORDS


def announces_after(cues: Sequence[Cue], first: int) -> bool:
    """Whether the last cue before the word `first` says that a number comes."""
    place = bisect_left(cues, first, key=lambda cue: cue.first)
    before = cues[place - 1] if place else None
    return before is not None and before.topic not in NO_NUMBER and first - before.last <= _CUE_REACH_WORDS
