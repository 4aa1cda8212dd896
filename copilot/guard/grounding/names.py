"""Names of people, plans and offers in a sentence that its evidence does not hold."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from copilot.guard.grounding.text import Reading, read_text
from copilot.guard.grounding.vocabulary import EMPTY_WORDS, WEEKDAYS, word_set
from copilot.spoken import MONTHS, NUMBER_WORDS
from knowledge.words import fold

# Capitalised in notes without being anybody's name.
_NO_NAMES = word_set(
    "customer caller agent client member representative rep supervisor tech technician account cliente agente asesor"
    " asesora supervisor cuenta am pm us usa ok id pin ssn cpni crm usd eta n/a cx vip asap mbps gbps tv sms llc inc"
    " gb mb tb kb mbps gbps autopay wifi internet spanish english mr mrs ms dr sr sra i im ive id ill"
)
# Not the unit of "10GB", and not a mask such as [CARD].
_WORD = re.compile(r"(?<![\w\[])[^\W\d_][\w'’&]*(?:-[^\W\d_]\w*)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;¿¡\"“«(\n]|\.\.\.|[-–—]\s)\s*$")
_MANY_CAPITALS = 0.75


def unsupported_names(
    sentence: str,
    evidence: Sequence[Reading],
    gazetteer: Iterable[str],
    language: str,
    *,
    known_names: Iterable[str] = (),
) -> list[str]:
    """A reason for every name in the sentence that no evidence holds.

    Args:
        sentence: as it is to be shown; capitals tell what a name is.
        evidence: the readings of what it rests on.
        gazetteer: names of plans, offers and products, in any case; the longest that fits is meant.
        language: of the sentence.
        known_names: names that need no evidence, such as that of the business.
    """
    terms = tuple(gazetteer)
    claimed = _terms_in(read_text(sentence, language).canonical, terms, language)
    said = {term for reading in evidence for term in _terms_in(reading.canonical, terms, language)}
    reasons = [
        f"names {term}, the evidence does not"
        for term in claimed
        if term not in said and not _spread(term, evidence, language)
    ]
    covered = {word for term in (*claimed, *known_names) for word in fold(term).split()}
    words = {word for reading in evidence for word in reading.words}
    strange = [name for name in capitalised(sentence) if not _is_said(name, words, covered, evidence)]
    return [*reasons, *(f"names {name}, the evidence does not" for name in dict.fromkeys(strange))]


def capitalised(sentence: str) -> list[str]:
    """The capitalised words that may be names; none where case tells nothing, as in headlines."""
    found = list(_WORD.finditer(sentence))
    capitals = [m for m in found if m[0][0].isupper()]
    if sentence.isupper() or (len(found) > 4 and len(capitals) > _MANY_CAPITALS * len(found)):
        return []
    return [m[0] for m in capitals if not _SENTENCE_START.search(sentence[: m.start()]) and _may_be_name(m[0])]


def _may_be_name(word: str) -> bool:
    plain = _without_possessive(word)
    common = plain in _NO_NAMES or plain in NUMBER_WORDS or plain in EMPTY_WORDS or plain in MONTHS or plain in WEEKDAYS
    return len(plain) > 1 and not common and plain.removesuffix("s") not in WEEKDAYS


def _without_possessive(word: str) -> str:
    return fold(re.sub(r"['’]s$", "", word))


def _is_said(name: str, words: set[str], covered: set[str], evidence: Sequence[Reading]) -> bool:
    plain = _without_possessive(name)
    if plain in covered or plain in words or f"{plain}s" in words or plain.replace("-", "") in words:
        return True
    if any(letter.isdigit() for letter in plain):  # "CN440117", said as "C N four four oh one one seven"
        return any(re.sub(r"\W", "", plain) in reading.canonical.replace(" ", "") for reading in evidence)
    parts = [part for part in re.split(r"[\W_]+", plain) if part]
    if len(parts) > 1 and all(part in words or f"{part}s" in words for part in parts):
        return True
    return any(f" {' '.join(plain)} " in reading.canonical for reading in evidence)  # spelled: "t v a"


@lru_cache(maxsize=4096)
def _terms_in(canonical: str, terms: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The names in a text, the longest first; what a longer name took is not a shorter one."""
    found: list[str] = []
    for plain, term in _plain_terms(terms, language):
        if plain in canonical:
            found.append(term)
            canonical = canonical.replace(plain, " | ")
    return tuple(found)


@lru_cache(maxsize=64)
def _plain_terms(terms: tuple[str, ...], language: str) -> tuple[tuple[str, str], ...]:
    plain = [(read_text(term, language).canonical, term) for term in terms if term.strip()]
    return tuple(sorted(plain, key=lambda pair: (-len(pair[0]), pair[1])))


def _spread(term: str, evidence: Sequence[Reading], language: str) -> bool:
    """Whether one piece of evidence means all that a name in plain words says; its figures are checked as figures."""
    reading = read_text(term, language)
    is_plain = any(word[0].islower() for word in term.split())
    return is_plain and any(reading.meanings <= each.meanings for each in evidence)
