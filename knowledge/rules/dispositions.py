"""dispositions.yaml: the two codes that close a contact, why people leave, and which cue leads to which code."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.rules.base import RuleFile, RuleId, RuleModel, Slug, Words, YesNo, duplicates, refuse_at


class ReasonCode(RuleModel):
    """First code: what the contact was about."""

    code: RuleId = Field(description="e.g. BILL_EXPLAIN")
    group: Literal["billing", "retention", "tech", "orders", "account", "complaint", "other"]
    label: Words
    cues: tuple[Slug, ...] = Field(default=(), description="cue ids that lead to this code; each belongs to one code")


class OutcomeCode(RuleModel):
    """Second code: how it ended."""

    code: RuleId = Field(description="e.g. RESOLVED")
    label: Words
    is_open: YesNo = Field(description="somebody still owes something")


class ChurnReason(RuleModel):
    """Why a customer leaves; also the id of its cue."""

    reason: Slug = Field(description="e.g. price")
    label: Words
    voluntary: YesNo = Field(description="the customer's decision, or a failed payment, fraud, death")


class DispositionsFile(RuleFile):
    """The whole of dispositions.yaml. Where several codes fit a contact, the one that stands first wins."""

    reasons: tuple[ReasonCode, ...] = Field(min_length=1, description="first codes, the weightiest first")
    outcomes: tuple[OutcomeCode, ...] = Field(min_length=1, description="second codes")
    churn_reasons: tuple[ChurnReason, ...] = Field(min_length=1, description="why customers leave")
    unknown_reason: RuleId = Field(description="first code while nothing was recognised")
    unknown_outcome: RuleId = Field(description="second code while nothing was recognised")

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        problems = [
            *duplicates([reason.code for reason in self.reasons], field="reasons", what="code", key_name="code"),
            *duplicates([outcome.code for outcome in self.outcomes], field="outcomes", what="code", key_name="code"),
            *duplicates(
                [r.reason for r in self.churn_reasons], field="churn_reasons", what="reason", key_name="reason"
            ),
        ]
        owner: dict[str, str] = {}
        for place, reason in enumerate(self.reasons):
            for cue in reason.cues:
                if cue in owner:
                    text = (
                        f"cue {cue!r} leads to {owner[cue]} and {reason.code}; allowed is one code. Delete it from one."
                    )
                    problems.append((("reasons", place, "cues"), cue, text))
                owner.setdefault(cue, reason.code)
        for field, code, known in (
            ("unknown_reason", self.unknown_reason, [reason.code for reason in self.reasons]),
            ("unknown_outcome", self.unknown_outcome, [outcome.code for outcome in self.outcomes]),
        ):
            if code not in known:
                problems.append(
                    ((field,), code, f"{code!r} is not a code here; known are: {', '.join(known)}. Correct it.")
                )
        if problems:
            raise refuse_at("DispositionsFile", problems)
        return self

    @property
    def reason_by_cue(self) -> Mapping[str, str]:
        """First code by cue id, in the order of the file."""
        return {cue: reason.code for reason in self.reasons for cue in reason.cues}
