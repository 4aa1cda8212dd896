"""Whether offers reach segments alike: how often each group was offered something, and how often it accepted.

A report, not a verdict: a difference has to be explained by rules that may be shown, never by a protected trait.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from copilot.offers.decide import NO_OFFER
from copilot.offers.estimates import band_of
from copilot.store import Outcome

FOUR_FIFTHS = 0.8
"""A group that gets an offer less than four fifths as often as the most favoured one is marked (29 CFR 1607.4 D)."""


Trait = Literal["segment", "tenure", "reason"]
_GROUP: Mapping[Trait, Callable[[Outcome], str]] = {
    "segment": lambda outcome: outcome.segment,
    "tenure": lambda outcome: band_of(outcome.tenure_months),
    "reason": lambda outcome: outcome.reason,
}


@dataclass(frozen=True)
class Group:
    """One group: how many contacts it had, and how many of them were offered something and accepted."""

    name: str
    contacts: int
    offered: int
    accepted: int
    ratio: float | None
    is_marked: bool

    def as_json(self) -> dict[str, object]:
        """For JSON."""
        return {
            "group": self.name,
            "contacts": self.contacts,
            "offered": self.offered,
            "offered_share": round(self.offered / self.contacts, 4) if self.contacts else None,
            "accepted": self.accepted,
            "ratio_to_most_favoured": None if self.ratio is None else round(self.ratio, 4),
            "marked": self.is_marked,
        }


def fairness(outcomes: Iterable[Outcome], by: Trait, *, least: int = 30) -> list[Group]:
    """The groups of a trait by name; groups of fewer than `least` contacts are listed without a ratio."""
    contacts: Counter[str] = Counter()
    offered: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for outcome in outcomes:
        name = _GROUP[by](outcome)
        contacts[name] += 1
        offered[name] += outcome.status != "withheld" and outcome.offer_id != NO_OFFER
        accepted[name] += outcome.status == "accepted"
    shares = {name: offered[name] / contacts[name] for name in contacts if contacts[name] >= least}
    most = max(shares.values(), default=0.0)
    ratios: dict[str, float | None] = defaultdict(lambda: None)
    ratios |= {name: share / most for name, share in shares.items() if most}
    return [
        Group(name, contacts[name], offered[name], accepted[name], ratio, ratio is not None and ratio < FOUR_FIFTHS)
        for name in sorted(contacts)
        for ratio in (ratios[name],)
    ]
