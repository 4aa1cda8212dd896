"""A figure that the evidence holds, but of something else: $25 for cash where the evidence has $2 for cash.

What a figure is of is read from the words around it, the nearer the more: in the sentence, and wherever the evidence
has a figure of its kind.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from operator import itemgetter
from typing import Final

from copilot.guard.grounding.text import Reading, read_text
from copilot.guard.grounding.values import Value
from copilot.guard.grounding.vocabulary import concept
from copilot.spoken import MONTHS

_AMOUNTS: Final = ("money", "number", "digits")
_PRICES: Final = ("money", "percent")
_KINDS: Final = {**dict.fromkeys(_AMOUNTS, "amount"), "percent": "percent", "duration": "duration", "date": "date"}
_REACH: Final = 6  # meanings on each side
_MARGIN: Final = 0.3  # by how much two figures must fit better when exchanged
_LOSS: Final = 0.15  # of one of the two, at most
_FITS: Final = 1.0  # how well another figure's surroundings must fit
_HARDLY: Final = 0.35  # how well, against that, the figure's own may fit
# Stand by any amount, and tell little about what it is of.
_GENERIC: Final = frozenset(
    concept(word, "en")
    for word in "cost charge pay bill month year day plan account new make take give bring get total amount".split()
)
# Beside them stands what tells things apart, and is no amount.
_NUMBERS: Final = frozenset(
    concept(word, "en") for word in "ending code pin ticket order confirmation reference".split()
)
_BESIDE: Final = 0.6
_OF_GENERIC: Final = 0.4
_OVER_STOP, _OVER_COMMA, _OVER_FIGURE = 0.2, 0.6, 0.5
_STOPS: Final = re.compile(r"[;!?…—]|[.:](?!\d)")
_COMMAS: Final = re.compile(r",(?!\d)| (?:and|but|y|pero|or|o|with|plus) ")
_FIGURES: Final = re.compile(r"\d")
_NON_DIGITS: Final = re.compile(r"\D")


@dataclass(frozen=True)
class _Figure:
    """A figure and the words around it with their weights, 0..1."""

    kind: str
    key: str
    shown: str
    is_price: bool
    around: Mapping[str, float]


def misplaced_values(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    """A reason for the first figure that the evidence gives to something else.

    Two figures are exchanged when each fits better where the evidence has the other. One figure is misplaced when its
    words stand around another figure of its kind, and hardly around the figure itself.

    Args:
        claim: the sentence to be shown.
        sentences: the sentences of the evidence, one by one.
    """
    ours = _figures(claim.text, claim.language)
    if not ours:
        return []
    said: dict[tuple[str, str], list[_Figure]] = {}
    for reading in sentences:
        for figure in _figures(reading.text, reading.language):
            said.setdefault((figure.kind, figure.key), []).append(figure)
    return _exchanged(ours, said) or _misplaced(ours, said)


def _exchanged(ours: Sequence[_Figure], said: Mapping[tuple[str, str], Sequence[_Figure]]) -> list[str]:
    for one, other in combinations(ours, 2):
        if one.kind != other.kind or one.key == other.key:
            continue
        at_one, at_other = said.get((one.kind, one.key), ()), said.get((one.kind, other.key), ())
        gains = (_fit(one, at_other) - _fit(one, at_one), _fit(other, at_one) - _fit(other, at_other))
        if at_one and at_other and sum(gains) > _MARGIN and min(gains) >= -_LOSS:
            return [f"has {one.shown} where the evidence has {other.shown}"]
    return []


def _misplaced(ours: Sequence[_Figure], said: Mapping[tuple[str, str], Sequence[_Figure]]) -> list[str]:
    own = {(each.kind, each.key) for each in ours}
    for figure in (each for each in ours if each.is_price):
        at_home = said.get((figure.kind, figure.key), ())
        rivals = [
            each
            for key, places in said.items()
            if key not in own and key[0] == figure.kind
            for each in places
            if max(each.around.get(word, 0.0) for word in _NUMBERS) < _BESIDE
        ]
        best = _fit(figure, rivals)
        if at_home and best >= _FITS and _fit(figure, at_home) < _HARDLY * best:
            return [f"says {figure.shown} of what the evidence says with another figure"]
    return []


def _fit(figure: _Figure, places: Sequence[_Figure]) -> float:
    """How well the words around a figure are those around the best of these places."""
    return max(
        (
            sum(min(weight, place.around.get(meaning, 0.0)) for meaning, weight in figure.around.items())
            for place in places
        ),
        default=0.0,
    )


@lru_cache(maxsize=4096)
def _figures(text: str, language: str) -> tuple[_Figure, ...]:
    reading = read_text(text, language)
    values = [value for value in reading.values if value.kind in _KINDS and value.shown]
    return tuple(
        _Figure(_KINDS[value.kind], _key(value), value.shown.strip(), value.kind in _PRICES, _around(value, reading))
        for value in values
    )


def _key(value: Value) -> str:
    """The digits, so that "eighty eighty-three" is $80.83."""
    if value.kind not in _AMOUNTS:
        return value.key
    dollars, _, cents = value.key.partition(".")
    return _NON_DIGITS.sub("", dollars) + cents.ljust(2, "0") if cents else dollars


def _around(value: Value, reading: Reading) -> dict[str, float]:
    first, last = (bisect_left(reading.placed, place, key=itemgetter(0)) for place in (value.start, value.end))
    near = [reading.placed[max(0, first - _REACH) : first][::-1], reading.placed[last : last + _REACH]]
    weights: dict[str, float] = {}
    for side in near:
        own = [pair for pair in side if value.kind != "date" or pair[1] not in MONTHS]
        for distance, (start, meaning) in enumerate(own):
            between = reading.plain[min(start, value.end) : max(start, value.start)]
            weight = (1 - distance / _REACH) * (_OF_GENERIC if meaning in _GENERIC else 1) * _nearness(between)
            weights[meaning] = max(weights.get(meaning, 0.0), weight)
    return weights


def _nearness(between: str) -> float:
    """Less when a stop, a comma or another figure stands between a word and its figure."""
    stops = _OVER_STOP if _STOPS.search(between) else 1.0
    commas = _OVER_COMMA if _COMMAS.search(between) else 1.0
    figures = _OVER_FIGURE if _FIGURES.search(between) else 1.0
    return stops * commas * figures
