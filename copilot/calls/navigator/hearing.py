"""Whether a line that must be said word for word was said: near to the letter, whole, and not turned round.

The words of the line are laid beside the words spoken (longest common subsequence). A recogniser loses or mishears one
word in five to ten, so not every word must be there; but no sentence of the line may be missing, no run of words, no
"not", and no figure may be another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from copilot.calls.navigator.words import BLANK, negations, sentences_in_words
from knowledge.words import query_words

MIN_FIXED_WORDS = 3
"""A line with fewer words of its own cannot be told from talk, and is never heard."""
NEAR = 0.68
"""Share of the line's weight that must be heard; measured on lines with 10 to 20 % of their words lost or misheard."""
NEAR_SHORT = 0.8
SHORT_LINE = 6
MAX_HOLE = 4
"""So many words in a row unheard: a part was left out."""
MAX_HOLE_AT_EDGE = 3
"""The same at the beginning or the end, where one breaks off."""
FILL_WORDS = 14
"""What a placeholder may stand for."""
SMALL_WORD = 0.5
EXTRA_WORD = 0.25
BEFORE = 4
"""Words before the line in which a "not" turns it round: "I'm not saying that your cancellation is complete"."""
_LONGEST_FIGURE = 4

Pair = tuple[int, int]  # place in the line, place among the words spoken


@dataclass(frozen=True)
class Line:
    """A line made ready to be heard: its own words, and where placeholders stand between them."""

    words: tuple[str, ...]
    weights: tuple[float, ...]
    sentences: tuple[int, ...]  # of each word, the number of its sentence
    blanks: frozenset[int]  # places of the words right behind a placeholder; the line's length for one at its end
    negations: frozenset[str]

    @property
    def is_tellable(self) -> bool:
        """Whether it has enough words of its own."""
        return len(self.words) >= MIN_FIXED_WORDS

    @cached_property
    def weight(self) -> float:
        """Of all its words together."""
        return sum(self.weights)

    @cached_property
    def weight_of(self) -> Mapping[str, float]:
        """Of each word, as often as it stands in the line."""
        of_word: dict[str, float] = {}
        for word, weight in zip(self.words, self.weights, strict=True):
            of_word[word] = of_word.get(word, 0.0) + weight
        return of_word


@dataclass(frozen=True)
class Heard:
    """A line as it was said: how near, 0..1, and from which word to which (the last excluded)."""

    near: float
    start: int
    end: int


@lru_cache(maxsize=8192)
def line_of(text: str, language: str) -> Line:
    """Prepare a must-say line; placeholders stand in braces."""
    own: list[str] = []
    numbers: list[int] = []
    blanks: set[int] = set()
    for number, sentence in enumerate(sentences_in_words(text, language)):
        for word in sentence:
            if word == BLANK:
                blanks.add(len(own))
            else:
                own.append(word)
                numbers.append(number)
    heavy = set(query_words(" ".join(own), [language])) if own else set()
    weights = tuple(1.0 if word in heavy else SMALL_WORD for word in own)
    return Line(tuple(own), weights, tuple(numbers), frozenset(blanks), negations(language))


def warm_up(lines: Iterable[tuple[str, str]]) -> None:
    """Prepare lines, each given with its language, so that the first call is not slower than the others."""
    for text, language in lines:
        line_of(text, language)


def may_say(line: Line, spoken: frozenset[str]) -> bool:
    """Whether a text of these words could say the line, whatever their order; a quick no for most lines."""
    shared = sum(map(line.weight_of.__getitem__, line.weight_of.keys() & spoken))
    return line.is_tellable and shared / line.weight >= _enough(line)


def hear(line: Line, spoken: Sequence[str]) -> Heard | None:
    """Whether these words say the line; None when they do not."""
    if not may_say(line, frozenset(spoken)):
        return None
    pairs = _best_run(line, _tightened(_aligned(line, spoken), spoken))
    near = sum(line.weights[place] for place, _ in pairs) / line.weight
    if near < _enough(line) or not _is_whole(line, pairs) or _is_turned_round(line, pairs, spoken):
        return None
    return Heard(near, pairs[0][1], pairs[-1][1] + 1)


def _enough(line: Line) -> float:
    return NEAR_SHORT if len(line.words) <= SHORT_LINE else NEAR


def _aligned(line: Line, spoken: Sequence[str]) -> list[Pair]:
    blocks = LCSseq.opcodes(line.words, spoken).as_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def _tightened(pairs: list[Pair], spoken: Sequence[str]) -> list[Pair]:
    """The same words as far to the end as they stand: an "I" from long before belongs to the sentence it begins."""
    behind = len(spoken)
    tight: list[Pair] = []
    for place, at in reversed(pairs):
        word, nearest = spoken[at], behind - 1
        while nearest > at and spoken[nearest] != word:
            nearest -= 1
        tight.append((place, nearest))
        behind = nearest
    return tight[::-1]


def _best_run(line: Line, pairs: Sequence[Pair]) -> list[Pair]:
    """The heaviest run of pairs when words in between that the line has no room for count against it."""
    best, best_score = list[Pair](), 0.0
    run, score = list[Pair](), 0.0
    for pair in pairs:
        loss = EXTRA_WORD * _extra_words(line, run[-1], pair) if run else 0.0
        if loss >= score:
            run, score, loss = [], 0.0, 0.0
        run, score = [*run, pair], score - loss + line.weights[pair[0]]
        if score >= best_score:
            best, best_score = run, score
    return best


def _extra_words(line: Line, before: Pair, after: Pair) -> int:
    """Words between two pairs that are neither a misheard word of the line nor fill a placeholder."""
    misheard = after[0] - before[0] - 1
    fill = FILL_WORDS * _blanks_between(line, before[0], after[0])
    return max(0, after[1] - before[1] - 1 - misheard - fill)


def _blanks_between(line: Line, before: int, after: int) -> int:
    return sum(before < blank <= after for blank in line.blanks)


def _is_whole(line: Line, pairs: Sequence[Pair]) -> bool:
    """Half of each sentence was heard, and no run of words is missing."""
    heard = {place for place, _ in pairs}
    if pairs[0][0] >= MAX_HOLE_AT_EDGE or len(line.words) - 1 - pairs[-1][0] >= MAX_HOLE_AT_EDGE:
        return False
    if any(after[0] - before[0] > MAX_HOLE for before, after in pairwise(pairs)):
        return False
    for sentence in set(line.sentences):
        places = [place for place, of in enumerate(line.sentences) if of == sentence]
        if len(heard.intersection(places)) < len(places) // 2:
            return False
    return True


def _is_turned_round(line: Line, pairs: Sequence[Pair], spoken: Sequence[str]) -> bool:
    """A "not" of the line is missing or one came in, or a figure is another one."""
    heard = {place for place, _ in pairs}
    if any(word in line.negations and place not in heard for place, word in enumerate(line.words)):
        return True
    first = pairs[0][1]
    if line.negations.intersection(spoken[max(0, first - BEFORE) : first]):
        return True
    last_place, last = pairs[-1]
    whole = [(-1, first - pairs[0][0] - 1), *pairs, (len(line.words), last + len(line.words) - last_place)]
    return any(
        _differs(line, before, after, spoken[max(0, before[1] + 1) : after[1]]) for before, after in pairwise(whole)
    )


def _differs(line: Line, before: Pair, after: Pair, between: Sequence[str]) -> bool:
    if _blanks_between(line, before[0], after[0]):
        return False
    missing = [word for word in line.words[before[0] + 1 : after[0]] if word.isdigit() and len(word) <= _LONGEST_FIGURE]
    other = [word for word in between if word.isdigit() and len(word) <= _LONGEST_FIGURE]
    return bool(line.negations.intersection(between)) or bool(missing and other)
