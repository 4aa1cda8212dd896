"""Whether a sentence denies what its evidence affirms, or affirms what it denies."""

from collections.abc import Sequence

from copilot.guard.grounding.text import Negation, Reading
from copilot.guard.grounding.vocabulary import OPPOSITES


def contradictions(sentence: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for each "not" that only one side has."""
    unheard = [negation for negation in sentence.negations if not _is_denied_in(negation, evidence)]
    reasons = [f"says not “{negation.head or 'so'}”, the evidence does not deny it" for negation in unheard[:1]]
    reasons += [f"says “{head}”, the evidence denies it" for head in sorted(_denied_heads(sentence, evidence))[:1]]
    said = {meaning for reading in evidence for meaning in reading.meanings}
    reasons += [
        f"says “{one}”, the evidence says “{other}”"
        for one, other in sorted(OPPOSITES)
        if one in sentence.affirmed and one not in said and other in said - sentence.meanings
    ]
    return reasons


def _is_denied_in(negation: Negation, evidence: Sequence[Reading]) -> bool:
    negations = [each for reading in evidence for each in reading.negations]
    absences = {meaning for reading in evidence for meaning in reading.absences}
    if negation.is_refusal:  # who refused is checked with who spoke; what was refused may be told in any words
        return bool(negations or absences)
    if negation.head[:1].isdigit():  # "not 40"
        return any(each.head == negation.head for each in negations)
    if negation.head in absences or any(
        negation.head and negation.head in (each.head, *each.denied) for each in negations
    ):
        return True
    if any(each.head in negation.scope for each in negations if each.head):
        return True
    is_said = any(negation.head in reading.meanings | reading.words for reading in evidence)
    if is_said:
        return False
    # Put in other words: a "not" that stands by itself ("no, I don't"), or near any word of this one.
    return any(not each.scope or each.scope & negation.scope for each in negations) or bool(absences & negation.scope)


def _denied_heads(sentence: Reading, evidence: Sequence[Reading]) -> set[str]:
    """What the sentence affirms and the evidence only denies; a question denies nothing."""
    affirmed = {meaning for reading in evidence for meaning in reading.affirmed}
    denied = {each.head for reading in evidence if not reading.is_question for each in reading.negations}
    denied -= {each.head for each in sentence.negations}
    return (denied & sentence.affirmed) - affirmed - sentence.absences - {""}
