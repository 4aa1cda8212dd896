"""channels.yaml: how long a text may be where, how it is counted, and what may not be said in public."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from knowledge.rules.base import Count, RuleFile, RuleModel, Slug, Text, Words, YesNo, duplicates, refuse, refuse_at
from knowledge.rules.sourced import Provenance, SourcedRule

Counting = Literal["characters", "graphemes", "x_weighted", "utf16"]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class TextLimit(Provenance):
    """The longest text of one kind on a channel."""

    kind: Literal["public_reply", "public_post", "private_message", "letter"]
    max: Annotated[Count, Field(ge=1)] = Field(description="the most units")
    counting: Counting = Field(
        default="characters", description="what a unit is; x_weighted: a URL 23, CJK and emoji 2"
    )
    max_bytes: Count | None = Field(default=None, description="a second limit, in bytes of UTF-8")
    when: Text | None = Field(default=None, description="a condition of the limit, e.g. Premium accounts")
    unverified: YesNo = Field(default=False, description="no reliable figure was found; treat as our own default")


class Channel(RuleModel):
    """A place where customers write and we answer."""

    channel: Slug = Field(description="id, e.g. google_play")
    title: Text
    group: Literal["social", "review", "letter", "message", "complaint", "survey"]
    draft_class: Literal["public", "regulator", "private"] = Field(
        description="public: no personal data at all; regulator: account facts where needed; private: to the customer"
    )
    limits: tuple[TextLimit, ...] = Field(description="one per kind; further ones with `when`")
    one_reply_only: YesNo = Field(default=False, description="a second reply replaces the first")
    strips_html: YesNo = Field(default=False, description="markup is removed")
    signature: YesNo = Field(default=False, description="ends with name and contact route")
    acknowledge_minutes: Count | None = Field(default=None, description="left out: the default of the file")
    note: Words | None = None

    @model_validator(mode="after")
    def _check_limits(self) -> Self:
        problems = duplicates([(limit.kind, limit.when) for limit in self.limits], field="limits", what="limit")
        if problems:
            raise refuse_at("Channel", problems)
        return self

    def limit(self, kind: str) -> TextLimit | None:
        """The unconditional limit of that kind, or None."""
        return next((limit for limit in self.limits if limit.kind == kind and limit.when is None), None)


class ReplyRule(SourcedRule):
    """A rule that a draft must keep."""

    check: Slug = Field(description="name of the check in the program")
    severity: Literal["blocking", "warning"]
    draft_classes: tuple[Literal["public", "regulator", "private"], ...] = Field(min_length=1)
    says: Words


class Outreach(SourcedRule):
    """Hours and words of calls and messages that we begin."""

    from_time: Clock = Field(description='"08:00", the called party\'s local time')
    to_time: Clock
    revoke_words: tuple[Text, ...] = Field(description="any of these, alone, revokes consent")
    honour_business_days: Count

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        if self.to_time <= self.from_time:
            raise refuse(
                f"to_time {self.to_time} is not after from_time {self.from_time}; allowed is later. Correct it."
            )
        return self


class ChannelsFile(RuleFile):
    """The whole of channels.yaml."""

    channels: tuple[Channel, ...] = Field(min_length=1)
    rules: tuple[ReplyRule, ...] = Field(description="what every draft must keep")
    outreach: Outreach
    max_public_turns: Count = Field(description="no argument in public beyond so many of our turns")
    acknowledge_minutes_staffed: Count = Field(description="first answer during staffed hours")
    acknowledge_hours_otherwise: Count
    move_to_private: Words = Field(description="the sentence that moves a public exchange to private messages")

    @model_validator(mode="after")
    def _check_unique(self) -> Self:
        problems = [
            *duplicates(
                [channel.channel for channel in self.channels], field="channels", what="channel", key_name="channel"
            ),
            *duplicates([rule.id for rule in self.rules], field="rules", what="rule", key_name="id"),
        ]
        if problems:
            raise refuse_at("ChannelsFile", problems)
        return self

    def channel(self, name: str) -> Channel | None:
        """The channel of that id, or None."""
        return next((channel for channel in self.channels if channel.channel == name), None)
