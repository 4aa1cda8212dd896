"""Whether a sentence denies what its evidence affirms, or affirms what it denies."""

from collections.abc import Sequence
from itertools import pairwise

from copilot.guard.grounding.text import Clause, Negation, Reading
from copilot.guard.grounding.vocabulary import ABSENCES, ASKING, NEGATIONS, OPPOSITES, REFUSALS, SHORT_OF, concept, word_set

# Deny whatever it is about; told with the same word again.
_WHOLE = word_set("nobody none nothing never nunca nada nadie ninguno ninguna")
_WANT = "want"
_ANSWERS = word_set("no nope nah dont didnt havent nothing nada nothing nunca never")
_FREE = word_set("free gratis exempt unsuitabl unavail")
_DISPUTED = frozenset(concept(word, "en") for word in "recognize recognise authorize reconocer".split())
_YES = word_set("yes yeah yep actually si claro")
_NO = word_set("no nope nah")
_WISHES = word_set("want wants wanted quiere queria")
_ENOUGH, _LONG = 2, 7
_UNDOING = frozenset(concept(word, "en") for word in "cancel remove block stop end late expire".split())
_ALIKE, _LESS = 0.5, 0.5
_DENYING = NEGATIONS | REFUSALS | ABSENCES | SHORT_OF
_NEARLY_AS_NEAR = 0.75  # a sentence of the evidence this near to the nearest one speaks of the same thing


def contradictions(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for each "not" that only one side has.

    Args:
        sentence: the sentence to be shown.
        evidence: the sentences of what it rests on, one by one.
    """
    unheard = [negation for negation in sentence.negations if not _is_denied_in(negation, sentence, evidence)]
    reasons = [f"says not “{negation.head or 'so'}”, the evidence does not deny it" for negation in unheard[:1]]
    reasons += [f"says “{head}”, the evidence denies it" for head in _denied_heads(sentence, evidence)[:1]]
    reasons += [f"says “{head}”, the evidence disputes it" for head in _disputed(sentence, evidence)[:1]]
    if not reasons:
        reasons += _denied_clauses(sentence, evidence)[:1]
    said = {meaning for reading in evidence for meaning in reading.meanings}
    reasons += [
        f"says “{one}”, the evidence says “{other}”"
        for one, other in sorted(OPPOSITES)
        if one in sentence.affirmed and one not in said and other in said - sentence.meanings
    ]
    return reasons


def answered_no(sentence: Reading, turns: Sequence[Sequence[Reading]]) -> list[str]:
    """A reason when the sentence affirms what was asked and answered with a no.

    Args:
        sentence: the sentence to be shown.
        turns: the sentences of each turn, in the order they were spoken.
    """
    if sentence.negations or not sentence.meanings or sentence.words & (ASKING - _WISHES) or len(turns) < 2:
        return []
    nearest = _nearest(sentence, [each for turn in turns for each in turn])
    if (
        len(nearest) != 1
        or not nearest[0].is_question
        or _shared(sentence, nearest[0]) < min(2, len(sentence.meanings))
    ):
        return []
    for turn, answer in pairwise(turns):
        is_no = bool(answer) and answer[0].tokens[:1] != () and answer[0].tokens[0].word in _NO
        if is_no and turn[-1:] == (nearest[0],) and not any(each.words & _YES for each in answer):
            return ["affirms what was asked and answered with a no"]
    return []


def _is_denied_in(negation: Negation, sentence: Reading, evidence: Sequence[Reading]) -> bool:
    negations = [each for reading in evidence for each in reading.negations]
    if negation.is_refusal or negation.head in _DISPUTED:  # who refused is checked with who spoke; what was refused may be told in any words
        return bool(negations) or any(reading.absences or reading.words & _NO for reading in evidence)
    if negation.head[:1].isdigit():  # "not 40"
        return any(each.head == negation.head for each in negations)
    if negation.head in _FREE:  # "not free" is no other word for "no charge"
        return any(negation.head in (each.head, *each.denied) for each in negations)
    is_answer = negation.light == _WANT and _has_a_no(negations, evidence)  # "Do you want it?" "No."
    is_whole = negation.word in _WHOLE and any(each.word == negation.word for each in negations)
    return is_answer or is_whole or _is_denied_near(negation, sentence, evidence)


def _is_denied_near(negation: Negation, sentence: Reading, evidence: Sequence[Reading]) -> bool:
    """Whether the evidence denies it where it speaks of the same."""
    telling = _telling(sentence, evidence)
    heads = {negation.head, negation.light} - {""}
    said = [head for head in heads if any(head in each.meanings for each in telling)]
    if any(_denies(reading, {head}) for head in said for reading in _speaking_of(head, sentence, telling)):
        return True
    wanted = {*negation.denied, negation.head} - {""}
    near = _nearest(sentence, telling)
    if any(wanted & {each.head, *each.denied, *each.scope} for reading in near for each in reading.negations):
        return True
    if negation.head in said:
        return any(negation.head in reading.absences for reading in _speaking_of(negation.head, sentence, telling))
    return _is_denied_in_other_words(negation, sentence, near, evidence)


def _is_denied_in_other_words(
    negation: Negation, sentence: Reading, near: Sequence[Reading], evidence: Sequence[Reading]
) -> bool:
    """Whether there is a "not" where the same is spoken of, or one that answers the question ("no, I don't")."""
    if any(reading.absences or any(_is_about(each, negation) for each in reading.negations) for reading in near):
        return True
    if any(_is_answered_no(place, evidence) for place in _places_of_nearest(sentence, evidence)):
        return True
    clause = _clause_of(negation, sentence)
    parts = [part for reading in evidence if not reading.is_question for part in reading.clauses]
    denying = max((_likeness(clause, part) for part in parts if part.words & _DENYING), default=0.0)
    affirming = max((_likeness(clause, part) for part in parts if not part.words & _DENYING), default=0.0)
    is_foreign = not affirming and any(part.words & _DENYING for part in parts)
    return denying > affirming or is_foreign


def _clause_of(negation: Negation, sentence: Reading) -> Clause:
    """The clause a "not" stands in."""
    wanted = {negation.head, *negation.denied} - {""}
    found = [clause for clause in sentence.clauses if negation.word in clause.words and wanted <= clause.meanings]
    return found[0] if found else max(sentence.clauses, key=lambda clause: len(clause.meanings))


def _likeness(clause: Clause, part: Clause) -> float:
    """Dice's coefficient of the meanings and figures of two clauses."""
    ours, theirs = clause.meanings | clause.figures, part.meanings | part.figures
    return 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


def _disputed(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """What the customer is said to recognise or have authorised where the evidence only denies."""
    said = {meaning for reading in evidence for meaning in reading.affirmed}
    is_denied = any(reading.negations for reading in evidence)
    return sorted(sentence.affirmed & _DISPUTED - said) if is_denied else []


def _denied_clauses(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for the first clause that affirms what only a clause with a "not" comes near to."""
    if sentence.words & (ASKING | _DENYING) or sentence.meanings & _UNDOING or _has_prefix(sentence.words):
        return []
    parts = [part for reading in evidence if not reading.is_question for part in reading.clauses]
    for clause in sentence.clauses:
        if len(clause.meanings | clause.figures) < _ENOUGH:
            continue
        denying = max((_likeness(clause, part) for part in parts if _denies_something(part)), default=0.0)
        affirming = max((_likeness(clause, part) for part in parts if not _denies_something(part)), default=0.0)
        if denying >= _ALIKE and affirming < _LESS * denying:
            return ["says without a “not” what the evidence denies"]
    return []


def _has_prefix(words: frozenset[str]) -> bool:
    """Whether a word says no by how it begins: "unsuitable", "incorrecto"."""
    return any(word.startswith(("un", "dis", "inc", "ina", "inv", "imp")) and len(word) > _LONG for word in words)


def _denies_something(part: Clause) -> bool:
    """Whether a clause has a "not" and something to deny; "no" alone is an answer."""
    return bool(part.words & NEGATIONS) and bool(part.meanings)


def _places_of_nearest(sentence: Reading, evidence: Sequence[Reading]) -> list[int]:
    shared = [_shared(sentence, reading) for reading in evidence]
    return [place for place, share in enumerate(shared) if share and share >= _NEARLY_AS_NEAR * max(shared)]


def _is_answered_no(place: int, evidence: Sequence[Reading]) -> bool:
    """Whether a question is followed by a sentence with a "not"."""
    answers = evidence[place + 1 : place + 3]
    return evidence[place].is_question and any(each.negations or each.words & _NO for each in answers)


def _has_a_no(negations: Sequence[Negation], evidence: Sequence[Reading]) -> bool:
    answers = {reading.tokens[0].word for reading in evidence if reading.tokens}
    return any(_is_bare(each) for each in negations) or bool(answers & _NO)


def _is_about(said: Negation, told: Negation) -> bool:
    return not said.head or bool({*said.scope, *said.denied} & {*told.scope, *told.denied})


def _is_bare(negation: Negation) -> bool:
    return not negation.scope and negation.word in _ANSWERS


def _speaking_of(head: str, sentence: Reading, evidence: Sequence[Reading]) -> list[Reading]:
    return _nearest(sentence, [each for each in evidence if head in each.meanings])


def _telling(sentence: Reading, evidence: Sequence[Reading]) -> list[Reading]:
    """The evidence without its questions, which affirm and deny nothing; all of it for a sentence about asking."""
    if sentence.words & ASKING:
        return list(evidence)
    return [reading for reading in evidence if not reading.is_question] or list(evidence)


def _denies(reading: Reading, heads: set[str]) -> bool:
    return any(heads & {each.head, each.light, *each.denied} for each in reading.negations)


def _denied_heads(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """What the sentence affirms and the evidence only denies where it speaks of the same; a question denies nothing."""
    telling = _telling(sentence, evidence)
    own = {meaning for each in sentence.negations for meaning in (each.head, *each.denied)}
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
    return [head for head in sorted(denied) if _is_only_denied(head, sentence, telling)]


def _is_only_denied(head: str, sentence: Reading, evidence: Sequence[Reading]) -> bool:
    speaking_of_it = _speaking_of(head, sentence, evidence)
    return bool(speaking_of_it) and not any(head in each.affirmed for each in speaking_of_it)


def _nearest(sentence: Reading, evidence: Sequence[Reading]) -> list[Reading]:
    """The sentences that share most with this one."""
    shared = [_shared(sentence, reading) for reading in evidence]
    most = max(shared, default=0)
    return [reading for reading, share in zip(evidence, shared, strict=True) if share >= _NEARLY_AS_NEAR * most]


def _shared(sentence: Reading, reading: Reading) -> int:
    figures = {value.key for value in sentence.values if value.shown} & {value.key for value in reading.values}
    return len(sentence.meanings & reading.meanings) + len(figures)
