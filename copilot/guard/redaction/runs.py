"""Numbers that a hesitation cut in two: "forty one eleven, uh, twenty two" is one number where one was announced."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from copilot.guard.redaction.chains import looks_like_card
from copilot.guard.redaction.cues import Cue, Topic
from copilot.guard.redaction.misheard import (
    ALIKE_GAP,
    alike_digits,
    alike_head,
    alike_tail,
    ends_in_tens,
    has_common_words,
)
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
_FEWEST_AROUND_ALIKE = 3
_FEWEST_OF_A_PHONE = 7
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
        if _is_misheard(plain, run, is_announced, is_expected):
            result.append(_one(plain, run))
            continue
        for part in _runs(plain, run, is_plain_number, None):
            is_one = len(part) > 1 and (_size(part) >= _FEWEST_UNANNOUNCED or is_announced(part) or is_expected(part))
            result += [_one(plain, part)] if is_one else part
    return result


def _is_misheard(
    plain: str,
    run: Sequence[NumberSpan],
    is_announced: Callable[[Sequence[NumberSpan]], bool],
    is_expected: Callable[[Sequence[NumberSpan]], bool],
) -> bool:
    """Whether words inside the run or after it are digits: where a number is expected, or it is a long one."""
    gaps = [plain[before.end : after.start] for before, after in pairwise(run)]
    between = " ".join([*gaps, plain[run[-1].end : alike_tail(plain, run[-1].end)]])
    heard = alike_digits(plain[alike_head(plain, run[0].start) : run[0].start]) + alike_digits(between)
    if not heard or not any(number.spoken for number in run):
        return False
    size = _size(run)
    if is_expected(run) or (is_announced(run) and not has_common_words(between)):
        return size + len(heard) >= _FEWEST_AROUND_ALIKE
    is_two = sum(len(number.digits) >= _FEWEST_OF_A_PHONE for number in run) > 1
    is_long = size >= _FEWEST_UNANNOUNCED and not is_two
    return is_long or (size >= _FEWEST_BEFORE_CUE and is_announced(run))


def _size(run: Sequence[NumberSpan]) -> int:
    return sum(len(number.digits) for number in run)


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
    is_spoken = any(number.spoken for number in run)
    start = alike_head(plain, run[0].start) if is_spoken else run[0].start
    end = alike_tail(plain, run[-1].end) if is_spoken else run[-1].end
    digits = alike_digits(plain[start : run[0].start])
    for number, after_end in zip(run, [*(number.start for number in run[1:]), end], strict=True):
        heard = alike_digits(plain[number.end : after_end])
        is_unit = len(heard) == 1 and ends_in_tens(plain[number.start : number.end])  # "eighty won" is 81
        digits += (number.digits[:-1] if is_unit else number.digits) + heard
    return NumberSpan(start, end, digits, is_spoken, False, None)


def announces(cues: Sequence[Cue], first: int, after: int) -> bool:
    """Whether the last cue before the word `first` says that a number comes, or one at `after` says what it was."""
    if announced_by(cues, first) is not None:
        return True
    place = bisect_left(cues, first, key=lambda cue: cue.first)
    behind = cues[place] if place < len(cues) else None
    return behind is not None and behind.topic not in NO_NUMBER and 0 < behind.first - after <= _POSTFIX_WORDS


def announced_by(cues: Sequence[Cue], first: int) -> Cue | None:
    """The last cue before the word `first`, if it says that a number comes."""
    place = bisect_left(cues, first, key=lambda cue: cue.first)
    before = cues[place - 1] if place else None
    is_near = before is not None and before.topic not in NO_NUMBER and first - before.last <= _CUE_REACH_WORDS
    return before if is_near else None
