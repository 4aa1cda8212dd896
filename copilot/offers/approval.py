"""Who must approve an offer: the higher of what the offer asks for and what the authority ladder says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from copilot.money import ZERO
from copilot.offers.concession import Given
from knowledge.conditions import FactValue
from knowledge.errors import ConditionError
from knowledge.rules.approvals import ApprovalsFile
from knowledge.rules.offers import Offer, OffersFile


@dataclass(frozen=True)
class NeededApproval:
    """The lowest role that may grant the offer, and why it is that one."""

    role: str
    why: str


def needed_approval(
    offer: Offer, given: Given, facts: Mapping[str, FactValue], offers: OffersFile, ladder: ApprovalsFile | None
) -> NeededApproval:
    """The role an offer needs, for a customer and this concession.

    Without approvals.yaml the offer's own word counts.
    """
    own = offer.approval.role or lowest_role(ladder)
    found = [NeededApproval(own, "the offer's own"), *_stricter(offer, facts, offers)]
    if ladder is None:
        return found[-1]
    found.append(_by_ladder(offer, given, ladder))
    return max(found, key=lambda needed: ladder.rank(needed.role))


def lowest_role(ladder: ApprovalsFile | None) -> str:
    """Whoever sits at the desk: the first role of approvals.yaml."""
    return ladder.roles[0].role if ladder else "agent"


def _stricter(offer: Offer, facts: Mapping[str, FactValue], offers: OffersFile) -> list[NeededApproval]:
    """The stricter tests that hold; one that cannot be decided counts as holding."""
    found = []
    for test in offer.approval.stricter:
        try:
            holds = offers.compiled(test).holds(facts)
        except ConditionError:
            holds = True
        if holds:
            found.append(NeededApproval(test.role, test.says))
    return found


def _by_ladder(offer: Offer, given: Given, ladder: ApprovalsFile) -> NeededApproval:
    if offer.offer_type == "bill_credit" and given.upfront > 0:
        return NeededApproval(ladder.role_for_credit(given.upfront), f"a credit of {given.upfront}")
    tier = ladder.value_tier(given.price_now)
    percent = _percent(given)
    for grant in ladder.grants_by_tier.get(tier, ()):
        if offer.offer_type in grant.also:
            return NeededApproval(grant.role, f"{offer.offer_type} in the tier {tier}")
        if percent <= grant.max_percent and given.months <= grant.max_months:
            return NeededApproval(grant.role, f"{percent} % for {given.months} months in the tier {tier}")
    return NeededApproval(ladder.above_all, f"{percent} % for {given.months} months, above every grant in {tier}")


def _percent(given: Given) -> Decimal:
    most = max(given.monthly, default=ZERO)
    return (100 * most / given.price_now).quantize(Decimal("0.1")) if given.price_now else Decimal(0)
