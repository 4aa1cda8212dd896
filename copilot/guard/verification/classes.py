"""What class a text is of: what everybody may hear, facts of an account, or details of particular calls."""

from dataclasses import dataclass

from copilot.guard.verification.rulebook import ClassPhrases, Rulebook, found, sentences_in
from copilot.spoken import find_numbers
from knowledge.documents import Disclosure
from knowledge.rules.verification import Closed

_STRICTEST_FIRST: tuple[Closed, ...] = ("call_detail", "account")


@dataclass(frozen=True)
class Classed:
    """The class of a text, and the words that decided, as phrases see them."""

    disclosure: Disclosure
    words: str = ""


def classify(text: str, rulebook: Rulebook, language: str | None = None, *, benefit_of_doubt: bool = False) -> Classed:
    """The strictest class of the sentences of a text.

    Args:
        text: as said or to be shown.
        rulebook: whose vocabulary decides.
        language: two letters; None tries every language of the vocabulary.
        benefit_of_doubt: let the vocabulary's `unless` take a sentence back ("if your bill were 50 dollars"): right for
            warning somebody, wrong for opening something.
    """
    sentences = list(sentences_in(text))
    for disclosure in _STRICTEST_FIRST:
        phrases = rulebook.classes.get(disclosure)
        if phrases is None:
            continue
        for one in (language,) if language else sorted({*phrases.says, *phrases.with_figure}):
            for sentence in sentences:
                words = _heard(phrases, sentence, one, benefit_of_doubt)
                if words:
                    return Classed(disclosure, words)
    return Classed("public")


def _heard(phrases: ClassPhrases, sentence: str, language: str, benefit_of_doubt: bool) -> str | None:
    words = found(phrases.says, sentence, language)
    if words is None and (words := found(phrases.with_figure, sentence, language)) and not _has_figure(sentence):
        return None
    taken_back = benefit_of_doubt and words is not None and found(phrases.unless, sentence, language)
    return None if taken_back else words


def _has_figure(sentence: str) -> bool:
    return any(char.isdigit() for char in sentence) or bool(find_numbers(sentence))
