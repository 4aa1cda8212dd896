"""Bodies of `POST /v1/calls/{id}/consent`: a consent, and the record that one to a field visit must come with."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from copilot.guard.dispatch import DispatchConsent

Line = Annotated[str, Field(min_length=1, max_length=400)]


class DispatchRecord(BaseModel):
    """Who agreed to which visit, when, and knowing which charge (domain handbook, section 9)."""

    model_config = ConfigDict(extra="forbid")

    ticket_id: Line | None = None
    carrier: Line | None = None
    reason: Line | None = None
    window_start: AwareDatetime | None = None
    window_end: AwareDatetime | None = None
    site_contact: Line | None = None
    access_notes: Line | None = None
    possible_charge: Annotated[Decimal, Field(ge=0, decimal_places=2, max_digits=9)] | None = None
    charge_disclosed: bool | None = None
    given_by: Line | None = None
    relationship: Line | None = None
    auth_level: Line | None = None
    given_at: AwareDatetime | None = None
    method: Line | None = None
    evidence_ref: Line | None = None
    expires_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.window_start and self.window_end and self.window_end <= self.window_start:
            raise ValueError("window_end is not after window_start; swap them")
        return self

    def consent(self) -> DispatchConsent:
        """The record as the gate reads it."""
        return DispatchConsent(**dict(self))


class ConsentIn(BaseModel):
    """A consent given or refused; kind `dispatch`, given, needs its record."""

    kind: str = Field(min_length=1, max_length=80)
    given: bool
    wording: str | None = Field(default=None, max_length=2000)
    record: DispatchRecord | None = Field(default=None, description="with kind dispatch: what was agreed to")

    def body(self) -> dict[str, Any]:
        """What every consent says, whatever its kind."""
        return {"kind": self.kind, "given": self.given, "wording": self.wording}
