"""Who a sentence says did or said it, against who did."""

import re
from collections.abc import Sequence

from copilot.guard.grounding.model import RECORDS, Evidence
from copilot.guard.grounding.speech_acts import (
    ACCORDING,
    ADDED,
    ASSENTS,
    CALLS,
    CLAUSES,
    FEELS,
    GIVEN_TO,
    HAS_VERB,
    HOLDS,
    I_CALL_YOU,
    OWNED,
    PARTS,
    SPEAKS,
    Role,
    other_role,
    role_named,
    subject_of,
)
from copilot.guard.grounding.text import read_text
from copilot.guard.grounding.whose import is_said_by, is_told_by, leads, says_yes, sentences_of, share_about
from knowledge.words import fold

_TOO_LITTLE = 0.3  # share below which the evidence tells nothing about who
_CLEAR_LEAD = 0.6  # the other side says so much more of it that the claim must be theirs


def wrong_speaker(sentence: str, evidence: Sequence[Evidence], language: str) -> list[str]:
    """A reason when the one the sentence names did not say or do it; none when it is not known who speaks."""
    known = [piece for piece in evidence if piece.speaker in ("agent", "customer")]
    if not known or any(piece.speaker not in ("agent", "customer", *RECORDS) for piece in evidence):
        return []
    sentence = " ".join(sentence.split())
    said = [read_text(piece.text, language).canonical for piece in evidence]
    according = ACCORDING.match(sentence)
    if according is not None:
        reasons = [_not_said_by(role_named(according["who"]), according["said"], known, language)]
    else:
        retold = [
            clause
            for clause in CLAUSES.split(sentence)
            if not any(read_text(clause, language).canonical in text for text in said)  # who is in the words themselves
        ]
        reasons = [_wrong_in_clause(clause, known, language) for clause in retold]
    return [reason for reason in (*reasons, _wrong_owner(sentence, known)) if reason][:1]


def _wrong_in_clause(clause: str, evidence: Sequence[Evidence], language: str) -> str | None:
    given = GIVEN_TO.search(fold(clause))
    if given is not None and {piece.speaker for piece in evidence} == {"customer" if given["customer"] else "agent"}:
        return "says who spoke was spoken to"
    subject = subject_of(clause)
    if subject is None:
        return None
    role, after, was_told = subject
    if was_told:
        return _not_told(role, after, evidence, language)
    if CALLS.match(after):
        return _not_calling(role, evidence)
    if not any(act.match(after) for act in (SPEAKS, HOLDS, ASSENTS, FEELS)):
        return _not_done_by(role, after, evidence, language)
    added = [part for part in PARTS.split(after)[1:] if HAS_VERB.match(part) and not SPEAKS.match(part)]
    return _not_said_by(role, after, evidence, language) or next(
        (reason for part in added if (reason := _not_done_by(role, part, evidence, language))), None
    )


def _not_told(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> str | None:
    """A reason when the other was told it, or did not tell it."""
    if is_told_by(role, after, evidence, language) or (role == "customer" and leads(role, after, evidence, language)):
        return None
    if is_told_by(other_role(role), after, evidence, language):
        return f"says the {role} was told, the evidence that the {other_role(role)} was"
    return _not_said_by(other_role(role), after, evidence, language)


def _not_calling(role: Role, evidence: Sequence[Evidence]) -> str | None:
    """A reason when the one who is to call is the one who is to be called."""
    callers = {piece.speaker for piece in evidence if I_CALL_YOU.search(fold(piece.text))}
    return (
        f"says the {role} will call, the evidence that the {other_role(role)} will"
        if callers == {other_role(role)}
        else None
    )


def _wrong_owner(sentence: str, evidence: Sequence[Evidence]) -> str | None:
    """A reason when a thing is said to be of the one whose turns call it "your", or whose other's call it "my"."""
    for m in OWNED.finditer(fold(sentence)):
        role: Role = "customer" if m["customer"] or m["cliente"] else "agent"
        thing = m["thing"] or m["cosa"]
        if _owners_of(thing, evidence) == {other_role(role)}:
            return f"says the {thing} is the {role}'s, the evidence that it is the {other_role(role)}'s"
    return None


def _owners_of(thing: str, evidence: Sequence[Evidence]) -> set[Role]:
    of_speaker = re.compile(rf"\b(?:my|our|mine|mi|mis|nuestro|nuestra) (?:\w+ )?{thing}\b")
    of_listener = re.compile(rf"\b(?:your|su|sus|tu|tus) (?:\w+ )?{thing}\b")
    owners: set[Role] = set()
    for piece in evidence:
        speaker: Role = "customer" if piece.speaker == "customer" else "agent"
        owners |= {speaker} if of_speaker.search(fold(piece.text)) else set()
        owners |= {other_role(speaker)} if of_listener.search(fold(piece.text)) else set()
    return owners


def _not_done_by(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> str | None:
    """A reason when the evidence says of the other what the sentence says of this one, in any part of it."""
    for part in PARTS.split(after):
        reading = read_text(ADDED.sub("", part) or part, language)
        (ours, is_mine), (theirs, is_yours) = (
            share_about(reading, each, evidence, language) for each in (role, other_role(role))
        )
        if theirs >= _TOO_LITTLE and ours < _CLEAR_LEAD * theirs and not (is_mine and not is_yours):
            return f"says the {role} did, the evidence is about the {other_role(role)}"
    return None


def _not_said_by(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> str | None:
    if role == "agent" and FEELS.match(after):  # who calls has the trouble
        return "says the agent felt what the customer did"
    if ASSENTS.match(after) and not says_yes(role, evidence, language):
        return f"says the {role} agreed, which is not in the {role}'s turns"
    theirs, others = (sentences_of(each, evidence, language) for each in (role, other_role(role)))
    if not theirs:
        return f"says the {role} did, the evidence is the other's"
    return (
        None
        if is_said_by(after, theirs, others, language)
        else f"says the {role} did, which is not in the {role}'s turns"
    )
