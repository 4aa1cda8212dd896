"""consent.yaml: what must be said and agreed to first: recording, automated listening, calls and texts, visits."""

from datetime import time
from re import fullmatch
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from knowledge.phrases import BadPhrase, compile_phrases
from knowledge.rules.base import Count, Loc, RuleFile, RuleModel, Slug, Text, Words, duplicates, refuse, refuse_at
from knowledge.rules.places import Jurisdiction, covers
from knowledge.rules.sourced import Provenance, SourcedRule

DispatchField = Literal[
    "ticket_id",
    "carrier",
    "reason",
    "window_start",
    "window_end",
    "site_contact",
    "access_notes",
    "possible_charge",
    "charge_disclosed",
    "given_by",
    "relationship",
    "auth_level",
    "given_at",
    "method",
    "evidence_ref",
    "expires_at",
]
VerifiedLevel = Literal["identified", "authenticated", "password"]


def check_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases, when all of them follow the syntax of cues.yaml."""
    try:
        compile_phrases(phrases)
    except BadPhrase as error:
        raise refuse(f"{error}. The syntax stands at the top of cues.yaml; correct it.") from error
    return phrases


class PhrasesByLanguage(RuleModel):
    """What people say, by language; phrases as in cues.yaml."""

    en: tuple[Text, ...] = Field(min_length=1)
    es: tuple[Text, ...] = Field(min_length=1)

    @field_validator("en", "es")
    @classmethod
    def _compiles(cls, phrases: tuple[str, ...]) -> tuple[str, ...]:
        return check_phrases(phrases)


class Answers(RuleModel):
    """How people say yes and no to a question just asked."""

    agrees: PhrasesByLanguage
    declines: PhrasesByLanguage


class RecordingRules(Provenance):
    """What the agent is told about the recording of a call. Whether a notice is needed stands in pack.toml."""

    notice_within_turns: Count = Field(default=3, description="turns in which the notice should come; then a warning")
    missing: Words = Field(description="the warning; the notice itself stands in pack.toml, house.recording_notice")
    refused: Words = Field(description="what the agent is told when the customer objects")


class AiDisclosure(Provenance):
    """The honest answer to: is this a machine, is a machine listening."""

    answer: Words = Field(description="words for the agent; never a denial")


class Revocation(Provenance):
    """A customer takes back the consent to be called or texted."""

    business_days: Count = Field(description="days in which it must be honoured")
    says: Words = Field(description="what the agent is told; {days} stands for business_days")
    keywords: tuple[Text, ...] = Field(
        default=(), description="words that revoke when a text message consists of them alone, e.g. STOP"
    )
    keyword_channels: tuple[Text, ...] = Field(default=("sms", "text"), description="channels where keywords count")


def _as_time(value: object) -> object:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    raise refuse(f'{value!r} is not a time of day; allowed is hour:minute in quotes. Write e.g. "08:00".')


TimeOfDay = Annotated[time, BeforeValidator(_as_time)]


class CallingHours(SourcedRule):
    """When customers of a place may be called, in their own local time."""

    jurisdiction: Jurisdiction = Field(description="US, or a state, e.g. US-FL")
    opens: TimeOfDay = Field(description='first minute, e.g. "08:00"')
    closes: TimeOfDay = Field(description='first minute at which no call may begin, e.g. "21:00"')
    weekdays: tuple[Annotated[Count, Field(le=7, ge=1)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), min_length=1, description="days on which calls may be made, 1 is Monday"
    )

    @model_validator(mode="after")
    def _check_times(self) -> Self:
        if self.closes <= self.opens:
            raise refuse(f"closes {self.closes:%H:%M} is not after opens {self.opens:%H:%M}. Correct one of them.")
        return self

    def reaches(self, state: str) -> bool:
        """Whether customers of this state ("" when unknown) are called by this rule."""
        return covers(self.jurisdiction, state) and self.status not in ("vacated", "proposed")


class DispatchElement(RuleModel):
    """One thing that must have been spoken about before a visit is booked."""

    id: Slug
    label: Words = Field(description="how the alert names it")
    cues: tuple[Slug, ...] = Field(min_length=1, description="cues one of which shows that it was said")


class DispatchRules(Provenance):
    """A visit is booked only when the customer agreed to it, knowing what it may cost."""

    about: tuple[Slug, ...] = Field(min_length=1, description="cues that show that a visit is talked about")
    booked: tuple[Slug, ...] = Field(min_length=1, description="cues that show that a visit is being booked")
    elements: tuple[DispatchElement, ...] = Field(min_length=1, description="what must be spoken about")
    yes_after: tuple[Slug, ...] = Field(min_length=1, description="elements after which the customer's yes counts")
    levels: tuple[VerifiedLevel, ...] = Field(min_length=1, description="verification that is enough to agree")
    yes_label: Words = Field(description="how the alert names the missing yes")
    level_label: Words = Field(description="how the alert names the missing verification")
    missing: Words = Field(description="beginning of the alert")
    moved: Words = Field(description="what the agent is told when a visit is moved after the consent")
    required_fields: tuple[DispatchField, ...] = Field(
        min_length=1, description="fields a reported consent record must have"
    )

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        ids = [element.id for element in self.elements]
        problems: list[tuple[Loc, object, str]] = duplicates(ids, field="elements", what="element", key_name="id")
        problems += [
            (
                ("yes_after", place),
                name,
                f"{name!r} is no element; there are: {', '.join(ids)}. Correct it or add the element.",
            )
            for place, name in enumerate(self.yes_after)
            if name not in ids
        ]
        if problems:
            raise refuse_at("DispatchRules", problems)
        return self


class ConsentFile(RuleFile):
    """The whole of consent.yaml; a pack without one takes the house's."""

    answers: Answers
    recording: RecordingRules
    ai_disclosure: AiDisclosure
    revocation: Revocation
    calling_hours: tuple[CallingHours, ...] = Field(min_length=1, description="for every call we make")
    dispatch: DispatchRules

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        ids = [rule.id for rule in self.calling_hours]
        if problems := duplicates(ids, field="calling_hours", what="rule", key_name="id"):
            raise refuse_at("ConsentFile", problems)
        return self
