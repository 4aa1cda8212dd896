"""Whether a line that must be said was said: its words, in their order, in what the agent spoke."""

from collections.abc import Sequence

from knowledge.words import words

ENOUGH = 0.8  # a recogniser loses or mishears a word or two of a sentence; leaving out a clause loses more


def is_spoken(line: str, text: str) -> bool:
    """Whether at least four fifths of the words of `line` stand in `text` in the same order."""
    wanted = words(line)
    return bool(wanted) and _in_order(wanted, words(text)) >= ENOUGH * len(wanted)


def _in_order(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(heard) + 1)
    for word in wanted:
        before = 0
        for place, other in enumerate(heard, start=1):
            above = row[place]
            row[place] = before + 1 if word == other else max(above, row[place - 1])
            before = above
    return row[-1]
