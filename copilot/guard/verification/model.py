"""The words of the gate: classes of content, levels of a caller, and what is permitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from knowledge.documents import Disclosure
from knowledge.rules.verification import Level

LEVELS: tuple[Level, ...] = get_args(Level)
DISCLOSURES: tuple[Disclosure, ...] = get_args(Disclosure)
"""From what everybody may hear to what needs most."""


@dataclass(frozen=True)
class Standing:
    """How far a caller has come: the level, and the classes that a release path opened whatever the level."""

    level: Level = "none"
    released: frozenset[str] = frozenset()

    def after(self, level: Level, releases: Iterable[str] = ()) -> "Standing":
        """After a verification that ended on this level; a failed one closes everything."""
        return Standing() if level == "none" else Standing(level, self.released | set(releases))


@dataclass(frozen=True)
class Permission:
    """Whether something may be shown; `needs` is the level that would open it."""

    allowed: bool
    needs: Level
    reason: str


def at_least(level: Level, needed: Level) -> bool:
    """Whether a level is the needed one or above it."""
    return LEVELS.index(level) >= LEVELS.index(needed)


def higher(first: Level, second: Level) -> Level:
    """The higher of two levels."""
    return max(first, second, key=LEVELS.index)


def lower(first: Level, second: Level) -> Level:
    """The lower of two levels."""
    return min(first, second, key=LEVELS.index)


def stricter(first: Disclosure, second: Disclosure) -> Disclosure:
    """The class that needs more."""
    return max(first, second, key=DISCLOSURES.index)
