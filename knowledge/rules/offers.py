"""offers.yaml: what may be offered to whom, on which terms, in which words (names after TMF671 and TMF620).

TMF names in snake case: promotion_type, lifecycle_status, valid_for are those of Promotion (TMF671); conditions are its
criteria, `concession` its action, `priority` its pattern priority.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from decimal import Decimal
from re import findall, search, sub
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, StringConstraints, model_validator

from knowledge.conditions import FACTS, Condition, Fact, FactKind, compile_condition
from knowledge.errors import ConditionError
from knowledge.rules.base import (
    Count,
    Currency,
    Loc,
    RuleFile,
    RuleId,
    RuleModel,
    Segment,
    Slug,
    Text,
    ValidFor,
    Words,
    YesNo,
    duplicates,
    refuse,
    refuse_at,
)
from knowledge.rules.money import Money, Percent, Share
from knowledge.rules.places import Jurisdiction

OfferType = Literal[
    "discount",
    "bill_credit",
    "free_months",
    "plan_downgrade",
    "pause",
    "suspend_seasonal",
    "contract_extension",
    "price_lock",
    "equipment_upgrade",
    "fee_waiver",
    "feature_trial",
    "bundle",
    "payment_plan",
    "service_fix",
    "training_onboarding",
    "loyalty_perk",
]

PLACEHOLDERS: Final = (
    "amount",
    "months",
    "end_date",
    "price_now",
    "price_during",
    "price_after",
    "plan",
    "name",
    "fee",
)
"""What the engine may fill into `say` and `terms`, written {end_date}."""

_declared: ContextVar[tuple[Fact, ...]] = ContextVar("_declared", default=())


def _compiles(expr: str) -> str:
    try:
        compile_condition(expr, _declared.get())
    except ConditionError as error:
        raise refuse(str(error)) from None
    return expr


def _known_placeholders(words: Words) -> Words:
    allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for text in filter(None, (words.en, words.es)):
        unknown = [name for name in findall(r"\{([^{}]*)\}", text) if name not in PLACEHOLDERS]
        if unknown:
            raise refuse(f"{{{unknown[0]}}} cannot be filled in; allowed are {allowed}. Correct or delete it.")
        if search(r"[{}]", sub(r"\{[^{}]*\}", "", text)):
            raise refuse(f"a brace of {text!r} has no partner; allowed are {allowed}. Close or delete it.")
    return words


Cel = Annotated[
    str,
    AfterValidator(_compiles),
    Field(description="a test in CEL over customer, account, call, today, e.g. customer.tenure_months >= 12"),
]
SpokenWords = Annotated[Words, AfterValidator(_known_placeholders)]


class SumOfLines(RuleModel):
    """A number that every record implies: counted over its active lines, so nobody has to state it."""

    what: Literal["charge", "quantity"] = Field(description="charge: cents a month; quantity: units such as seats")
    services: tuple[Slug, ...] = Field(min_length=1, description="services whose lines are counted")


class FactDeclaration(RuleModel):
    """A fact of this trade that the built-in vocabulary does not have."""

    name: Annotated[str, StringConstraints(pattern=r"^(customer|account|call)\.[a-z][a-z0-9_]*$")] = Field(
        description="customer., account. or call. and a name, e.g. account.classes_left"
    )
    kind: FactKind = Field(description="whole (money: cents), yes_no, text, list, date")
    says: Text = Field(description="what it means")
    sum_of: SumOfLines | None = Field(
        default=None, description="counted over the record's lines; left out: the record states it under facts"
    )

    @model_validator(mode="after")
    def _check_new(self) -> Self:
        if self.name in FACTS:
            raise refuse(f"{self.name!r} is a built-in fact already; allowed are new names. Delete this declaration.")
        if self.sum_of is not None and self.kind != "whole":
            raise refuse(f"{self.name!r} is a sum and of kind {self.kind}; allowed is whole. Write `kind: whole`.")
        return self

    def as_fact(self) -> Fact:
        """The same for the compiler of conditions."""
        return Fact(self.name, self.kind, self.says)


class OfferCondition(RuleModel):
    """One test; all of an offer's tests must hold."""

    id: Slug = Field(description="small letters, unique within the offer, e.g. tenure")
    cel: Cel
    says: Text = Field(description="the test in plain words, shown in the derivation")


class Gate(OfferCondition):
    """A test before any offer is looked at; the first that does not hold decides."""

    otherwise: Literal["no_offers", "fix_first", "handle_dispute", "clean_exit", "hardship_path"] = Field(
        description="what to do instead when the test does not hold"
    )
    spares: tuple[OfferType, ...] = Field(
        default=(), description="offer types that this gate lets through all the same"
    )
    say: Words | None = Field(default=None, description="what the agent may say then")


class Concession(RuleModel):
    """What the customer gets, in money and months; at most one of the monthly forms."""

    monthly_amount: Money | None = Field(default=None, description="off the bill each month")
    monthly_percent: Percent | None = Field(default=None, description="off the bill each month, of `percent_of`")
    percent_of: Literal["account", "service"] = Field(default="account", description="what a percentage is taken of")
    monthly_price: Money | None = Field(default=None, description="the price while it runs, e.g. of a pause")
    free_months: Count = Field(default=0, description="whole months not charged")
    months: Count = Field(default=0, description="how long the monthly form runs; the longest, where there is a range")
    months_min: Count | None = Field(default=None, description="the shortest, where there is a range")
    upfront: Money = Field(
        default=Decimal("0.00"), description="value given once: a credit, a waived fee, a device credit"
    )
    upfront_cost: Money | None = Field(
        default=None, description="what that costs us, where it differs (a router, an hour)"
    )
    waives_fee: Slug | None = Field(default=None, description="a fee of tariff.yaml that is not charged once")
    while_holds: Text | None = Field(default=None, description="open end: what must stay true, in plain words")

    @model_validator(mode="after")
    def _check_form(self) -> Self:
        given = [
            name for name in ("monthly_amount", "monthly_percent", "monthly_price") if getattr(self, name) is not None
        ]
        if len(given) > 1:
            raise refuse(f"{' and '.join(given)} are both given; allowed is one monthly form. Delete the other.")
        if given and self.months == 0 and self.while_holds is None:
            raise refuse(f"{given[0]} has months 0; allowed is 1 or more, or while_holds. Say how long it runs.")
        if self.months_min is not None and self.months_min > self.months:
            raise refuse(
                f"months_min {self.months_min} exceeds months {self.months}; allowed is as many or fewer. Swap them."
            )
        return self

    @property
    def cost_once(self) -> Decimal:
        """What the one-time part costs us."""
        return self.upfront if self.upfront_cost is None else self.upfront_cost


class StricterApproval(RuleModel):
    """A higher approval when a test holds, e.g. when the margin comes near its floor."""

    cel: Cel
    role: Slug = Field(description="the role that must approve then; one of approvals.yaml")
    says: Text = Field(description="the test in plain words")


class Approval(RuleModel):
    """Who may grant the offer."""

    role: Slug | None = Field(
        default=None, description="the lowest role that may grant it; left out: the lowest of approvals.yaml"
    )
    stricter: tuple[StricterApproval, ...] = Field(default=(), description="tests that call for a higher role")


class Offer(RuleModel):
    """One save offer."""

    offer_id: RuleId = Field(
        description="capitals and digits, unique, e.g. OF-LOCK-12; scripts name it [offer:OF-LOCK-12]"
    )
    name: Words = Field(description="short name on the card")
    promotion_type: Literal["Award", "Discount", "Reduction"] = Field(description="promotionType of TMF671")
    offer_type: OfferType = Field(description="what kind of offer it is")
    lifecycle_status: Literal["in_design", "in_test", "active", "retired"] = Field(
        description="only active offers are shown; an offer past its end date is expired whatever stands here"
    )
    valid_for: ValidFor
    reasons: tuple[Slug, ...] = Field(min_length=1, description="churn reasons it answers, of dispositions.yaml")
    segments: tuple[Segment, ...] = Field(min_length=1, description="home, business, or both")
    services: tuple[Slug, ...] = Field(
        default=(), description="service ids of tariff.yaml, one of which must be active"
    )
    jurisdictions: tuple[Jurisdiction, ...] = Field(default=("US",), min_length=1, description="US, or US-CA and so on")
    channels: tuple[Literal["phone", "chat", "email", "store", "web"], ...] = Field(
        default=("phone", "chat", "store"), min_length=1, description="where it may be offered"
    )
    conditions: tuple[OfferCondition, ...] = Field(default=(), description="tests, all of which must hold")
    concession: Concession
    commitment_months: Count = Field(default=0, description="length of the agreement it asks for; 0 for none")
    approval: Approval = Field(default=Approval())
    min_auth_level: Literal["none", "identified", "authenticated", "password"] = Field(
        default="authenticated", description="the caller must have reached this level of verification"
    )
    cooldown_days: Count | None = Field(
        default=None, description="not again within; left out: the guard rail's default"
    )
    once_per_account: YesNo = Field(default=False, description="never twice on one account")
    stacking_group: Slug = Field(
        description="offers of one group exclude each other; pairs of groups stand in may_stack"
    )
    is_price_concession: YesNo = Field(description="counts toward the limit of price concessions running at once")
    counts_as_save_attempt: YesNo = Field(
        default=True, description="false for repairs and payment help that are owed anyway"
    )
    allowed_when_vulnerable: YesNo = Field(default=False, description="may be named to a vulnerable customer")
    crosses_category: YesNo = Field(
        default=False, description="sells another category of service: needs CPNI approval before use (CPNI-11)"
    )
    priority: Count = Field(
        default=100, description="smaller first, where offers are otherwise equal or `choose: first`"
    )
    terms: SpokenWords = Field(description="what must be told: end, price after, commitment")
    say: SpokenWords = Field(description="what the agent may say")

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        problems = [
            *duplicates([c.id for c in self.conditions], field="conditions", what="condition", key_name="id"),
            *duplicates(self.reasons, field="reasons", what="reason"),
        ]
        if problems:
            raise refuse_at("Offer", problems)
        return self


class ReasonLevers(RuleModel):
    """The order in which offer types answer a reason: the cheapest true fix first."""

    reason: Slug = Field(description="a churn reason of dispositions.yaml")
    levers: tuple[OfferType, ...] = Field(default=(), description="offer types, first the one to try first")
    pitch: YesNo = Field(default=True, description="false: clean exit, nothing is offered")
    says: Words = Field(description="the advice to the agent")


class GuardRails(RuleModel):
    """Limits over all offers."""

    max_running_price_concessions: Count = Field(description="price concessions that may run at once")
    default_cooldown_days: Count = Field(description="days before the same offer may be made again")
    max_concession_percent_12m: Percent = Field(description="price concessions of 12 months, of 12 monthly charges")
    margin_floor_percent: Percent = Field(description="margin that every month must keep while a concession runs")
    holdout_percent: Percent = Field(description="random share of customers who get no offer, to measure uplift")
    holdout_never_for: tuple[Slug, ...] = Field(
        default=("vulnerable",), description="flags that exempt from the holdout"
    )


class Economics(RuleModel):
    """Assumptions of the value calculation until outcomes have been counted."""

    horizon_months: Annotated[Count, Field(ge=1, le=60)] = Field(description="months looked ahead")
    annual_rate_percent: Percent = Field(description="discount rate a year")
    monthly_survival: Share = Field(description="share of saved customers who stay another month")
    contact_cost: Money = Field(description="cost of the contact in which the offer is made")
    stays_without_offer: Share = Field(description="p0 while there is no holdout result")
    stays_with_offer: Share = Field(description="p1 while fewer than min_outcomes are known")
    min_outcomes: Count = Field(description="below this number of outcomes the screen says no data")
    source: Text = Field(description="where the assumptions come from")


class OffersFile(RuleFile):
    """The whole of offers.yaml."""

    currency: Currency = Field(description="three capital letters, e.g. USD; every amount below is in it")
    choose: Literal["best_value", "first_by_priority"] = Field(
        default="best_value",
        description="rank eligible offers by expected value, or in the policy's own order (priority)",
    )
    facts: tuple[FactDeclaration, ...] = Field(default=(), description="facts of this trade beyond the built-in ones")
    gates: tuple[Gate, ...] = Field(default=(), description="tests before any offer, in order")
    guard_rails: GuardRails
    economics: Economics
    may_stack: tuple[tuple[Slug, Slug], ...] = Field(
        default=(), description="pairs of stacking groups that may run together"
    )
    reason_levers: tuple[ReasonLevers, ...] = Field(default=(), description="reason by reason, what to try first")
    offers: tuple[Offer, ...] = Field(min_length=1, description="the offers")

    @model_validator(mode="wrap")
    @classmethod
    def _know_declared_facts(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        # Conditions are compiled deep inside, where the file's own facts are out of reach; hence the context variable.
        token = _declared.set(tuple(_readable_facts(data)))
        try:
            return handler(data)
        finally:
            _declared.reset(token)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        groups = {offer.stacking_group for offer in self.offers}
        problems = [
            *duplicates([offer.offer_id for offer in self.offers], field="offers", what="offer", key_name="offer_id"),
            *duplicates([fact.name for fact in self.facts], field="facts", what="fact", key_name="name"),
            *duplicates([gate.id for gate in self.gates], field="gates", what="gate", key_name="id"),
            *duplicates(
                [r.reason for r in self.reason_levers], field="reason_levers", what="reason", key_name="reason"
            ),
            *_unknown_groups(self.may_stack, sorted(groups)),
        ]
        if problems:
            raise refuse_at("OffersFile", problems)
        return self

    @property
    def declared_facts(self) -> tuple[Fact, ...]:
        """The pack's own facts, for `compile_condition`."""
        return tuple(fact.as_fact() for fact in self.facts)

    def compiled(self, test: OfferCondition | StricterApproval) -> Condition:
        """The compiled form of a test of this file; cached."""
        return compile_condition(test.cel, self.declared_facts)

    def offer(self, offer_id: str) -> Offer | None:
        """The offer of that id, or None."""
        return next((offer for offer in self.offers if offer.offer_id == offer_id), None)


def _readable_facts(data: object) -> Iterator[Fact]:
    """The declarations that are well formed; the others are reported where they stand."""
    declarations = data.get("facts") if isinstance(data, dict) else None
    for raw in declarations if isinstance(declarations, list | tuple) else ():
        try:
            yield FactDeclaration.model_validate(raw).as_fact()
        except ValueError:
            continue


def _unknown_groups(pairs: tuple[tuple[str, str], ...], known: list[str]) -> Iterator[tuple[Loc, object, str]]:
    for place, pair in enumerate(pairs):
        for group in pair:
            if group not in known:
                text = f"{group!r} is not a stacking group; known are: {', '.join(known)}. Correct the pair."
                yield ("may_stack", place), group, text
