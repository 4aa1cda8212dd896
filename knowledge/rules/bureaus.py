"""bureaus.yaml: bodies that send complaints, how soon they want an answer, and what it must contain."""

from typing import Literal, Self

from pydantic import Field, model_validator

from knowledge.rules.base import (
    Count,
    Loc,
    RuleFile,
    RuleModel,
    Slug,
    Text,
    Words,
    YesNo,
    duplicates,
    refuse,
    refuse_at,
)
from knowledge.rules.flags import Route
from knowledge.rules.places import Jurisdiction
from knowledge.rules.sourced import Provenance, SourcedRule

DayKind = Literal["calendar", "business"]


class Deadline(Provenance):
    """A time to answer."""

    days: Count | None = Field(default=None, description="left out: never guessed, the date on the notice is needed")
    day_kind: DayKind = Field(default="calendar")
    counted_from: Literal["received", "forwarded", "reported", "determined"] = Field(default="received")


class FollowUp(RuleModel):
    """What comes after the first answer."""

    id: Slug
    within_days: Count | None = Field(default=None, description="days from the event named in `says`; left out: open")
    day_kind: DayKind = Field(default="calendar")
    says: Words


class Office(Deadline):
    """A local office with a time of its own."""

    office: Slug = Field(description="e.g. new_england")
    title: Text
    extra_days: Count = Field(default=0, description="a second period after the first")


class Body(RuleModel):
    """A body, or one procedure of it."""

    body_id: Slug = Field(description="e.g. fcc_informal")
    title: Text
    jurisdiction: Jurisdiction = Field(default="US")
    disposition: Text = Field(description="first code of dispositions.yaml")
    first_answer: Deadline
    then: tuple[FollowUp, ...] = ()
    offices: tuple[Office, ...] = ()
    copy_to_consumer: YesNo = Field(default=False, description="the consumer gets a copy of the answer")
    answer_form: Words = Field(description="how the answer is given")
    draft_class: Literal["public", "regulator", "private"] = Field(
        description="what may stand in it, see channels.yaml"
    )
    channel: Slug = Field(description="channel of channels.yaml whose limits hold")
    may_draft: YesNo = Field(default=True, description="false: stop drafting, hand over to routes")
    legal_review: YesNo = Field(default=False, description="legal sees every answer before it leaves")
    routes: tuple[Route, ...] = Field(min_length=1, description="process routes, the owner first")
    not_taken: Words | None = Field(default=None, description="matters the body does not take")
    closing_states: tuple[Text, ...] = Field(default=(), description="how the body closes a complaint")

    @model_validator(mode="after")
    def _check_offices(self) -> Self:
        problems = duplicates(
            [office.office for office in self.offices], field="offices", what="office", key_name="office"
        )
        if problems:
            raise refuse_at("Body", problems)
        return self


class Clock(SourcedRule):
    """Another legal time that runs from an event."""

    event: Slug = Field(description="what starts it, e.g. breach_determined")
    days: Count
    day_kind: DayKind
    says: Words
    route: Route


class AnswerElement(RuleModel):
    """A point that a good answer contains."""

    id: Slug
    says: Words
    required: YesNo = True


class BureausFile(RuleFile):
    """The whole of bureaus.yaml. The date printed on a notice always wins over these."""

    warn_at_half_time: YesNo
    warn_days_left: Count
    bodies: tuple[Body, ...] = Field(min_length=1)
    answer_elements: tuple[AnswerElement, ...] = Field(min_length=1, description="checklist of domain.md 3.2")
    clocks: tuple[Clock, ...] = Field(default=())

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        problems: list[tuple[Loc, object, str]] = [
            *duplicates([body.body_id for body in self.bodies], field="bodies", what="body", key_name="body_id"),
            *duplicates([e.id for e in self.answer_elements], field="answer_elements", what="element", key_name="id"),
            *duplicates([clock.id for clock in self.clocks], field="clocks", what="clock", key_name="id"),
        ]
        if problems:
            raise refuse_at("BureausFile", problems)
        if not self.warn_days_left:
            raise refuse("warn_days_left is 0, which warns when it is too late; allowed is 1 or more. Write e.g. 3.")
        return self

    def body(self, body_id: str) -> Body | None:
        """The body of that id, or None."""
        return next((body for body in self.bodies if body.body_id == body_id), None)
