"""verification.yaml: who may be told what about an account, what proves who is calling, and what never does.

What a pack's file leaves out is taken from the house's (`knowledge/house/verification.yaml`).
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from knowledge.documents import Disclosure
from knowledge.phrases import BadPhrase, compile_phrases
from knowledge.rules.base import (
    Count,
    Language,
    Loc,
    RuleFile,
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
from knowledge.rules.sourced import SourcedRule

Level = Literal["none", "identified", "authenticated", "password"]
Closed = Literal["account", "call_detail"]
WarningName = Literal["hidden", "not_verified", "third_party", "no_proof", "hint", "step_up"]


def _compiles(phrases: dict[Language, tuple[Text, ...]]) -> dict[Language, tuple[Text, ...]]:
    for in_language in phrases.values():
        try:
            compile_phrases(in_language)
        except BadPhrase as error:
            raise refuse(f"{error}. The syntax stands at the top of cues.yaml; correct it.") from error
    return phrases


PhrasesByLanguage = Annotated[dict[Language, tuple[Text, ...]], AfterValidator(_compiles)]


class VerificationRule(SourcedRule):
    """One rule as it is written, for people: which event it speaks of, and what it asks."""

    trigger: Text = Field(description="when it applies")
    requirement: Text = Field(description="what must be so")


class Need(RuleModel):
    """The level from which a class may be shown."""

    disclosure: Closed
    level: Level = Field(description="none, identified, authenticated or password")
    lighter_level: Level = Field(description="the same where pack.toml says regimes.cpni = false")
    rule: RuleId | None = Field(default=None, description="the rule it rests on")


class Method(RuleModel):
    """A way to prove who is calling."""

    id: Slug
    title: Words = Field(description="what the agent is told to ask for")
    reaches: Level = Field(description="the level a caller who passes it is on")
    also_called: tuple[Text, ...] = Field(default=(), description="names other systems report it by")
    suggest: YesNo = Field(default=False, description="named in the alerts that say what to ask instead")
    releases: tuple[Closed, ...] = Field(default=(), description="classes it opens whatever the level")
    channels: tuple[Text, ...] = Field(default=(), description="counts only in these, e.g. store; left out: in all")
    needs_flags: tuple[Slug, ...] = Field(default=(), description="flags of the customer record, all of them needed")
    rule: RuleId | None = None
    phrases: PhrasesByLanguage = Field(default_factory=dict, description="how it is asked for or named in a call")


class NoProof(RuleModel):
    """Something that proves nothing: others know it, or it stands on a bill."""

    id: Slug
    title: Words
    kind: Literal["biographical", "account_data"]
    also_called: tuple[Text, ...] = ()
    identifies: YesNo = Field(default=False, description="may be used to find the account")
    asked_alone: YesNo = Field(default=False, description="asking for it before verification is wrong in itself")
    phrases: PhrasesByLanguage


class ClassWords(RuleModel):
    """How account facts or call details sound."""

    says: PhrasesByLanguage = Field(default_factory=dict, description="alone enough")
    with_figure: PhrasesByLanguage = Field(default_factory=dict, description="in a sentence that holds a number")
    unless: PhrasesByLanguage = Field(default_factory=dict, description="take it back in their sentence")


class WarningCard(RuleModel):
    """What the sidebar says; {ask} is what to ask for instead, {what} what was named."""

    title: Words
    body: Words
    label: Words | None = Field(default=None, description="how a note names it, where it is a red flag")


class VerificationFile(RuleFile):
    """The whole of verification.yaml."""

    rules: tuple[VerificationRule, ...] = ()
    needs: tuple[Need, ...] = ()
    methods: tuple[Method, ...] = ()
    unnamed_method_reaches: Level = Field(
        default="identified", description="when the agent says the caller is verified and nothing shows how"
    )
    no_proof: tuple[NoProof, ...] = ()
    asks_proof: PhrasesByLanguage = Field(default_factory=dict, description="how an agent asks for proof")
    hint_talk: PhrasesByLanguage = Field(default_factory=dict, description="how hints and back-up questions are named")
    denies: PhrasesByLanguage = Field(default_factory=dict, description="how an agent refuses something as proof")
    vocabulary: dict[Closed, ClassWords] = Field(default_factory=dict)
    max_failed_attempts: Annotated[Count, Field(ge=1)] = Field(default=3, description="then stop and step up")
    warnings: dict[WarningName, WarningCard] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        names = [("methods", i, m.id, m.also_called) for i, m in enumerate(self.methods)]
        names += [("no_proof", i, n.id, n.also_called) for i, n in enumerate(self.no_proof)]
        problems: list[tuple[Loc, object, str]] = [
            *duplicates([rule.id for rule in self.rules], field="rules", what="rule", key_name="id"),
            *duplicates([need.disclosure for need in self.needs], field="needs", what="class", key_name="disclosure"),
        ]
        known: dict[str, str] = {}
        for field, place, own, others in names:
            for name in {own, *map(plain_name, others)}:
                if name in known:
                    text = f"{name!r} is named by {known[name]} and by {own}; allowed is one. Rename one of them."
                    problems.append(((field, place, "id"), own, text))
                known[name] = own
        problems += self._unknown_rules()
        if problems:
            raise refuse_at("VerificationFile", problems)
        return self

    def _unknown_rules(self) -> list[tuple[Loc, object, str]]:
        """Rules referred to that a file with rules of its own does not hold."""
        ids = {rule.id for rule in self.rules}
        used = [(("needs", i, "rule"), need.rule) for i, need in enumerate(self.needs)]
        used += [(("methods", i, "rule"), method.rule) for i, method in enumerate(self.methods)]
        known = ", ".join(sorted(ids))
        return [
            (loc, rule, f"{rule!r} is not a rule of this file; known are: {known}. Correct it.")
            for loc, rule in used
            if ids and rule is not None and rule not in ids
        ]

    def over(self, house: "VerificationFile") -> "VerificationFile":
        """This file, what it leaves out taken from the house's."""
        return house.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


def plain_name(name: str) -> str:
    """A method's name as it is compared: "One-time code" is one_time_code."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").replace("'", "").split())


__all__ = [
    "Closed",
    "Disclosure",
    "Level",
    "Method",
    "Need",
    "NoProof",
    "VerificationFile",
    "VerificationRule",
    "WarningCard",
    "WarningName",
    "plain_name",
]
