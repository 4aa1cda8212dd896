"""A sentence that nearly quotes its evidence: what little differs must not be what counts."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from copilot.guard.grounding.contrasts import exclusions, merged_words
from copilot.guard.grounding.text import AFTER_A_CRY, OBJECTS, WISHES, Reading, Token
from copilot.guard.grounding.vocabulary import ASKING, NEGATIONS

_NEARLY = 0.75  # share of the sentence's words, in order, that stand in one sentence of the evidence
_SHORT = 2  # digits; a longer figure may be spelled in pieces
_LONG_ENOUGH = 4  # words of a quotation


def is_quoted(claim: Reading, evidence: Sequence[Reading]) -> bool:
    """Whether the sentence stands in its evidence word for word, with no "not" right before or behind it."""
    if len(claim.tokens) < _LONG_ENOUGH:
        return False
    for reading in evidence:
        before, found, behind = reading.canonical.partition(claim.canonical)
        if found and not _denies([*before.split()[-2:], *behind.split()[:1]]):
            return True
    return False


def differing(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    """A reason when the nearest of these sentences says nearly the same and differs in what counts.

    What counts is a "not", a figure, a role, or a word that excludes the other's.

    Args:
        claim: the sentence to be shown.
        sentences: the sentences of the evidence, one by one.
    """
    words = merged_words(claim.tokens)
    everywhere = frozenset(word for each in sentences for word in each.words)
    if not claim.is_question and not claim.words & (ASKING - WISHES):  # a question denies and affirms nothing
        sentences = [each for each in sentences if not each.is_question]
    shares = [(len(set(words) & set(merged_words(each.tokens))) / max(1, len(set(words))), each) for each in sentences]
    near = sorted((pair for pair in shares if pair[0] >= _NEARLY), key=lambda pair: -pair[0])[:2]
    compared = [(_matched(words, each), each) for _, each in near]
    quoted = [pair for pair in compared if pair[0][0] >= _NEARLY]
    if not quoted or any(
        matcher[0] == 1.0 and not _differences(matcher[1], words, each, everywhere) for matcher, each in quoted
    ):
        return []
    (_, matcher), said = max(quoted, key=lambda pair: pair[0][0])
    return _differences(matcher, words, said, everywhere)


def _matched(words: Sequence[str], said: Reading) -> tuple[float, SequenceMatcher[str]]:
    matcher = SequenceMatcher(None, words, merged_words(said.tokens), autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same / max(1, len(words)), matcher


def _differences(
    matcher: SequenceMatcher[str], words: Sequence[str], said: Reading, everywhere: frozenset[str]
) -> list[str]:
    theirs = merged_words(said.tokens)
    for kind, start, end, first, last in matcher.get_opcodes():
        is_behind = kind == "insert" and start == len(words)
        if kind == "equal" or (is_behind and not _ends_in(said.tokens, first, last)):
            continue
        places = list(_counting(said.tokens, first, last))
        if kind == "insert" and start == 0:
            places = [place for place in places[-1:] if _belongs(said.tokens, place)]
        elif end == len(words):  # what the evidence goes on to say is not the sentence's matter
            places = places[: end - start + 1]
        ours = [word for word in words[start:end] if start or word not in said.words]  # a start in another order
        reason = _difference(ours, [theirs[place] for place in places], said, everywhere)
        if reason:
            return [reason]
    return []


def _ends_in(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether what is left over is the last word of its clause, as the "not" of "outage credits do not"."""
    return last == len(tokens) and last - first == 1 and first > 0 and tokens[first - 1].clause == tokens[first].clause


def _counting(tokens: Sequence[Token], first: int, last: int) -> Iterator[int]:
    """The places without a "no" that stands for itself: "No, I want to leave"."""
    for place in range(first, last):
        is_last = place + 1 == len(tokens) or tokens[place + 1].clause != tokens[place].clause
        if not (is_last and tokens[place].word in ("no", "nope")):
            yield place


def _belongs(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word denies what follows it; "nothing" and a "no" before "the" are of what went before."""
    is_cry = tokens[place].word == "no" and tokens[place + 1].word in AFTER_A_CRY
    return tokens[place].clause == tokens[place + 1].clause and tokens[place].word not in OBJECTS and not is_cry


def _difference(ours: Sequence[str], theirs: Sequence[str], said: Reading, everywhere: frozenset[str]) -> str | None:
    whole = said.words
    if _denies(ours) != _denies(theirs) and not _is_prefixed(ours, theirs) and not _is_prefixed(theirs, ours):
        return f"says “{' '.join(ours) or 'it'}” where the evidence says “{' '.join(theirs) or 'it'}”"
    figures = [word for word in ours if word[0].isdigit()]
    others = [word for word in theirs if word[0].isdigit()]
    is_same = "".join(figures) == "".join(others)
    is_elsewhere = set(figures) <= everywhere or any(len(figure) <= _SHORT for figure in figures)
    may_be_fine = len(ours) != len(theirs) and set(figures) & set(whole)
    if figures and others and is_elsewhere and not is_same and not may_be_fine:
        return f"says {' '.join(figures)} where the evidence says another figure"
    rivals = exclusions(ours, theirs)
    return f"says “{rivals[0][0]}” where the evidence says “{rivals[0][1]}”" if rivals else None


def _denies(words: Sequence[str]) -> bool:
    return any(word in NEGATIONS for word in words)


def _is_prefixed(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether "unsuitable" stands for "not suitable"."""
    return any(
        word.removeprefix(prefix) in others
        for word in words
        for prefix in ("un", "in", "im")
        if word.startswith(prefix)
    )
