"""tariff.yaml: what things cost, and the rules by which amounts are computed. All amounts, no wording of policies.

Entries that changed over time stand as several versions of one id, whose days (`valid_for`) must not overlap.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.rules.base import (
    Count,
    Currency,
    Loc,
    RuleFile,
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
from knowledge.rules.money import Money, Percent, UnitPrice
from knowledge.rules.payments import CardRules, DeclineClass, DunningStep, PaymentMethod, PhoneCheck
from knowledge.rules.places import State

Per = Literal["account", "line", "seat", "service", "item", "day", "minute", "visit", "event", "hour"]


class Service(RuleModel):
    """A kind of service."""

    service: Slug = Field(description="id, e.g. internet")
    label: Words = Field(description="what people call it")
    is_phone: YesNo = Field(
        default=False, description="voice service under telephone rules (CPNI, restoration per line)"
    )


class Plan(RuleModel):
    """A product with a monthly price."""

    plan_id: Slug = Field(description="id, e.g. fiber-600")
    name: Text = Field(description="the name on the bill, the same in both languages")
    service: Slug = Field(description="one of services")
    segment: tuple[Segment, ...] = Field(min_length=1, description="home, business, or both")
    price: Money
    per: Per = Field(default="line", description="what the price is for")
    is_addon: YesNo = Field(default=False, description="sold only together with a plan of the same service")
    taxable: YesNo = Field(default=False, description="tax is added to the price")
    rank: Count = Field(default=0, description="size within service and segment; a smaller plan has a smaller number")
    data_gb: Count | None = Field(
        default=None, description="monthly data allowance; left out when unlimited or not metered"
    )
    allowance: Count | None = Field(
        default=None, description="units a month in another trade: visits, invoices, users; left out when unlimited"
    )
    lines: Count = Field(default=1, description="lines included")
    speed_mbps: Count | None = Field(default=None, description="download speed of an access line")
    unit_price: UnitPrice | None = Field(default=None, description="price per minute or day on top")
    unit: Literal["minute", "day"] | None = Field(default=None, description="the unit of unit_price")
    includes: tuple[Text, ...] = Field(default=(), description="features, in plain words")
    variable_cost: Money | None = Field(default=None, description="our monthly cost of serving it, without contacts")
    low_income_price: Money | None = Field(default=None, description="price with proof of low income")
    valid_for: ValidFor = Field(description="when it is or was sold")

    @model_validator(mode="after")
    def _check_unit(self) -> Self:
        if (self.unit is None) != (self.unit_price is None):
            raise refuse("unit and unit_price belong together; allowed are both or neither. Add or delete one.")
        return self


class Fee(RuleModel):
    """A charge besides the plans, or (kind discount, credit) something taken off."""

    fee_id: Slug = Field(description="id, e.g. restoration")
    name: Words = Field(description="what people call it")
    kind: Literal["fee", "discount", "credit"] = Field(
        default="fee", description="discounts and credits are subtracted"
    )
    amount: Money
    per: Per = Field(description="what it is charged for")
    monthly: YesNo = Field(default=False, description="every month, or once")
    max_units: Count | None = Field(default=None, description="charged for at most so many units a bill")
    services: tuple[Slug, ...] = Field(default=(), description="services it applies to; none listed means all")
    taxable: YesNo = Field(default=False, description="tax on fees is added")
    must_disclose_before: YesNo = Field(default=False, description="must be told, and agreed to, beforehand")
    waived_if: Words | None = Field(default=None, description="when it is not charged")
    valid_for: ValidFor


class Tax(RuleModel):
    """A tax rate of a state on plans and fees marked taxable; states not listed have none."""

    state: State
    rate_percent: Percent
    valid_for: ValidFor


class Deposit(RuleModel):
    """Security deposits."""

    max_months_of_plan: Count = Field(description="at most so many monthly prices")
    refund_after_on_time_payments: Count = Field(description="given back after so many payments on time in a row")


class LateFee(RuleModel):
    """Late payment."""

    amount: Money
    due_days_after_bill: Count = Field(description="days from the bill date to the due date")
    grace_days: Count = Field(description="days after the due date without a fee")


class Suspension(RuleModel):
    """The way from past due to disconnected."""

    written_notice_days: Count = Field(description="days between the written notice and suspension")
    not_before_days_past_due: Count = Field(description="no suspension earlier")
    disconnect_after_suspended_days: Count = Field(description="a suspended line is disconnected after so many days")
    needs_supervisor_when: tuple[Slug, ...] = Field(
        default=(), description="account flags that need a supervisor first"
    )


class Restoration(RuleModel):
    """What must be paid to put suspended service back (domain.md 5.5)."""

    include_current: YesNo = Field(description="current charges are needed, too")
    include_current_after_broken_arrangement: YesNo = Field(description="they are when the last arrangement was broken")
    leaves_out_disputed: YesNo = Field(description="a disputed amount need not be paid")
    fee_id: Slug = Field(description="the fee charged, by service")
    fee_per: Literal["line", "service"] = Field(default="line", description="charged for each line or service put back")
    possible_states: tuple[Literal["past_due", "suspended", "disconnected"], ...] = Field(
        description="states from which a payment restores; a disconnected line usually needs a new order"
    )


class ArrangementRules(RuleModel):
    """Payment arrangements, one version."""

    valid_for: ValidFor
    min_down_percent: Percent = Field(description="the first payment, at least this part of the total")
    max_instalments: Count = Field(description="further payments after the first")
    within_days: Count = Field(description="the last payment falls within so many days")
    max_open: Count = Field(default=1, description="arrangements open at the same time")
    restore_on: Literal["first_payment", "full"] = Field(description="when service comes back")
    broken_if_days_late: Count = Field(description="broken when a payment is more than so many days late")
    hardship_within_days: Count | None = Field(default=None, description="longer limit on the hardship path")
    hardship_role: Slug | None = Field(default=None, description="role that grants the longer limit")


class EarlyTermination(RuleModel):
    """The charge for leaving an agreement early."""

    segment: Segment
    formula: Literal["amount_per_month_left", "percent_of_remaining_charges"] = Field(description="how it is computed")
    amount: Money | None = Field(default=None, description="for each month left")
    percent: Percent | None = Field(default=None, description="of the monthly charges left")
    cap: Money | None = Field(default=None, description="never more than this")

    @model_validator(mode="after")
    def _check_formula(self) -> Self:
        needed = "amount" if self.formula == "amount_per_month_left" else "percent"
        if getattr(self, needed) is None:
            raise refuse(f"formula {self.formula} needs {needed}, which is missing. Add a line `{needed}: ...`.")
        return self


class FreeExit(RuleModel):
    """Leaving without charge within the first days, one version."""

    valid_for: ValidFor
    within_days: Count = Field(description="days from the start of the agreement")


class ExitWaiver(RuleModel):
    """A reason for which no early-termination charge is due."""

    id: Slug
    says: Words = Field(description="the reason, and the proof it needs")
    needs_proof: YesNo


class OutageCredit(RuleModel):
    """Credits for time without service."""

    automatic_above_hours: Count = Field(description="credited without being asked above this")
    on_request_from_hours: Count = Field(description="credited on request from this on")
    unit_hours: Count = Field(description="one day's price for each such number of hours, begun or full")
    business_beyond_hours: Count = Field(description="the business agreement pays beyond this")
    business_percent_per_started_hour: Percent = Field(description="of the monthly circuit price")
    business_cap_percent: Percent = Field(description="at most this of the monthly circuit price")


class Disputes(RuleModel):
    """Disputed charges."""

    within_days_of_bill: Count = Field(description="a charge may be disputed for so many days")
    answer_business_days: Count = Field(description="we answer within so many business days")
    disputed_is_collected: YesNo = Field(description="whether the disputed amount is collected meanwhile")


class Refunds(RuleModel):
    """Money back."""

    original_method_business_days: tuple[Count, Count] = Field(description="from, to")
    cheque_days: Count
    deposit_on_final_bill: YesNo = Field(default=True, description="a held deposit is set against the final bill")


class Proration(RuleModel):
    """Part of a month."""

    method: Literal["days_in_period"] = Field(description="price x days / days in the billing period")
    rounding: Literal["half_up"] = Field(description="once, at each amount")
    plan_up: Literal["at_once", "next_bill"] = Field(description="when a change to a dearer plan takes effect")
    plan_down: Literal["at_once", "next_bill"] = Field(description="when a change to a cheaper plan takes effect")


class TariffFile(RuleFile):
    """The whole of tariff.yaml."""

    currency: Currency = Field(description="three capital letters, e.g. USD; every amount below is in it")
    states: tuple[State, ...] = Field(default=(), description="states served")
    services: tuple[Service, ...] = Field(min_length=1, description="kinds of service")
    plans: tuple[Plan, ...] = Field(min_length=1, description="products with a monthly price")
    fees: tuple[Fee, ...] = Field(default=(), description="charges, discounts and credits besides the plans")
    taxes: tuple[Tax, ...] = Field(default=(), description="rates by state")
    deposit: Deposit | None = Field(default=None, description="left out: no deposits")
    late_fee: LateFee | None = Field(default=None, description="left out: no late fee")
    suspension: Suspension | None = Field(default=None, description="left out: service is not suspended")
    restoration: Restoration | None = Field(default=None, description="left out: nothing is restored")
    arrangements: tuple[ArrangementRules, ...] = Field(default=(), description="versions of the arrangement rules")
    early_termination: tuple[EarlyTermination, ...] = Field(default=(), description="by segment")
    free_exit: tuple[FreeExit, ...] = Field(default=(), description="versions of the satisfaction guarantee")
    exit_waivers: tuple[ExitWaiver, ...] = Field(default=(), description="reasons for which no charge is due")
    outage_credit: OutageCredit | None = Field(default=None, description="left out: no credits for outages")
    disputes: Disputes | None = Field(default=None, description="left out: no rule for disputed charges")
    refunds: Refunds | None = Field(default=None, description="left out: no rule for refunds")
    proration: Proration | None = Field(default=None, description="left out: no rule for parts of a month")
    agreement_months: tuple[Count, ...] = Field(
        default=(), description="lengths of agreement sold; 0 is month to month"
    )
    price_guarantee_months: Count = Field(default=0, description="on price_guarantee_agreement_months only")
    price_guarantee_agreement_months: Count = Field(default=0, description="business agreements of this length have it")
    device_instalment_months: Count = Field(default=0, description="devices are paid over so many months")
    port_out_pin_valid_days: Count = Field(default=7, description="days a port-out PIN is valid")
    equipment_return_days: Count = Field(default=21, description="days to send equipment back")
    payment_methods: tuple[PaymentMethod, ...] = Field(default=(), description="ways to pay")
    cards: CardRules | None = Field(default=None, description="left out: no rules for card payments")
    declines: tuple[DeclineClass, ...] = Field(default=(), description="decline codes by class")
    dunning: tuple[DunningStep, ...] = Field(default=(), description="steps around a failed payment, by day")
    phone_check: PhoneCheck | None = Field(default=None, description="left out: no checks by phone")

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        fees = [(i, fee, service) for i, fee in enumerate(self.fees) for service in fee.services or ("",)]
        problems = [
            *duplicates([s.service for s in self.services], field="services", what="service", key_name="service"),
            *duplicates(self.states, field="states", what="state"),
            *duplicates([rule.id for rule in self.declines], field="declines", what="rule", key_name="id"),
            *duplicates([r.segment for r in self.early_termination], field="early_termination", what="segment"),
            *duplicates([m.method for m in self.payment_methods], field="payment_methods", what="method"),
            *_overlaps("plans", [(plan.plan_id, plan.valid_for) for plan in self.plans]),
            *_overlaps(
                "fees", [((fee.fee_id, service), fee.valid_for) for _, fee, service in fees], [i for i, _, _ in fees]
            ),
            *_overlaps("taxes", [(tax.state, tax.valid_for) for tax in self.taxes]),
            *_overlaps("arrangements", [("arrangement", rules.valid_for) for rules in self.arrangements]),
            *_overlaps("free_exit", [("free exit", rules.valid_for) for rules in self.free_exit]),
            *self._unknown_names(),
        ]
        if problems:
            raise refuse_at("TariffFile", problems)
        return self

    def _unknown_names(self) -> Iterable[tuple[Loc, object, str]]:
        services = [service.service for service in self.services]
        fees = [fee.fee_id for fee in self.fees]
        named: list[tuple[Loc, str, Sequence[str]]] = []
        if self.restoration is not None:
            named.append((("restoration", "fee_id"), self.restoration.fee_id, fees))
        named += [(("plans", i, "service"), plan.service, services) for i, plan in enumerate(self.plans)]
        named += [(("fees", i, "services"), name, services) for i, fee in enumerate(self.fees) for name in fee.services]
        named += [(("taxes", i, "state"), tax.state, self.states) for i, tax in enumerate(self.taxes)]
        for loc, name, known in named:
            if name not in known:
                text = f"{name!r} is not declared in this file; known are: {', '.join(dict.fromkeys(known)) or 'none'}."
                yield loc, name, f"{text} Correct it or declare it."

    def plan_on(self, plan_id: str, day: date) -> Plan | None:
        """The version of a plan sold on `day`, or None."""
        return next((plan for plan in self.plans if plan.plan_id == plan_id and plan.valid_for.holds_on(day)), None)

    def plan_named(self, name: str) -> Plan | None:
        """The newest version of the plan with that name on the bill, or None."""
        versions = [plan for plan in self.plans if plan.name.casefold() == name.casefold()]
        return max(versions, key=lambda plan: plan.valid_for.start, default=None)

    def fee_on(self, fee_id: str, day: date, service: str = "") -> Fee | None:
        """The version of a fee in force on `day` for `service`, or None."""
        return next(
            (
                fee
                for fee in self.fees
                if fee.fee_id == fee_id
                and fee.valid_for.holds_on(day)
                and (not fee.services or service in fee.services)
            ),
            None,
        )

    def tax_percent(self, state: str, day: date) -> Decimal:
        """The rate in percent on what is taxable, 0 where none is listed."""
        rates = (tax.rate_percent for tax in self.taxes if tax.state == state and tax.valid_for.holds_on(day))
        return next(rates, Decimal(0))

    def arrangement_on(self, day: date) -> ArrangementRules | None:
        """The arrangement rules in force on `day`, or None."""
        return next((rules for rules in self.arrangements if rules.valid_for.holds_on(day)), None)


def _overlaps(
    field: str, versions: Sequence[tuple[Hashable, ValidFor]], places: Sequence[int] | None = None
) -> list[tuple[Loc, object, str]]:
    numbered = [(place, *version) for place, version in zip(places or range(len(versions)), versions, strict=True)]
    return [
        (
            (field, place, "valid_for"),
            str(later.start),
            (
                f"entries {earlier_place + 1} and {place + 1} of {field} are both {_named(key)} and overlap from "
                f"{max(earlier.start, later.start)}; allowed is one version a day. End the older one the day before."
            ),
        )
        for (earlier_place, earlier_key, earlier), (place, key, later) in combinations(numbered, 2)
        if earlier_place != place and earlier_key == key and earlier.overlaps(later)
    ]


def _named(key: Hashable) -> str:
    return " ".join(str(part) for part in key if part) if isinstance(key, tuple) else str(key)
