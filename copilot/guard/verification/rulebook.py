"""The rules of verification, compiled once: phrases by language, methods by every name they go by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from knowledge.phrases import Phrases, compile_phrases, plain_words
from knowledge.rules.base import Language
from knowledge.rules.verification import (
    Closed,
    Level,
    Method,
    Need,
    NoProof,
    VerificationFile,
    WarningCard,
    WarningName,
    plain_name,
)

Compiled = Mapping[str, Phrases]


@dataclass(frozen=True)
class ClassPhrases:
    """How one class sounds."""

    says: Compiled
    with_figure: Compiled
    unless: Compiled


class Rulebook:
    """What a pack says about verification.

    Args:
        rules: the pack's rules over those of the house.
        cpni: whether the CPNI regime holds. If not, the lighter levels of the file do, agents are not warned, and what
            is no proof under CPNI may authenticate.
    """

    def __init__(self, rules: VerificationFile, *, cpni: bool) -> None:
        self.rules = rules
        self.cpni = cpni
        self.needs: Mapping[Closed, Need] = {need.disclosure: need for need in rules.needs}
        self.classes: Mapping[Closed, ClassPhrases] = {
            name: ClassPhrases(_compiled(words.says), _compiled(words.with_figure), _compiled(words.unless))
            for name, words in rules.vocabulary.items()
        }
        self.asks_proof = _compiled(rules.asks_proof)
        self.hint_talk = _compiled(rules.hint_talk)
        self.denies = _compiled(rules.denies)
        self._methods = [(method, _compiled(method.phrases)) for method in rules.methods]
        self._no_proof = [(item, _compiled(item.phrases)) for item in rules.no_proof]

    @cached_property
    def method_of(self) -> Mapping[str, Method]:
        """Methods by id and by every other name."""
        return {name: method for method in self.rules.methods for name in _names(method.id, method.also_called)}

    @cached_property
    def no_proof_of(self) -> Mapping[str, NoProof]:
        """What proves nothing, by id and by every other name."""
        return {name: item for item in self.rules.no_proof for name in _names(item.id, item.also_called)}

    def level_for(self, disclosure: Closed) -> Level:
        """The level from which this class is open; the highest where the rules name none."""
        need = self.needs.get(disclosure)
        if need is None:
            return "password"
        return need.level if self.cpni else need.lighter_level

    def methods_in(self, plain: str, language: str) -> list[Method]:
        """The methods named in a text made by `plain_words`."""
        return [method for method, phrases in self._methods if found(phrases, plain, language)]

    def no_proof_in(self, plain: str, language: str) -> list[NoProof]:
        """What proves nothing, as far as such a text names it."""
        return [item for item, phrases in self._no_proof if found(phrases, plain, language)]

    def ask(self, language: str) -> str:
        """What to ask for, in words."""
        titles = [method.title.in_language(language) for method in self.rules.methods if method.suggest]
        return (" o " if language == "es" else " or ").join(titles)

    def label(self, name: WarningName, language: str) -> str:
        """How a note names what a warning is about."""
        card = self.rules.warnings[name]
        return (card.label or card.title).in_language(language)

    def warning(self, name: WarningName, language: str, what: str = "") -> tuple[str, str]:
        """Title and body of a warning."""
        card: WarningCard = self.rules.warnings[name]
        body = card.body.in_language(language).replace("{ask}", self.ask(language)).replace("{what}", what)
        return card.title.in_language(language), body


def found(phrases: Compiled, plain: str, language: str) -> str | None:
    """The words of the first match in this language, None when there is none."""
    of_language = phrases.get(language)
    return of_language.found_in(plain) if of_language else None


def sentences_in(text: str) -> Iterator[str]:
    """The sentences of a text, each as phrases see it."""
    return (f" {sentence.strip()} " for sentence in plain_words(text).split(" . ") if sentence.strip())


def _compiled(phrases: Mapping[Language, tuple[str, ...]]) -> Compiled:
    return {language: compile_phrases(in_language) for language, in_language in phrases.items() if in_language}


def _names(own: str, others: Iterable[str]) -> list[str]:
    return [own, *map(plain_name, others)]
