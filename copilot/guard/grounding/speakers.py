"""Who a sentence says did or said it, against who did."""

import re
from collections.abc import Sequence
from typing import Literal

from copilot.guard.grounding.model import Evidence
from copilot.guard.grounding.text import Reading, read_text
from copilot.guard.grounding.vocabulary import ASSENT, NEGATIONS, REFUSALS
from knowledge.words import fold

Role = Literal["customer", "agent"]

_CUSTOMER = r"customer|caller|client|cust|cx|cliente|subscriber|clienta"
_AGENT = r"agent|representative|rep|agente|asesora?|advisor|representante"
_SUBJECT = re.compile(
    rf"^(?P<before>.{{0,60}}?)\b(?:the |el |la )?(?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b(?!['’]s|s['’])"
    rf"(?P<after>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_SUBJECT = re.compile(
    r"\b(?:to|by|for|from|with|with the|al|del|de|por|con|para|a|that|que|tell|told|asked)\s*(?:the |el |la )?$"
)
_PASSIVE = re.compile(
    r"^\s*(?:was|were|has been|is|fue|ha sido)\s+(?:\w+ly )?(?:told|informed|advised|offered|given|"
    r"notified|assured|quoted|promised|informad[oa]|avisad[oa])\b"
)
_SE_LE = re.compile(r"^\s*(?:se le|se)\s+(?:informo|ofrecio|indico|explico|aviso|prometio|dijo)\b")
_ACTS = re.compile(
    r"^\s*(?:also |then |first |has |have |had |will |does |did |not |never |no |ya |le |se |lo |la |"
    r"repeatedly |initially )*(?:agree|accept|ask|request|say|said|state|report|want|declin|refus|confirm|complain|"
    r"mention|explain|threaten|insist|prefer|approv|authoriz|thank|deni|deny|claim|need|call|disput|chose|choose|"
    r"promis|appl|offer|told|tell|inform|advis|schedul|cancel|remov|waiv|credit|send|sent|open|creat|escalat|verif|"
    r"transfer|quot|add|book|refund|issu|process|submit|fil|updat|chang|apolog|commit|guarant|describ|reject|"
    r"acept|pidi|pide|pregunt|dijo|dice|solicit|reclam|quier|rechaz|indic|inform|ofrec|promet|aplic|envi|program|"
    r"agend|explic|confirm|cancel|necesit|llam|mencion|autoriz|reembols|abri|elimin|quit|report|cobr|bloque|neg|comunic|revis|verific|block|lock|mov|fix|repair|replac|activat|upgrad|unable)\w*",
)
_CLAUSES = re.compile(r"[;.!]\s+")
_LISTENER = frozenset("you your youre youve youll youd yours usted le les su sus lo".split())
_SPEAKER = frozenset("i ive ill im id we weve well were my".split())
_FIRST_PERSON_REACH = 5
_ASSENTS = re.compile(r"^\W*(?:\w+ )?(?:agreed|agrees|accepted|accepts|acepto|acepta|approved|authorized)\b")
_REFUSES = re.compile(r"^\W*(?:\w+ )?(?:declined|declines|refused|refuses|rejected|rejects|rechazo|rechaza)\b")
_CLEAR_LEAD = 0.6  # the other side says so much more of it that the claim must be theirs


def _subject(clause: str) -> tuple[Role, str, bool] | None:
    """Who the clause is about, the words behind that, and whether it is an act; None without a subject."""
    m = _SUBJECT.match(fold(clause))
    if m is None or _NOT_SUBJECT.search(m["before"]):
        return None
    role: Role = "customer" if m["customer"] else "agent"
    after = m["after"]
    if _PASSIVE.match(after) or _SE_LE.match(after):
        return ("agent" if role == "customer" else "customer"), after, True
    return role, after, bool(_ACTS.match(after))


def wrong_speaker(sentence: str, evidence: Sequence[Evidence], language: str) -> list[str]:
    """A reason when the one the sentence names did not say it; none when the evidence does not tell who speaks."""
    known = [piece for piece in evidence if piece.speaker in ("agent", "customer")]
    if not known or len(known) < len(evidence):
        return []
    reasons = [_wrong_in_clause(clause, known, language) for clause in _CLAUSES.split(sentence)]
    return [reason for reason in reasons if reason][:1]


def _wrong_in_clause(clause: str, evidence: Sequence[Evidence], language: str) -> str | None:
    subject = _subject(clause)
    if subject is None:
        return None
    role, after, is_act = subject
    theirs = [read_text(piece.text, language) for piece in evidence if piece.speaker == role]
    others = [read_text(piece.text, language) for piece in evidence if piece.speaker != role]
    other: Role = "agent" if role == "customer" else "customer"
    if not theirs:
        is_about_them = not is_act and _may_be_about_listener(after, others, language)
        return None if is_about_them else f"says the {role} did, the evidence is the {other}'s"
    if not is_act or _is_theirs(after, theirs, others, language):
        return None
    return f"says the {role} did, which is not in the {role}'s turns"


def _is_theirs(after: str, theirs: Sequence[Reading], others: Sequence[Reading], language: str) -> bool:
    if _ASSENTS.match(after):
        meant = read_text(after, language)
        is_other_offering = _share(meant, others) > _share(meant, theirs) or not others
        others_assent = any(reading.words & ASSENT for reading in others)
        return (is_other_offering or not others_assent) and any(reading.words & ASSENT for reading in theirs)
    if _REFUSES.match(after):
        return any(reading.words & (NEGATIONS | REFUSALS) for reading in theirs)
    meant = read_text(after, language)
    return _share(meant, theirs) >= _CLEAR_LEAD * _share(meant, others)


def _may_be_about_listener(after: str, said: Sequence[Reading], language: str) -> bool:
    """Whether a turn speaks of its listener ("you have three lines"), and not of what its speaker did ("I moved")."""
    if not any(reading.words & _LISTENER for reading in said):
        return False
    deed = next((token.meaning for token in read_text(after, language).tokens if token.meaning), "")
    return not any(_is_first_person(reading, deed) for reading in said)


def _is_first_person(reading: Reading, deed: str) -> bool:
    for place, token in enumerate(reading.tokens):
        if token.meaning == deed and deed:
            before = [each.word for each in reading.tokens[max(0, place - _FIRST_PERSON_REACH) : place]]
            if _SPEAKER.intersection(before) and not _LISTENER.intersection(before):
                return True
    return False


def _share(claim: Reading, said: Sequence[Reading]) -> float:
    wanted = {*claim.meanings, *(value.key for value in claim.values if value.shown)}
    there = {meaning for reading in said for meaning in reading.meanings}
    there |= {value.key for reading in said for value in reading.values}
    return len(wanted & there) / max(1, len(wanted))
