"""pack.toml: what a pack is called, which languages and legal regimes it works under, and the defaults of the house."""

import re
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from knowledge.rules.base import (
    Count,
    Day,
    Language,
    RuleId,
    RuleModel,
    Slug,
    Text,
    Words,
    YesNo,
    duplicates,
    refuse,
    refuse_at,
)
from knowledge.rules.places import State

RedactionKind = Literal[
    "card",
    "cvv",
    "expiry",
    "bank_account",
    "routing_number",
    "ssn",
    "pin",
    "one_time_code",
    "password",
    "date_of_birth",
    "email",
    "phone",
    "account",
]
NotePart = Literal[
    "caller",
    "reason",
    "verification",
    "disclosures",
    "facts",
    "actions",
    "offers",
    "outcome",
    "follow_ups",
    "tickets",
]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder, or no valid name
        raise refuse(f"{name!r} is not a time zone; allowed are IANA names. Write e.g. America/Chicago.") from None
    return name


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise refuse(f"{pattern!r} is not a regular expression: {error}. Write e.g. MC-\\d{{8}}.") from None
    return pattern


class Regimes(RuleModel):
    """Legal regimes, on or off."""

    cpni: YesNo = Field(description="US rules on customer network information (47 CFR 64.2001-2011) apply")
    recording_consent: Literal["one_party", "all_party"] = Field(description="all_party unless counsel says otherwise")
    before_recording_notice: Literal["warn", "hold"] = Field(
        default="warn",
        description="all_party calls: warn the agent when the notice is missing, or hold back every word before it",
    )
    pause_capture_for_payment: YesNo = Field(default=True, description="stop taking in speech while a payment is made")


class NoteRules(RuleModel):
    """The account note."""

    max_chars: Annotated[Count, Field(ge=200)] = Field(description="longest note the customer system takes")
    labels: dict[Slug, Words] = Field(description="heading of each part, by its name")
    language: Literal["call", "en", "es"] = Field(
        default="call", description="language of the notes; call: the one the call was held in"
    )
    required: tuple[NotePart, ...] = Field(default=(), description="parts every note must have")
    required_for: dict[RuleId, tuple[NotePart, ...]] = Field(
        default_factory=dict, description="further parts, by reason code of dispositions.yaml"
    )


class Redaction(RuleModel):
    """What is masked before anything is stored. Cards, CVV, bank and social security numbers always are."""

    kinds: tuple[RedactionKind, ...] = Field(min_length=1)
    join_turns_seconds: Count = Field(
        default=60, description="digits spoken over several turns are joined within this time"
    )

    @model_validator(mode="after")
    def _check_floor(self) -> Self:
        missing = [kind for kind in ("card", "cvv", "bank_account", "ssn") if kind not in self.kinds]
        if missing:
            raise refuse(f"kinds lack {', '.join(missing)}, which are always masked. Add them.")
        return self


class NumberForm(RuleModel):
    """How a number of the house looks, written and spoken."""

    name: Slug = Field(description="e.g. account")
    label: Words
    pattern: Annotated[str, AfterValidator(_regular)] = Field(description=r"regular expression, e.g. MC-\d{8}")
    spoken_digits: Count = Field(default=0, description="digits when read out without the letters; 0: never alone")
    secret: YesNo = Field(default=False, description="masked wherever it is spoken")


class Contact(RuleModel):
    """How customers reach us; drafts may name only these."""

    name: Slug
    value: Text
    says: Words


class House(RuleModel):
    """Defaults of the house."""

    max_save_attempts: Count = Field(default=1, description="without a stricter law")
    service_regulated_default: YesNo = Field(default=True, description="when unknown, treat the service as regulated")
    conservative_default_state: State | None = Field(default=None, description="state whose rule holds when unknown")
    brand: Text = Field(description="name of the business")
    desk: Words = Field(description="name of the team that keeps customers")
    recording_notice: Words = Field(description="to be said before anything is taken in")
    hours: Text = Field(description="hours of the care line, local time")
    contacts: tuple[Contact, ...] = ()
    carriers: tuple[Text, ...] = Field(default=(), description="outside carriers that work for us")


class PackHead(RuleModel):
    """The whole of pack.toml."""

    name: Slug = Field(description="id of the pack, small letters")
    title: Text
    version: Text = Field(description="changes with every released change of the pack")
    as_of: Day = Field(description="the day the pack was last checked as a whole")
    languages: tuple[Language, ...] = Field(min_length=1)
    default_language: Language
    timezone: Annotated[str, StringConstraints(min_length=1), AfterValidator(_known_zone)]
    regimes: Regimes
    note: NoteRules
    redaction: Redaction
    house: House
    numbers: tuple[NumberForm, ...] = ()

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        problems = duplicates([form.name for form in self.numbers], field="numbers", what="number", key_name="name")
        if problems:
            raise refuse_at("PackHead", problems)
        if self.default_language not in self.languages:
            raise refuse(
                f"default_language {self.default_language!r} is not in {', '.join(self.languages)}. Add it there."
            )
        return self
