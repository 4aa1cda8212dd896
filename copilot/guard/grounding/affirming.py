"""Whether a sentence affirms what its evidence only denies; the reverse is in `negation.py`."""

from collections.abc import Sequence
from typing import Final

from copilot.guard.grounding.negation import (
    DENYING,
    DISPUTED,
    NO,
    likeness,
    nearest_to,
    questions_denied,
    speaking_of,
    telling_of,
)
from copilot.guard.grounding.text import ASKS, NARRATED, Clause, Reading
from copilot.guard.grounding.vocabulary import ASKING, NEGATIONS, REFUSALS, concept, word_set

_WISHES: Final = word_set("want wants wanted quiere queria")
_YES: Final = word_set("yes yeah yep actually si claro")
# Say no without a "not": what is undone, and words that begin with a denial.
_UNDOING: Final = frozenset(concept(word, "en") for word in "cancel remove block stop end late expire".split())
_PREFIXES: Final = ("un", "dis", "inc", "ina", "inv", "imp")
_LONG: Final = 7  # letters of a word that may begin with a denial
_SAME: Final = 0.35  # likeness of two clauses about the same
_OVER: Final = word_set("done fixed listo arreglado solved resolved")
_ENOUGH: Final = 2  # meanings and figures of a clause that can be compared
_ALIKE, _LESS = 0.5, 0.5
# Stand beside a "not", in a question or a comparison only.
_LICENSED: Final = word_set("yet anymore tampoco")


def denied_in(sentence: Reading, turns: Sequence[Sequence[Reading]]) -> list[str]:
    """A reason for the first thing the sentence affirms and the evidence denies.

    Args:
        sentence: the sentence to be shown.
        turns: the sentences of each turn or passage it rests on, in order.
    """
    if sentence.is_question:
        return []
    evidence = [each for turn in turns for each in turn]
    return (
        [f"says “{head}”, the evidence denies it" for head in _denied_heads(sentence, evidence)[:1]]
        or [f"says “{head}”, the evidence disputes it" for head in _disputed(sentence, evidence)[:1]]
        or [f"says “{verb}”, the evidence says not so" for verb in _denied_verbs(sentence, evidence)[:1]]
        or _answered_no(sentence, turns, evidence)
        or _denied_clauses(sentence, evidence)[:1]
        or _unlicensed(sentence, evidence)
    )


def _denied_heads(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """What the sentence affirms and the evidence only denies where it speaks of the same; a question denies nothing."""
    telling = telling_of(sentence, evidence)
    own = {meaning for each in sentence.negations for meaning in (each.head, *each.denied, *each.scope)}
    # "It is in the one, not in the other" says what "the other does not have it" says.
    denied = {
        each.head
        for reading in telling
        if not reading.is_question
        for each in reading.negations
        if not own & each.scope
    }
    denied &= sentence.affirmed - own
    denied -= sentence.absences | {""}
    return [
        head
        for head in sorted(denied)
        if _is_only_denied(head, sentence, telling)
        and not _is_over(head, telling)
        and _is_of_the_same(head, sentence, telling)
    ]


def _is_of_the_same(head: str, sentence: Reading, telling: Sequence[Reading]) -> bool:
    """Whether the clause that denies it has more in common with the sentence's than that one word."""
    ours = [clause for clause in sentence.clauses if head in clause.meanings]
    theirs = [clause for reading in telling for clause in reading.clauses if head in clause.meanings]
    theirs = [clause for clause in theirs if clause.words & (NEGATIONS | REFUSALS)]
    return any(likeness(one, other) >= _SAME for one in ours for other in theirs)


def _is_over(head: str, telling: Sequence[Reading]) -> bool:
    """Whether something is done or works after the last "not" of this: "I can't log in ... got it, I'm in"."""
    places = [i for i, reading in enumerate(telling) if any(head == each.head for each in reading.negations)]
    return bool(places) and any(reading.words & _OVER for reading in telling[places[-1] + 1 :])


def _is_only_denied(head: str, sentence: Reading, evidence: Sequence[Reading]) -> bool:
    speaking_of_it = speaking_of(head, sentence, evidence)
    return bool(speaking_of_it) and not any(head in each.affirmed for each in speaking_of_it)


def _disputed(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """What the customer is said to recognise or have authorised where the evidence only denies."""
    said = {meaning for reading in evidence for meaning in reading.affirmed}
    is_denied = any(reading.negations for reading in evidence)
    return sorted(sentence.affirmed & DISPUTED - said) if is_denied else []


def _denied_verbs(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """What somebody is said to have said or agreed to where the evidence says he never did."""
    ours = {NARRATED[word] for word in sentence.words if word in NARRATED}
    ours -= {each.narrated for each in sentence.negations}
    near = nearest_to(sentence, evidence)
    theirs = {each.narrated for reading in near for each in reading.negations}
    affirmed = {
        NARRATED[word]
        for reading in evidence
        if not any(each.narrated for each in reading.negations)
        for word in reading.words
        if word in NARRATED
    }
    is_free = not sentence.words & DENYING
    return sorted((ours & theirs) - affirmed - {"say", "call"}) if is_free else []


def _answered_no(sentence: Reading, turns: Sequence[Sequence[Reading]], evidence: Sequence[Reading]) -> list[str]:
    """A reason when the sentence affirms what was asked and answered with a no."""
    if sentence.negations or not sentence.meanings or sentence.words & (ASKING - _WISHES) or len(turns) < 2:
        return []
    nearest = nearest_to(sentence, evidence)
    asked = _asked(nearest[0]) if len(nearest) == 1 else frozenset()
    is_one = bool(asked) and (
        asked <= sentence.meanings or len(sentence.meanings & asked) >= min(2, len(sentence.meanings))
    )
    answered = [question for question in questions_denied(turns) if nearest[:1] == [question]]
    if not is_one or not answered or any(each.words & _YES for each in _answer_to(answered[0], turns)):
        return []
    return ["affirms what was asked and answered with a no"]


def _asked(question: Reading) -> frozenset[str]:
    """The meanings of what is asked: "I got a text, is that you" asks nothing about the text."""
    clauses = question.clauses
    start = next((i for i, clause in enumerate(clauses) if ASKS.match(" ".join(t.word for t in clause.tokens))), 0)
    return frozenset().union(*(clause.meanings for clause in clauses[start:]))


def _answer_to(question: Reading, turns: Sequence[Sequence[Reading]]) -> Sequence[Reading]:
    place = next(place for place, turn in enumerate(turns) if turn and turn[-1] is question)
    return turns[place + 1] if place + 1 < len(turns) else ()


def _denied_clauses(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for the first clause that affirms what only a clause with a "not" comes near to."""
    if sentence.words & (ASKING | DENYING) or sentence.meanings & _UNDOING or _has_prefix(sentence.words):
        return []
    parts = [part for reading in evidence if not reading.is_question for part in reading.clauses]
    for clause in sentence.clauses:
        if len(clause.meanings | clause.figures) < _ENOUGH:
            continue
        denying = max((likeness(clause, part) for part in parts if _denies_something(part)), default=0.0)
        affirming = max((likeness(clause, part) for part in parts if not _denies_something(part)), default=0.0)
        if denying >= _ALIKE and affirming < _LESS * denying:
            return ["says without a “not” what the evidence denies"]
    return []


def _unlicensed(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for a "yet" without the "not" that the evidence has."""
    is_bare = sentence.words & _LICENSED and not sentence.words & (DENYING | ASKING) and not sentence.is_question
    return ["says “yet” without the “not” of the evidence"] if is_bare and any(e.negations for e in evidence) else []


def _has_prefix(words: frozenset[str]) -> bool:
    """Whether a word says no by how it begins: "unsuitable", "incorrecto"."""
    return any(word.startswith(_PREFIXES) and len(word) > _LONG for word in words)


def _denies_something(part: Clause) -> bool:
    """Whether a clause has a "not" and something to deny; "no" alone is an answer."""
    return bool(part.words & (NEGATIONS - NO | {"no"})) and bool(part.meanings)
