"""What reviewers change in drafts: how much, which sentences, for which reasons, over time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz.distance import Levenshtein

_BETWEEN = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Correction:
    """A text before and after a reviewer."""

    draft_id: str
    channel: str
    provider: str
    prompt_version: str
    before: str
    after: str
    reasons: Sequence[str]
    by: str
    at: datetime
    item_text: str = ""
    cluster: str = ""


@dataclass(frozen=True)
class Edited:
    """How much was changed: shares 0..1 of characters and words, and the sentences kept, dropped and added."""

    characters: float
    words: float
    kept: Sequence[str]
    dropped: Sequence[str]
    added: Sequence[str]


@dataclass(frozen=True)
class Burden:
    """The edits of one group in one week."""

    week: str
    group: str
    drafts: int
    unchanged: int
    mean_words: float
    reasons: dict[str, int]


def edited(before: str, after: str) -> Edited:
    """What changed between two texts; spaces and line ends do not count."""
    first, second = (" ".join(text.split()) for text in (before, after))
    old, new = sentences_of(before), sentences_of(after)
    return Edited(
        Levenshtein.normalized_distance(first, second),
        Levenshtein.normalized_distance(first.split(), second.split()),
        tuple(each for each in new if each in old),
        tuple(each for each in old if each not in new),
        tuple(each for each in new if each not in old),
    )


def burden(corrections: Iterable[Correction], *, by: str = "channel") -> list[Burden]:
    """The edits by week and by channel, provider or prompt_version, in that order."""
    groups: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for each in corrections:
        year, week, _ = each.at.isocalendar()
        groups[f"{year}-W{week:02}", str(getattr(each, by))].append(each)
    found = []
    for (name, group), those in sorted(groups.items()):
        changes = [edited(each.before, each.after).words for each in those]
        reasons: dict[str, int] = defaultdict(int)
        for reason in (reason for each in those for reason in each.reasons):
            reasons[reason] += 1
        unchanged = sum(change == 0 for change in changes)
        mean, counted = sum(changes) / len(changes), dict(sorted(reasons.items()))
        found.append(Burden(name, group, len(those), unchanged, mean, counted))
    return found


def sentences_of(text: str) -> list[str]:
    """The sentences of a text, spaces tidied; the point of an amount ($12.50) ends none."""
    return [" ".join(each.split()) for each in _BETWEEN.split(text) if each.strip()]
