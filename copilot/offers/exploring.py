"""Thompson sampling: among eligible offers, try each as often as it is likely to be the best. Off unless set.

Each offer's share of stays is drawn from its posterior Beta(1 + kept, 1 + n - kept); the offer with the highest drawn
gain is shown. Source: Thompson, "On the likelihood that one unknown probability exceeds another", Biometrika 1933.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from copilot.offers.decide import NO_OFFER, Evaluation
from copilot.offers.estimates import Share


@dataclass(frozen=True)
class Arm:
    """One offer to choose from: what it is worth if it keeps the customer, and what it costs when it does."""

    offer_id: str
    value_if_kept: float
    cost_if_kept: float


def choose(arms: Sequence[Arm], known: Mapping[str, Share], chance: Random) -> Arm:
    """The arm with the highest gain for one draw of every posterior; `arms` is not empty."""

    def drawn_gain(arm: Arm) -> float:
        share = known.get(arm.offer_id, Share(0, 0))
        stays = chance.betavariate(1 + share.kept, 1 + share.n - share.kept)
        return stays * (arm.value_if_kept - arm.cost_if_kept)

    return max(arms, key=drawn_gain)


def pick(found: Evaluation, known: Mapping[str, Share], chance: Random) -> str:
    """The eligible offer to show: one drawn as above, or none when none is eligible or expected to gain."""
    worth = [each for each in found.ranked if each.offer_id != NO_OFFER and each.value.gain > 0]
    arms = [Arm(each.offer_id, float(each.value.v0), float(each.value.cost)) for each in worth]
    return choose(arms, known, chance).offer_id if arms else found.best.offer_id


@dataclass(frozen=True)
class Simulated:
    """A simulation: how often each arm was shown, and what learning cost against always showing the best."""

    rounds: int
    shown: Mapping[str, int]
    best: str
    gain: float
    gain_of_best: float

    @property
    def regret(self) -> float:
        """What exploring cost in all, in the money of the arms."""
        return self.gain_of_best - self.gain

    @property
    def share_of_best(self) -> float:
        """How often the best arm was shown, 0..1."""
        return self.shown[self.best] / self.rounds if self.rounds else 0.0


def simulate(arms: Sequence[Arm], true_stays: Mapping[str, float], rounds: int, seed: int) -> Simulated:
    """Let Thompson sampling choose for so many customers whose true odds are known; the same seed, the same result."""
    chance = Random(seed)  # noqa: S311 - a simulation, repeatable on purpose
    kept, n = dict.fromkeys(true_stays, 0), dict.fromkeys(true_stays, 0)
    expected = {arm.offer_id: true_stays[arm.offer_id] * (arm.value_if_kept - arm.cost_if_kept) for arm in arms}
    best = max(expected, key=lambda offer_id: expected[offer_id])
    gain = 0.0
    for _ in range(rounds):
        arm = choose(arms, {name: Share(kept[name], n[name]) for name in n}, chance)
        n[arm.offer_id] += 1
        kept[arm.offer_id] += chance.random() < true_stays[arm.offer_id]
        gain += expected[arm.offer_id]
    return Simulated(rounds, n, best, gain, expected[best] * rounds)
