"""Whether a sentence denies what its evidence does not deny; the reverse is in `affirming.py`."""

from collections.abc import Sequence
from itertools import pairwise

from copilot.guard.grounding.text import NARRATED, Clause, Negation, Reading
from copilot.guard.grounding.vocabulary import (
    ABSENCES,
    ASKING,
    ASSENT,
    NEGATIONS,
    OPPOSITES,
    REFUSALS,
    SHORT_OF,
    concept,
    word_set,
)

# Deny whatever it is about; told with the same word again.
_WHOLE = word_set("nobody none nothing never nunca nada nadie ninguno ninguna")
_NEVER = word_set("nobody never nunca nadie")
_WANT = "want"
_ANSWERS = word_set("no nope nah dont didnt havent nothing nada nothing nunca never")
_FREE = word_set("free gratis exempt unsuitabl unavail")
DISPUTED = frozenset(concept(word, "en") for word in "recognize recognise authorize reconocer".split())
_CONSENT = word_set("agree authorize")  # "she did not agree" tells a "no" to anything
NO = word_set("no nope nah")
DENYING = NEGATIONS | REFUSALS | ABSENCES | SHORT_OF
_IT = word_set("it its that thats they theyre he she lo la eso esta")
_RATHER = 0.99  # of what is affirmed, as much must be denied
_NEARLY_AS_NEAR = 0.75  # a sentence of the evidence this near to the nearest one speaks of the same thing


def unheard_negations(sentence: Reading, turns: Sequence[Sequence[Reading]]) -> list[str]:
    """A reason for the first "not" of the sentence that its evidence does not bear out.

    Args:
        sentence: the sentence to be shown.
        turns: the sentences of each turn or passage it rests on, in order.
    """
    evidence = [each for turn in turns for each in turn]
    unheard = (negation for negation in sentence.negations if not _is_denied(negation, sentence, evidence, turns))
    return [f"says not “{negation.head or 'so'}”, the evidence does not deny it" for negation in unheard][:1]


def opposites(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for each word whose opposite alone the evidence has: add for remove, fast for slow."""
    said = {meaning for reading in evidence for meaning in reading.meanings}
    return [
        f"says “{one}”, the evidence says “{other}”"
        for one, other in sorted(OPPOSITES)
        if one in sentence.affirmed and one not in said and other in said - sentence.meanings
    ]


def _is_denied(
    negation: Negation, sentence: Reading, evidence: Sequence[Reading], turns: Sequence[Sequence[Reading]]
) -> bool:
    negations = [each for reading in evidence for each in reading.negations]
    if _is_undone(negation, sentence):  # "did not decline", "was not unable"
        return any(_is_undone(each, reading) for reading in evidence for each in reading.negations)
    if negation.is_refusal or negation.head in DISPUTED or negation.narrated in _CONSENT:
        # Who refused is checked with who spoke; what was refused may be told in any words.
        return bool(negations) or any(reading.absences or reading.words & NO for reading in evidence)
    if negation.narrated:
        is_answer = any(
            NARRATED.get(word) == negation.narrated for each in questions_denied(turns) for word in each.words
        )
        return is_answer or any(each.narrated or each.word in _NEVER for each in negations)
    if negation.head[:1].isdigit():  # "not 40"
        return any(each.head == negation.head for each in negations)
    if negation.head in _FREE:  # "not free" is no other word for "no charge"
        return any(negation.head in (each.head, *each.denied) for each in negations)
    is_answer = negation.light == _WANT and has_a_no(negations, evidence)  # "Do you want it?" "No."
    is_whole = negation.word in _WHOLE and any(each.word == negation.word for each in negations)
    return is_answer or is_whole or _is_denied_near(negation, sentence, evidence, turns)


def _is_undone(negation: Negation, sentence: Reading) -> bool:
    """Whether a second word that denies follows a "not" at once."""
    if negation.is_refusal:
        return False
    words = [token.word for token in sentence.tokens]
    places = [place for place, word in enumerate(words) if word == negation.word]
    return any(words[place + 1 : place + 2] and words[place + 1] in REFUSALS | {"unable"} for place in places)


def _is_denied_near(
    negation: Negation, sentence: Reading, evidence: Sequence[Reading], turns: Sequence[Sequence[Reading]]
) -> bool:
    """Whether the evidence denies it where it speaks of the same."""
    telling = telling_of(sentence, evidence)
    heads = {negation.head, negation.light} - {""}
    said = [head for head in heads if any(head in each.meanings for each in telling)]
    if any(_denies(reading, {head}) for head in said for reading in speaking_of(head, sentence, telling)):
        return True
    wanted = {*negation.denied, negation.head} - {""}
    near = nearest_to(sentence, telling)
    is_contrast = negation.scope == negation.denied  # ", not with the other": it may stand before the "not"
    if any(
        wanted & {each.head, *(each.scope if is_contrast or not each.denied else each.denied)}
        for reading in near
        for each in reading.negations
    ):
        return True
    if negation.head in said and not any(_is_left_open(each) for reading in telling for each in reading.clauses):
        speaking = speaking_of(negation.head, sentence, telling)
        return any(negation.head in reading.absences for reading in speaking) or _is_rather_denied(
            clause_of(negation, sentence), turns, said=negation.head
        )
    return _is_denied_in_other_words(negation, sentence, near, turns)


def _is_denied_in_other_words(
    negation: Negation, sentence: Reading, near: Sequence[Reading], turns: Sequence[Sequence[Reading]]
) -> bool:
    """Whether there is a "not" where the same is spoken of, or one that answers the question ("no, I don't")."""
    if any(_is_absent(reading, sentence) for reading in near):
        return True
    if any(_is_about(each, negation) for reading in near for each in reading.negations):
        return True
    if any(_share(sentence, question) for question in questions_denied(turns)):
        return True
    return _is_rather_denied(clause_of(negation, sentence), turns)


def _is_rather_denied(clause: Clause, turns: Sequence[Sequence[Reading]], *, said: str = "") -> bool:
    """Whether what comes nearest to a clause denies, or nothing comes near and something denies.

    `said` is a meaning that the evidence affirms: then a plain "not" must come nearer, in a clause without it.
    """
    words = NEGATIONS | REFUSALS if said else DENYING
    parts = [part for turn in turns for reading in turn if not reading.is_question for part in reading.clauses]
    denials = [part for part in parts if part.words & words and not (said and said in part.meanings)]
    denying = max((likeness(clause, part) for part in [*denials, *_said_of_it(parts)]), default=0.0)
    affirming = max((likeness(clause, part) for part in parts if not part.words & words), default=0.0)
    is_foreign = not said and not affirming and bool(denials)
    return denying > _RATHER * affirming or is_foreign


def _said_of_it(parts: Sequence[Clause]) -> list[Clause]:
    """What "it's still not showing" is said of: the clause before."""
    return [
        before
        for before, part in pairwise(parts)
        if part.words & NEGATIONS and part.words & _IT and len(part.meanings) <= 1
    ]


def _is_left_open(clause: Clause) -> bool:
    """Whether a verb is left out at its end: "September I couldn't"."""
    last = clause.tokens[-1].word
    return last in NEGATIONS and last.endswith("nt") and bool(clause.figures or clause.meanings)


def _is_absent(reading: Reading, sentence: Reading) -> bool:
    """Whether something is said to be dead, gone or missing that the sentence does not say in the same word."""
    return bool(reading.absences) and bool(reading.words & ABSENCES - sentence.words)


def questions_denied(turns: Sequence[Sequence[Reading]]) -> list[Reading]:
    """The questions at the end of a turn that the next turn answers with a "not" in its first clause."""
    return [
        turn[-1]
        for turn, answer in pairwise(turns)
        if turn and answer and turn[-1].is_question and _starts_with_a_no(answer[0])
    ]


def _starts_with_a_no(answer: Reading) -> bool:
    first = answer.clauses[0].words if answer.clauses else frozenset()
    return bool(first & (NEGATIONS | NO)) and not first & (ASSENT - NO)


def clause_of(negation: Negation, sentence: Reading) -> Clause:
    """The clause a "not" stands in."""
    wanted = {negation.head} - {""}
    found = [clause for clause in sentence.clauses if negation.word in clause.words and wanted <= clause.meanings]
    return found[0] if found else max(sentence.clauses, key=lambda clause: len(clause.meanings))


def likeness(clause: Clause, part: Clause) -> float:
    """Dice's coefficient of the meanings and figures of two clauses."""
    ours, theirs = clause.meanings | clause.figures, part.meanings | part.figures
    return 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))


def has_a_no(negations: Sequence[Negation], evidence: Sequence[Reading]) -> bool:
    """Whether somebody says a "no" that stands for itself."""
    answers = {reading.tokens[0].word for reading in evidence if reading.tokens}
    return any(_is_bare(each) for each in negations) or bool(answers & NO)


def _is_about(said: Negation, told: Negation) -> bool:
    if not told.denied and not told.head:
        return not said.denied
    return bool(said.denied & told.denied) or (not said.denied and bool(said.scope & (told.denied | {told.head})))


def _is_bare(negation: Negation) -> bool:
    return not negation.scope and negation.word in _ANSWERS


def _denies(reading: Reading, heads: set[str]) -> bool:
    return any(heads & {each.head, each.light, *each.denied} for each in reading.negations)


def speaking_of(head: str, sentence: Reading, evidence: Sequence[Reading]) -> list[Reading]:
    """The sentences that hold a meaning and share most with this one."""
    return nearest_to(sentence, [each for each in evidence if head in each.meanings])


def telling_of(sentence: Reading, evidence: Sequence[Reading]) -> list[Reading]:
    """The evidence without its questions, which affirm and deny nothing; all of it for a sentence about asking."""
    if sentence.words & ASKING or sentence.is_question:
        return list(evidence)
    return [reading for reading in evidence if not reading.is_question] or list(evidence)


def nearest_to(sentence: Reading, evidence: Sequence[Reading]) -> list[Reading]:
    """The sentences that share most with this one."""
    shared = [_share(sentence, reading) for reading in evidence]
    most = max(shared, default=0)
    return [reading for reading, share in zip(evidence, shared, strict=True) if share >= _NEARLY_AS_NEAR * most]


def _share(sentence: Reading, reading: Reading) -> int:
    figures = {value.key for value in sentence.values if value.shown} & {value.key for value in reading.values}
    return len(sentence.meanings & reading.meanings) + len(figures)
