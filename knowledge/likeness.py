"""Which texts are nearly the same, found without comparing each with each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from knowledge.words import words

SHINGLE_WORDS = 5
_SKETCH_SIZE = 48
_CROWD = 12

Shingles = frozenset[int]


def shingles_of(text: str) -> Shingles:
    """Hashes of every run of five words; a shorter text is one run."""
    found = words(text)
    runs = range(max(len(found) - SHINGLE_WORDS + 1, 1))
    return frozenset(crc32(" ".join(found[at : at + SHINGLE_WORDS]).encode()) for at in runs) if found else frozenset()


def overlap(one: Shingles, other: Shingles) -> float:
    """Shared part of two texts' runs, 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def alike(texts: Sequence[str], *, at_least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs (earlier, later, overlap) of the places of texts that share at least this part of their runs of words.

    Only texts that share one of their 48 smallest hashes are compared: a pair that shares half of its runs is missed
    with a chance below 1 in a million million. Of a crowd that shares a hash, each is compared with the first twelve.

    Source: bottom-k sketches, Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007.
    """
    shingles = [shingles_of(text) for text in texts]
    crowds: Mapping[int, list[int]] = defaultdict(list)
    for place, runs in enumerate(shingles):
        rivals: set[int] = set()
        for run in sorted(runs)[:_SKETCH_SIZE]:
            rivals.update(crowds[run][:_CROWD])
            crowds[run].append(place)
        for earlier in sorted(rivals):
            shared = overlap(shingles[earlier], runs)
            if shared >= at_least:
                yield earlier, place, shared
