"""Who a sentence says did or said it, against who did."""

import re
from collections.abc import Sequence
from typing import Literal

from copilot.guard.grounding.model import RECORDS, Evidence
from copilot.guard.grounding.text import Reading, Token, read_text, sentences_in
from copilot.guard.grounding.vocabulary import ASSENT, NEGATIONS, REFUSALS, word_set
from knowledge.words import fold

Role = Literal["customer", "agent"]

_CUSTOMER = r"customer|caller|client|cust|cx|cliente|subscriber|clienta"
_AGENT = r"agent|representative|rep|agente|asesora?|advisor|representante"
_COMPOUND = r"\s+(?:care|services?|support|ids?|numbers?|accounts?|experience|relations|side|portal)\b"
_SUBJECT = re.compile(
    rf"^(?P<before>.{{0,60}}?)\b(?:the |el |la )?(?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b"
    rf"(?!['’]s|s['’]|{_COMPOUND})"
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
# What one does by speaking: whoever is named spoke, whatever the words are about.
_SPEAKS = re.compile(
    r"^\s*(?:also |then |first |has |have |had |will |does |did |not |never |no |ya |le |se |lo |la |"
    r"repeatedly |initially )*(?:agree|accept|ask|request|say|said|state|report|want|declin|refus|confirm|complain|"
    r"mention|explain|threaten|insist|claim|deni|deny|need|disput|promis|offer|told|tell|inform|advis|apolog|quot|verif|"
    r"propos|suggest|recall|wonder|chose|choos|decid|opted|approv|authoriz|describ|reject|thank|acknowledg|point|warn|clarif|read|"
    r"acept|pidi|pide|pregunt|dijo|dice|solicit|reclam|quier|queri|rechaz|indic|inform|ofrec|promet|propus|propon|"
    r"explic|confirm|necesit|mencion|report|neg|recomend|sugiri|avis)\w*",
)
_CLAUSES = re.compile(
    rf"[;.!]\s+|,?\s+(?:and|but|while|y|pero|mientras)\s+(?=(?:the |el |la )?(?:{_CUSTOMER}|{_AGENT})\b)",
    re.IGNORECASE,
)
_SUBJECTS = word_set("i ive ill im id we weve youre youve youll youd yo nos nosotros voy vamos")
_SPEAKER = _SUBJECTS - word_set("youre youve youll youd") | word_set("my our mine myself me mi mis nuestra nuestro us")
_POSSESSES = word_set("your yours su sus le les te tu you usted ustedes")
_BEFORE_SUBJECT = word_set(
    "do does did can could will would should are were have had if when that what because so once and but or since as"
    " which where how after before until while than si cuando que y porque como donde"
)
_I_DO = re.compile(r"\w{2,}(?:o|e|amos|emos|imos)$")  # the ending of "pago", "mandé", "pagamos"; accents are folded
_BEFORE_I_DO = word_set("le les la lo los las se ya no que y pues yo")
_BEFORE, _AFTER = 8, 6  # words in which the person of a verb is looked for
_OF_NOBODY = 0.5  # how much a sentence about nobody counts for the one who listened
_TOO_LITTLE = 0.3  # share below which the evidence tells nothing about who
_ASSENTS = re.compile(
    r"^\W*(?:\w+ )?(?:agreed|agrees|accepted|accepts|acepto|acepta|approved|authorized|chose|chooses|decided|decides|"
    r"opted|picked|(?:okay|ok|fine) with|de acuerdo|eligio|decidio)\b"
)
_GIVEN_TO = re.compile(
    rf"\b(?:given|offered|sent|told|read|quoted|explained|provided|promised|issued|credited) to (?:the )?"
    rf"(?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b"
)
_TO_HIM = re.compile(
    rf"^\W*(?:al|a la) (?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b(?P<after> (?:\w+ ){{0,2}}(?:le|se le) .*)$",
    re.DOTALL,
)
_REFUSES = re.compile(
    r"^\W*(?:\w+ )?(?:declined|declines|refused|refuses|rejected|rejects|rechazo|rechaza|not want|no quiere|no quiso)\b"
    r"|^\W*(?:doesnt|didnt) want\b"
)
_CLEAR_LEAD = 0.6  # the other side says so much more of it that the claim must be theirs


def _subject(clause: str) -> tuple[Role, str, bool] | None:
    """Who the clause says did it, the words behind that, and whether they spoke to another; None without a subject."""
    to_him = _TO_HIM.match(fold(clause))
    if to_him is not None:
        return ("customer" if to_him["customer"] else "agent"), to_him["after"], False
    m = _SUBJECT.match(fold(clause))
    if m is None or _NOT_SUBJECT.search(m["before"]):
        return None
    role: Role = "customer" if m["customer"] else "agent"
    after = m["after"]
    if _PASSIVE.match(after) or _SE_LE.match(after):
        return ("agent" if role == "customer" else "customer"), after, True
    return role, after, False


def wrong_speaker(sentence: str, evidence: Sequence[Evidence], language: str) -> list[str]:
    """A reason when the one the sentence names did not say or do it; none when it is not known who speaks."""
    known = [piece for piece in evidence if piece.speaker in ("agent", "customer")]
    if not known or any(piece.speaker not in ("agent", "customer", *RECORDS) for piece in evidence):
        return []
    said = [read_text(piece.text, language).canonical for piece in evidence]
    retold = [
        clause
        for clause in _CLAUSES.split(sentence)
        if not any(read_text(clause, language).canonical in text for text in said)  # who is in the words themselves
    ]
    reasons = [_wrong_in_clause(clause, known, language) for clause in retold]
    return [reason for reason in reasons if reason][:1]


def _wrong_in_clause(clause: str, evidence: Sequence[Evidence], language: str) -> str | None:
    given = _GIVEN_TO.search(fold(clause))
    if given is not None and {piece.speaker for piece in evidence} == {"customer" if given["customer"] else "agent"}:
        return "says who spoke was spoken to"
    subject = _subject(clause)
    if subject is None:
        return None
    role, after, is_passive = subject
    if is_passive or _SPEAKS.match(after):
        return _not_said_by(role, after, evidence, language)
    other: Role = "agent" if role == "customer" else "customer"
    wanted = _wanted(read_text(after, language))
    ours, theirs = (_share_about(wanted, each, evidence, language) for each in (role, other))
    if theirs >= _TOO_LITTLE and ours < _CLEAR_LEAD * theirs:
        return f"says the {role} did, the evidence is about the {other}"
    return None


def _not_said_by(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> str | None:
    theirs = [read_text(piece.text, language) for piece in evidence if piece.speaker == role]
    others = [read_text(piece.text, language) for piece in evidence if piece.speaker != role]
    if not theirs:
        return f"says the {role} did, the evidence is the other's"
    return (
        None
        if _is_theirs(after, theirs, others, language)
        else f"says the {role} did, which is not in the {role}'s turns"
    )


def _is_theirs(after: str, theirs: Sequence[Reading], others: Sequence[Reading], language: str) -> bool:
    if _ASSENTS.match(after):
        meant = read_text(after, language)
        is_other_offering = _share(meant, others) > _share(meant, theirs) or not others
        others_assent = any(reading.words & ASSENT for reading in others)
        return (is_other_offering or not others_assent) and any(reading.words & ASSENT for reading in theirs)
    if _REFUSES.match(after):
        return any(reading.words & (NEGATIONS | REFUSALS) for reading in theirs) and not _offers(theirs, others)
    meant = read_text(after, language)
    return _share(meant, theirs) >= _CLEAR_LEAD * _share(meant, others)


def _offers(ours: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether these are the turns of who asks ("May I tell you…?") and the others' answer is a no."""
    answers_no = any(reading.words & (NEGATIONS | REFUSALS) for reading in others)
    return answers_no and any(reading.is_question for reading in ours) and not any(each.is_question for each in others)


def _share_about(wanted: frozenset[str], role: Role, evidence: Sequence[Evidence], language: str) -> float:
    """How much of what is wanted is said of this role: by "I" of its own, by "you" of the other's."""
    surely: set[str] = set()
    perhaps: set[str] = set()
    for piece in evidence:
        for reading in sentences_in(piece.text, language):
            about = _about(reading, wanted, language)
            has = wanted & _wanted(reading, shown_only=False)
            is_theirs = piece.speaker == role
            if about == "nobody":
                (surely if is_theirs else perhaps).update(has)
            elif (about == "speaker") == is_theirs:
                surely |= has
    return (len(surely) + _OF_NOBODY * len(perhaps - surely)) / max(1, len(wanted))


def _about(reading: Reading, wanted: frozenset[str], language: str) -> str:
    """Whom a sentence is about where it says what is wanted: "speaker", "listener" or "nobody"."""
    place = next((place for place, token in enumerate(reading.tokens) if token.meaning in wanted), None)
    if place is None:
        place = next((place for place, token in enumerate(reading.tokens) if token.word in wanted), 0)
    words = [token.word for token in reading.tokens]
    if language == "es" and place and _I_DO.match(words[place]) and words[place - 1] in _BEFORE_I_DO:
        return "speaker"
    before = range(min(place, len(words) - 1), max(-1, place - _BEFORE), -1)
    subject = next((words[i] for i in before if _is_subject(reading.tokens, i)), None)
    person = subject or next((word for word in words if word in _SPEAKER or word in _POSSESSES), "")
    return "nobody" if not person else "speaker" if person in _SPEAKER else "listener"


def _is_subject(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word is an "I" or a "you" that does something; the "you" of "I'll call you" is none."""
    word = tokens[place].word
    if word not in ("you", "usted"):
        return word in _SUBJECTS
    before = tokens[place - 1] if place else None
    return before is None or before.clause != tokens[place].clause or before.word in _BEFORE_SUBJECT


def _wanted(reading: Reading, *, shown_only: bool = True) -> frozenset[str]:
    return reading.meanings | {value.key for value in reading.values if value.shown or not shown_only}


def _share(claim: Reading, said: Sequence[Reading]) -> float:
    wanted = _wanted(claim)
    there = {each for reading in said for each in _wanted(reading, shown_only=False)}
    return len(wanted & there) / max(1, len(wanted))
