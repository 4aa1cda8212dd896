"""Cues: what is worth noticing when somebody says it, and what to do then. File: `cues.yaml`."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from knowledge.phrases import BadPhrase, compile_phrases
from knowledge.rules.base import RuleFile, RuleModel, duplicates, refuse, refuse_at

CueKind = Literal["intent", "reason", "flag", "payment", "event"]
CueId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Wording = dict[str, str]  # language code to words


class CueCard(RuleModel):
    """What the sidebar shows when the cue is heard."""

    kind: Literal["alert", "next_step"]
    title: Wording
    body: Wording


class Cue(RuleModel):
    """One thing to listen for."""

    id: CueId
    kind: CueKind = Field(
        description="intent: what the caller wants; reason: why they leave; flag: leaves the normal path"
    )
    said_by: Literal["customer", "agent", "any"] = "customer"
    label: Wording = Field(description="how a note names it")
    phrases: dict[str, tuple[str, ...]] = Field(description="by language; see knowledge/phrases.py for the syntax")
    unless: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="phrases that take it back")
    card: CueCard | None = None
    repeat: bool = Field(default=False, description="raise it each time it is heard, not only the first")

    @field_validator("phrases", "unless")
    @classmethod
    def _compiles(cls, phrases: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for in_language in phrases.values():
            try:
                compile_phrases(in_language)
            except BadPhrase as error:
                raise refuse(f"{error}. The syntax stands at the top of cues.yaml; correct it.") from error
        return phrases


class CuesFile(RuleFile):
    """The whole of `cues.yaml`."""

    cues: tuple[Cue, ...] = Field(description="what to listen for")

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        twice = duplicates([cue.id for cue in self.cues], field="cues", what="cue", key_name="id")
        if twice:
            raise refuse_at("CuesFile", twice)
        return self
