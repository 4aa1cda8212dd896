"""What they say went wrong, one thing at a time, with the words it rests on; and what they wish.

A complaint is cut into sentences, and long ones into clauses. A clause alleges something when it tells of a wrong, a
failure or a harm; it is a wish when it asks for something; the rest tells how it came about. What only goes on about
the same thing is one allegation with what it goes on about. People write without full stops, so a clause may be cut in
the wrong place: a person sees each beside the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from copilot.replies.model import Allegation, Quote
from copilot.replies.topics import OTHER, topic_of
from knowledge.phrases import Phrases, compile_phrases, plain_words
from knowledge.words import query_words

MOST = 15
LONG_SENTENCE_WORDS = 32
FEWEST_CLAUSE_WORDS = 5
FEWEST_MATTER_WORDS = 4
FEWEST_OF_A_MATTER = 2
"""Words of a heading besides generic ones; one may be the name of a business."""
SUBJECT_LINE_WORDS = 14
"""A text without a full stop of so few words is a heading: all of it is the matter, when it says more than a name."""

_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"“'(¿¡]?\S)|\n+")
_NO_END = re.compile(
    r"\b(?:mr|mrs|ms|dr|st|no|vs|inc|co|etc|e\.g|i\.e|approx|dept|acct|sr|sra|ud|uds)\.$", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[,;:]\s+(?=\w)|\s+(?=(?:but|so|because|then|after|when|which|who|however|yet|"
    r"and (?:i|we|they|he|she|it|the|this|my)|"
    r"(?:they|this company|she|he) (?:\w+n'?t|\w+ed|are|is|have|has|will|refuse\w*|keep\w*|continue\w*)|"
    r"pero|porque|entonces|cuando|y (?:me|no|ellos|la|el)|ellos)\b)",
    re.IGNORECASE,
)
_MATTER = re.compile(r"\s+(?=(?:and|but|also|y|pero|tambien|también)\s(?:\S+\s){2})|;\s+", re.IGNORECASE)
_LEAD = re.compile(r"^[\s,;:\-–—]*(?:(?:and|but|so|y|pero|e)\s+(?=\w+\s+\w+))?", re.IGNORECASE)
_WORDS_FILE = Path(__file__).with_name("allegation_words.yaml")


@dataclass(frozen=True)
class _Clause:
    start: int
    end: int
    text: str
    sentence: int

    @property
    def words(self) -> int:
        return len(self.text.split())


@lru_cache(maxsize=1)
def _listed() -> dict[str, dict[str, list[str]]]:
    words: dict[str, dict[str, list[str]]] = yaml.safe_load(_WORDS_FILE.read_text("utf-8"))
    return words


@lru_cache(maxsize=16)
def _phrases(kind: str, language: str) -> Phrases:
    listed = _listed()[kind]
    return compile_phrases(listed.get(language) or listed["en"])


def _begins(kind: str, clause: str, language: str) -> bool:
    pattern = _phrases(kind, language).pattern
    return pattern is not None and pattern.match(plain_words(clause)) is not None


def find_allegations(text: str, language: str) -> list[Allegation]:
    """The allegations of a text in its order, at most MOST of them, each with its place in the text and its topic."""
    clauses = list(_clauses(text, language))
    if _is_heading(clauses):
        found = [clause for clause in clauses if _says_what(clause.text, language) and not _is_wanted(clause, language)]
    else:
        found = [clause for clause in clauses if _alleges(clause.text, language)]
        found = found or _weightiest(clauses, language)
    merged = _merged(found, text, language)
    weightiest = sorted(merged, key=lambda pair: -_weight(pair[0].text, language))[:MOST]
    kept = sorted(weightiest, key=lambda pair: pair[0].start)
    return [
        Allegation(f"a{number}", Quote(clause.text, clause.start, clause.end), topic)
        for number, (clause, topic) in enumerate(kept, start=1)
    ]


def tells_of_wrong(text: str, language: str) -> bool:
    """Whether any word of it tells of a wrong, a failure or a harm."""
    return _weight(text, language) > 0


def find_wishes(text: str, language: str) -> list[Quote]:
    """What they ask for, in the order of the text, at most MOST of them."""
    wishes = (each for each in _clauses(text, language) if _begins("wish", each.text, language))
    return [Quote(each.text, each.start, each.end) for each in wishes][:MOST]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _END.finditer(text):
        if not _NO_END.search(text[max(start, end.start() - 8) : end.start()]):
            yield start, end.start()
            start = end.end()
    yield start, len(text)


def _clauses(text: str, language: str) -> Iterator[_Clause]:
    for number, (start, end) in enumerate(_sentences(text)):
        cuts = [start, *_cuts(text, start, end, language), end]
        for first, last in pairwise(cuts):
            clause = text[first:last]
            lead = len(clause) - len(_LEAD.sub("", clause))
            clause = clause[lead:].rstrip(" ,;:-–—\t\n")
            if clause:
                yield _Clause(first + lead, first + lead + len(clause), clause, number)


def _cuts(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Where a sentence is cut: before a word that begins a clause, where it is long or another matter begins."""
    is_long = len(text[start:end].split()) > LONG_SENTENCE_WORDS
    last = start
    for joint in (_CLAUSE if is_long else _MATTER).finditer(text, start, end):
        before, after = text[last : joint.start()], text[joint.end() : end]
        if min(len(before.split()), len(after.split())) < (FEWEST_CLAUSE_WORDS if is_long else FEWEST_MATTER_WORDS):
            continue
        if is_long or _are_two_matters(before, after, language):
            yield joint.end()
            last = joint.end()


def _are_two_matters(before: str, after: str, language: str) -> bool:
    topics = {topic_of(before, language), topic_of(after, language)}
    return len(topics) == 2 and OTHER not in topics and _weight(before, language) > 0 < _weight(after, language)


def _is_wanted(clause: _Clause, language: str) -> bool:
    return _begins("wish", clause.text, language) or _only_asks(clause.text, language)


def _only_asks(clause: str, language: str) -> bool:
    return clause.rstrip().endswith("?") and _begins("asks", clause.lstrip("¿ "), language)


def _is_heading(clauses: Sequence[_Clause]) -> bool:
    return sum(clause.words for clause in clauses) <= SUBJECT_LINE_WORDS and len({c.sentence for c in clauses}) <= 2


def _says_what(heading: str, language: str) -> bool:
    """Whether a heading says what went wrong, or about what; "Meridell" alone, or "Meridell internet", does not."""
    if _weight(heading, language) > 0 or topic_of(heading, language) != OTHER:
        return True
    return len(set(query_words(heading, [language])) - set(_listed()["generic"][language])) >= FEWEST_OF_A_MATTER


def _alleges(clause: str, language: str) -> bool:
    if _begins("wish", clause, language) or _only_asks(clause, language) or not _weight(clause, language):
        return False
    if _phrases("opinion", language).found_in(plain_words(clause)) is not None:
        return False
    if not _begins("own", clause, language) or _begins("own_but", clause, language):
        return True
    return _phrases("strong", language).found_in(plain_words(clause)) is not None


def _weight(clause: str, language: str) -> int:
    """How many different words in it tell of a wrong."""
    pattern = _phrases("wrong", language).pattern
    return len({found.group().strip() for found in pattern.finditer(plain_words(clause))}) if pattern else 0


def _weightiest(clauses: Sequence[_Clause], language: str) -> list[_Clause]:
    """Where nothing alleges by its words: the clause that says most of what is wrong, or else the first."""
    said = [clause for clause in clauses if not _is_wanted(clause, language)]
    best = max(said, key=lambda clause: _weight(clause.text, language), default=None)
    return [best] if best is not None else []


def _merged(found: Sequence[_Clause], text: str, language: str) -> list[tuple[_Clause, str]]:
    """Clauses with their topics; those of one sentence that go on about the same thing are one."""
    merged: list[tuple[_Clause, str]] = []
    for clause in found:
        topic = topic_of(clause.text, language)
        last, last_topic = merged[-1] if merged else (None, "")
        is_same = last is not None and last.sentence == clause.sentence and topic in (last_topic, OTHER)
        if last is not None and is_same and not text[last.end : clause.start].strip(" ,;:-–—\t\n"):
            merged[-1] = (_Clause(last.start, clause.end, text[last.start : clause.end], last.sentence), last_topic)
        elif query_words(clause.text, [language]) or len(found) == 1:
            merged.append((clause, topic))
    return merged
