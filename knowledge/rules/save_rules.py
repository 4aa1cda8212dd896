"""save_rules.yaml: what the law of a place, and our own policy, say about save attempts when someone wants to leave."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from knowledge.rules.base import (
    Count,
    Loc,
    RuleFile,
    RuleModel,
    Segment,
    Slug,
    Text,
    Words,
    YesNo,
    duplicates,
    refuse,
    refuse_at,
)
from knowledge.rules.consent import check_phrases
from knowledge.rules.places import Jurisdiction
from knowledge.rules.sourced import SourcedRule

SaveOffer = Literal[
    "allowed", "allowed_if_customer_can_cancel_at_once", "forbidden_until_cancellation_complete", "not_addressed"
]


class SaveRule(SourcedRule):
    """The rule of one jurisdiction. What it leaves open (None) is taken from the default rule."""

    jurisdiction: Jurisdiction = Field(description="US, or a state, e.g. US-CA")
    title: Text = Field(description="what people call the law or policy")
    segments: tuple[Segment, ...] = Field(
        default=("home", "business"), min_length=1, description="customers it reaches; consumer laws reach home only"
    )
    online_sales_only: YesNo = Field(default=False, description="only for contracts made online")
    contract_since: Literal["any", "made_amended_or_extended_since_effective"] = Field(
        default="any", description="contracts it reaches"
    )
    exempt_if_service_regulated: YesNo = Field(
        default=False, description="regulated services (FCC, state commission) are outside"
    )
    max_save_attempts: Count | None = Field(default=None, description="0 forbids; left out: the law sets no number")
    permission_first: YesNo | None = Field(default=None, description="ask whether the customer wants to hear an offer")
    stop_phrases_end_attempt: YesNo | None = Field(default=None, description="a clear no ends it")
    save_offer: SaveOffer = Field(default="not_addressed", description="what the rule says about save offers")
    disclosure_before_offer: Words | None = Field(default=None, description="words to be spoken before an offer")
    may_ask_after_completion: YesNo | None = Field(
        default=None, description="may ask leave to name an offer afterwards"
    )
    same_channel_cancel: YesNo | None = Field(default=None, description="leaving works in the channel of joining")
    simple_mechanism: YesNo | None = Field(default=None, description="leaving is at least as easy as joining")
    must_offer_cancel_link_online: YesNo | None = Field(default=None, description="online: a link that cancels")
    online_button_with_offer: YesNo | None = Field(
        default=None, description="online: the cancel button stays beside an offer"
    )
    confirm_in_writing: YesNo | None = Field(default=None, description="the cancellation is confirmed in writing")
    answer_phone_promptly: YesNo | None = Field(default=None, description="the cancel line is answered promptly")
    voicemail_deadline_business_days: Count | None = Field(
        default=None, description="a cancel voicemail is answered within"
    )
    material_terms_before_consent: YesNo | None = Field(
        default=None, description="terms are shown before the customer agrees"
    )
    annual_reminder: YesNo | None = Field(default=None, description="a reminder every year")
    reminder_days: tuple[Count, Count] | None = Field(
        default=None, description="renewal reminder, days before: least, most"
    )
    price_increase_notice_days: tuple[Count, Count] | None = Field(default=None, description="days before: least, most")
    price_increase_needs: tuple[Literal["affirmative_consent", "cancellation_right"], ...] = Field(
        default=(), description="one of these"
    )
    keep_consent_record: Text | None = Field(default=None, description="how long the consent record is kept")
    private_right_of_action: YesNo | None = Field(default=None, description="customers may sue on it")
    successor: Text | None = Field(default=None, description="what may replace it")
    note: Words | None = Field(default=None, description="what the agent is told on the gate card")

    @model_validator(mode="after")
    def _check_disclosure(self) -> Self:
        if self.save_offer == "forbidden_until_cancellation_complete" and self.max_save_attempts != 0:
            raise refuse(
                f"max_save_attempts is {self.max_save_attempts} while save_offer is {self.save_offer}; allowed is 0. "
                "Write 0 or change save_offer."
            )
        return self

    def reaches(
        self, state: str, segment: Segment, day: date, *, service_regulated: bool, contract_from: date | None = None
    ) -> bool:
        """Whether it is in force for this customer: place, segment, time, contract, exemption, status.

        A contract whose day is not known (`contract_from` is the day it was made, amended or last extended) is reached.
        """
        in_time = (self.effective_from or date.min) <= day <= (self.effective_to or date.max)
        in_place = self.jurisdiction in ("US", f"US-{state}")
        exempt = self.exempt_if_service_regulated and service_regulated
        since = self.effective_from if self.contract_since != "any" else None
        return (
            in_time
            and (since is None or contract_from is None or contract_from >= since)
            and in_place
            and segment in self.segments
            and not exempt
            and self.status not in ("vacated", "proposed")
        )


class StopPhrases(RuleModel):
    """Words that end a save attempt; phrases as in cues.yaml."""

    en: tuple[Text, ...] = Field(min_length=1)
    es: tuple[Text, ...] = Field(min_length=1)
    examples: Words | None = Field(default=None, description="a few of them in plain words, for the gate card")

    @field_validator("en", "es")
    @classmethod
    def _compiles(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        return check_phrases(phrases)


class Obstruction(RuleModel):
    """A sign that leaving is being made hard."""

    id: Slug
    event: Literal["transfer_after_cancel", "hold_after_cancel", "pitch", "reason_asked"] = Field(
        description="what is counted"
    )
    allowed: Count = Field(description="warn above this number (seconds for a hold, else times)")
    alert: Words


class CancelStep(RuleModel):
    """A step of an orderly cancellation."""

    id: Slug
    says: Words


class SaveRulesFile(RuleFile):
    """The whole of save_rules.yaml; rules are tried in order, the first that reaches the customer applies."""

    default_rule: Text = Field(description="id of the rule that fills what the others leave open")
    apply_exemptions: YesNo = Field(
        default=False, description="false: a rule holds for regulated services, too, until counsel has answered"
    )
    regulated_services: tuple[Slug, ...] = Field(
        description="service ids of tariff.yaml that are regulated phone service"
    )
    rules: tuple[SaveRule, ...] = Field(min_length=1, description="the strictest first")
    stop_phrases: StopPhrases
    permission_question: Words = Field(description="how to ask for leave to name an offer")
    obstruction: tuple[Obstruction, ...] = Field(default=(), description="signs to warn on")
    cancel_steps: tuple[CancelStep, ...] = Field(
        min_length=1, description="shown after a clear, repeated wish to leave"
    )

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        ids = [rule.id for rule in self.rules]
        problems: list[tuple[Loc, object, str]] = [
            *duplicates(ids, field="rules", what="rule", key_name="id"),
            *duplicates([sign.id for sign in self.obstruction], field="obstruction", what="sign", key_name="id"),
            *duplicates([step.id for step in self.cancel_steps], field="cancel_steps", what="step", key_name="id"),
        ]
        if self.default_rule not in ids:
            text = (
                f"{self.default_rule!r} is not a rule of this file; known are: {', '.join(ids)}. Correct default_rule."
            )
            problems.append((("default_rule",), self.default_rule, text))
        if problems:
            raise refuse_at("SaveRulesFile", problems)
        return self

    @property
    def default(self) -> SaveRule:
        """The rule that fills what the others leave open."""
        return next(rule for rule in self.rules if rule.id == self.default_rule)

    def rule_for(
        self,
        state: str,
        segment: Segment,
        day: date,
        *,
        service_regulated: bool,
        online_sale: bool = False,
        contract_from: date | None = None,
    ) -> SaveRule:
        """The first rule that reaches the customer, with what it leaves open taken from the default rule."""
        exempting = service_regulated and self.apply_exemptions
        for rule in self.rules:
            if rule.online_sales_only and not online_sale:
                continue
            if rule.reaches(state, segment, day, service_regulated=exempting, contract_from=contract_from):
                return self._filled(rule)
        return self.default

    def _filled(self, rule: SaveRule) -> SaveRule:
        unset = {name for name in _TAKEN_FROM_DEFAULT if getattr(rule, name) is None}
        update: dict[str, object] = {name: getattr(self.default, name) for name in unset}
        if rule.save_offer == "not_addressed":
            update["save_offer"] = self.default.save_offer
        return rule.model_copy(update=update)


_TAKEN_FROM_DEFAULT = (
    "max_save_attempts",
    "permission_first",
    "stop_phrases_end_attempt",
    "disclosure_before_offer",
    "may_ask_after_completion",
    "same_channel_cancel",
    "simple_mechanism",
    "must_offer_cancel_link_online",
    "online_button_with_offer",
    "confirm_in_writing",
    "answer_phone_promptly",
    "note",
)
