"""approvals.yaml: who may grant what, by role, value of the customer and size of the concession."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from knowledge.rules.base import (
    Count,
    Currency,
    Loc,
    RuleFile,
    RuleModel,
    Slug,
    Words,
    YesNo,
    duplicates,
    refuse,
    refuse_at,
)
from knowledge.rules.money import Money, Percent


class Role(RuleModel):
    """A rung of the ladder; the file lists them from the lowest to the highest."""

    role: Slug = Field(description="id, e.g. lead")
    title: Words = Field(description="what people call it")
    signs_in_as: Slug | None = Field(
        default=None, description="role of the service's tokens: agent, reviewer, supervisor"
    )


class Band(RuleModel):
    """A range of amounts: above `over`, up to and with `up_to`."""

    over: Money = Field(description="the range begins above this amount; 0.00 for the first")
    up_to: Money | None = Field(default=None, description="the range ends with this amount; left out in the last")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.up_to is not None and self.up_to <= self.over:
            raise refuse(
                f'up_to "{self.up_to}" is not above over "{self.over}"; allowed is more. Swap or correct them.'
            )
        return self


class CreditTier(Band):
    """Who may grant a goodwill credit of this size."""

    role: Slug = Field(description="the lowest role that may grant it")
    once_in_days: Count = Field(default=0, description="by this role at most once in so many days; 0 for no limit")


class ValueTier(Band):
    """Customers by their monthly charges."""

    id: Slug = Field(description="e.g. standard, middle, high")


class Grant(RuleModel):
    """What a role may give away to customers of a value tier."""

    value_tier: Slug = Field(description="one of value_tiers")
    role: Slug = Field(description="one of roles")
    max_percent: Percent = Field(description="of the monthly charges")
    max_months: Count = Field(description="for at most so many months")
    also: tuple[Slug, ...] = Field(
        default=(), description="offer types it may grant whatever their size, e.g. fee_waiver"
    )


class ActionLimit(RuleModel):
    """An action other than an offer that needs a role."""

    action: Slug = Field(description="e.g. hardship_arrangement")
    role: Slug = Field(description="the lowest role that may decide it")
    two_people: YesNo = Field(default=False, description="a second person of that role must agree")
    says: Words = Field(description="the rule in plain words")


class ApprovalsFile(RuleFile):
    """The whole of approvals.yaml."""

    currency: Currency = Field(description="three capital letters, e.g. USD; every amount below is in it")
    roles: tuple[Role, ...] = Field(min_length=1, description="from the lowest to the highest")
    request_expires_hours: Count = Field(description="an unanswered request lapses after so many hours")
    approval_expires_hours: Count = Field(description="a granted approval must be used within so many hours")
    credits: tuple[CreditTier, ...] = Field(min_length=1, description="goodwill credits, from small to large")
    value_tiers: tuple[ValueTier, ...] = Field(min_length=1, description="customers by monthly charges")
    grants: tuple[Grant, ...] = Field(description="what each role may give away in each value tier")
    above_all: Slug = Field(description="the role that decides what no grant covers")
    actions: tuple[ActionLimit, ...] = Field(default=(), description="other decisions that need a role")

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        problems = [
            *duplicates([role.role for role in self.roles], field="roles", what="role", key_name="role"),
            *duplicates([tier.id for tier in self.value_tiers], field="value_tiers", what="tier", key_name="id"),
            *duplicates([(g.value_tier, g.role) for g in self.grants], field="grants", what="grant"),
            *duplicates([limit.action for limit in self.actions], field="actions", what="action", key_name="action"),
            *_broken_bands("credits", self.credits),
            *_broken_bands("value_tiers", self.value_tiers),
            *self._unknown_names(),
            *self._shrinking_credits(),
        ]
        if problems:
            raise refuse_at("ApprovalsFile", problems)
        return self

    def _unknown_names(self) -> list[tuple[Loc, object, str]]:
        roles = [role.role for role in self.roles]
        tiers = [tier.id for tier in self.value_tiers]
        named: list[tuple[Loc, str, list[str]]] = [(("above_all",), self.above_all, roles)]
        named += [(("credits", i, "role"), credit.role, roles) for i, credit in enumerate(self.credits)]
        named += [(("grants", i, "role"), grant.role, roles) for i, grant in enumerate(self.grants)]
        named += [(("grants", i, "value_tier"), grant.value_tier, tiers) for i, grant in enumerate(self.grants)]
        named += [(("actions", i, "role"), limit.role, roles) for i, limit in enumerate(self.actions)]
        return [
            (loc, name, f"{name!r} is not declared; known are: {', '.join(known)}. Correct it or declare it above.")
            for loc, name, known in named
            if name not in known
        ]

    def _shrinking_credits(self) -> list[tuple[Loc, object, str]]:
        order = [role.role for role in self.roles]
        ranks = [order.index(credit.role) if credit.role in order else len(order) for credit in self.credits]
        return [
            (
                ("credits", i + 1, "role"),
                self.credits[i + 1].role,
                (
                    f"{self.credits[i + 1].role!r} stands below {self.credits[i].role!r} but grants more; "
                    "allowed is a higher role for larger amounts. Change the role or the order."
                ),
            )
            for i, (lower, upper) in enumerate(pairwise(ranks))
            if upper < lower
        ]

    def rank(self, role: str) -> int:
        """Place of `role` on the ladder, 0 lowest.

        Raises:
            KeyError: the role is not declared.
        """
        return self._ranks[role]

    @cached_property
    def grants_by_tier(self) -> Mapping[str, tuple[Grant, ...]]:
        """The grants of each value tier, from the lowest role to the highest."""
        lowest_first = sorted(self.grants, key=lambda grant: self.rank(grant.role))
        return {tier.id: tuple(g for g in lowest_first if g.value_tier == tier.id) for tier in self.value_tiers}

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {declared.role: place for place, declared in enumerate(self.roles)}

    def role_for_credit(self, amount: Decimal) -> str:
        """The lowest role that may grant a goodwill credit of `amount` (above 0)."""
        return next(tier.role for tier in self.credits if tier.up_to is None or amount <= tier.up_to)

    def value_tier(self, monthly: Decimal) -> str:
        """Id of the value tier of a customer who pays `monthly`."""
        return next(tier.id for tier in self.value_tiers if tier.up_to is None or monthly <= tier.up_to)


def _broken_bands(field: str, bands: tuple[Band, ...]) -> list[tuple[Loc, object, str]]:
    """Overlaps, gaps and a closed end: every amount must lie in exactly one band."""
    problems: list[tuple[Loc, object, str]] = []
    if bands[0].over != 0:
        text = f'the first entry of {field} starts over "{bands[0].over}"; allowed is "0.00". Correct it.'
        problems.append(((field, 0, "over"), bands[0].over, text))
    for place, (lower, upper) in enumerate(pairwise(bands), start=1):
        if lower.up_to is None or upper.over != lower.up_to:
            word = "overlaps" if lower.up_to is None or upper.over < lower.up_to else "leaves a gap after"
            text = (
                f'entry {place + 1} of {field}, over "{upper.over}", {word} entry {place}, which ends with '
                f"{_shown(lower.up_to)}; allowed is to begin where the one before ends. Give both the same amount."
            )
            problems.append(((field, place, "over"), upper.over, text))
    if bands[-1].up_to is not None:
        text = f'the last entry of {field} ends with "{bands[-1].up_to}"; allowed is an open end. Delete its up_to.'
        problems.append(((field, len(bands) - 1, "up_to"), bands[-1].up_to, text))
    return problems


def _shown(amount: Decimal | None) -> str:
    return "no end" if amount is None else f'"{amount}"'
