"""Where a rule comes from, and how far that was checked: the part every legal or policy rule carries."""

from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.rules.base import Day, RuleId, RuleModel, Text, refuse

Basis = Literal["law", "policy", "platform", "practice"]
Status = Literal["in_force", "verify", "policy", "vacated", "proposed"]
Checked = Literal["read", "secondary", "common_knowledge", "own"]


class Provenance(RuleModel):
    """Source and day of a fact."""

    basis: Basis = Field(
        description="law; policy (our decision); platform (a provider's limit); practice (custom of a body or trade)"
    )
    status: Status = Field(
        description="in_force; verify (unsettled: ask counsel); policy (ours); vacated; proposed (not yet law)"
    )
    source: tuple[Text, ...] = Field(min_length=1, description="addresses or documents, one per line")
    checked: Checked = Field(
        default="own",
        description="read (in the rule itself); secondary (law firm, vendor); common_knowledge (confirm); own (ours)",
    )
    as_of: Day = Field(description="the day this was last checked")

    @property
    def needs_counsel(self) -> bool:
        """Whether it must be shown with "verify with counsel"."""
        return self.status == "verify"


class SourcedRule(Provenance):
    """A rule with an id and its time in force."""

    id: RuleId = Field(description="capitals and digits, unique in the file, e.g. US-CA")
    effective_from: Day | None = Field(default=None, description="first day in force, where there is one")
    effective_to: Day | None = Field(default=None, description="last day in force, where it has ended or will end")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            raise refuse(
                f"effective_to {self.effective_to} lies before effective_from {self.effective_from}; allowed is "
                "the same day or later. Swap them."
            )
        return self
