"""flags.yaml: red flags, where each one goes, and the first step of the agent."""

from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.rules.base import Count, RuleFile, RuleModel, Slug, Text, Words, YesNo, duplicates, refuse_at

Route = Literal[
    "escalation",
    "red_flag",
    "cancellation",
    "collection",
    "support",
    "finance",
    "legal",
    "marketing",
    "fraud",
    "privacy",
    "carrier",
    "onboarding_client_success",
    "sales",
]
Severity = Literal["critical", "high", "medium", "low"]


class Trigger(RuleModel):
    """A flag that is raised by counting, besides words."""

    counts: Literal["contacts_same_issue", "contacts_same_area", "failed_verifications", "changes_before_request"]
    at_least: Count
    within_days: Count


class Flag(RuleModel):
    """One red flag."""

    flag_id: Slug = Field(description="also the id of its cue, e.g. legal_threat")
    title: Words = Field(description="heading of the alert")
    severity: Severity
    routes: tuple[Route, ...] = Field(min_length=1, description="process routes, the owner first")
    alert: Words = Field(description="what the alert says to the agent")
    first_step: Words = Field(description="the first thing to do")
    say: Words | None = Field(default=None, description="words the agent may use")
    examples: Words = Field(description="what people say, for readers; the matching phrases stand in cues.yaml")
    stops_offers: YesNo = Field(default=False, description="no save offer after it")
    stops_collection: YesNo = Field(default=False, description="no dunning after it")
    needs_live_supervisor: YesNo = Field(default=False, description="a supervisor joins at once")
    opens_case: YesNo = Field(default=True, description="a case with an owner is opened")
    hidden_from_customer: YesNo = Field(
        default=False, description="never explained to the customer or in a public reply"
    )
    leaves_reply_queue: YesNo = Field(default=False, description="posts with it leave the reply queue at once")
    trigger: Trigger | None = None
    basis: Text = Field(default="policy", description="policy, or the rule it comes from")

    @property
    def route(self) -> Route:
        """The owner."""
        return self.routes[0]


class FlagsFile(RuleFile):
    """The whole of flags.yaml."""

    flags: tuple[Flag, ...] = Field(min_length=1, description="the flags, the gravest first")
    calm_steps: tuple[Words, ...] = Field(default=(), description="order of de-escalation")
    abuse_warnings_before_end: Count = Field(default=2, description="warnings before a call with abuse is ended")
    abuse_script: Words | None = Field(default=None, description="the warning")
    abuse_closing: Words | None = Field(default=None, description="the words that end the call after the last warning")

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        problems = duplicates([flag.flag_id for flag in self.flags], field="flags", what="flag", key_name="flag_id")
        if problems:
            raise refuse_at("FlagsFile", problems)
        return self

    def flag(self, flag_id: str) -> Flag | None:
        """The flag of that id, or None."""
        return next((flag for flag in self.flags if flag.flag_id == flag_id), None)
