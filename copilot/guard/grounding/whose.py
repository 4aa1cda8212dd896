"""Whose turns carry what a sentence tells: by who spoke, and by the "I" and "you" of what was spoken."""

import re
from collections.abc import Sequence

from copilot.guard.grounding.model import Evidence
from copilot.guard.grounding.speech_acts import (
    ASKS_FOR,
    ASSENTS,
    DONE_TO,
    HOLDS,
    LE,
    REFUSES,
    TELLS,
    TOLD_ME,
    Role,
    other_role,
)
from copilot.guard.grounding.text import Reading, Token, read_text, sentences_in
from copilot.guard.grounding.vocabulary import ASSENT, NEGATIONS, REFUSALS, concept, word_set
from knowledge.words import fold

_SUBJECTS = word_set("i ive ill im id we weve youre youve youll youd yo nos nosotros voy vamos")
_SPEAKER = _SUBJECTS - word_set("youre youve youll youd") | word_set("my our mine myself me mi mis nuestra nuestro us")
_REQUESTS = word_set("want need like please can could let ask quiero quisiera necesito puede podria favor deme digame")
_POSSESSES = word_set("your yours su sus le les te tu you usted ustedes")
_BEFORE_SUBJECT = word_set(
    "do does did can could will would should are were have had if when that what because so once and but or since as"
    " which where how after before until while than si cuando que y porque como donde"
)
_I_DO = re.compile(r"\w{2,}(?:o|e|amos|emos|imos)$")  # the ending of "pago", "mandé", "pagamos"; accents are folded
_BEFORE_I_DO = word_set("le les la lo los las se ya no que y pues yo")
_BEFORE = 8  # words in which the person of a verb is looked for
_OF_NOBODY = 0.5  # how much a sentence about nobody counts for the one who listened
_CLEAR_LEAD = 0.6  # the other side says so much more of it that the claim must be theirs
_SHORT_ANSWERS = word_set("yes yeah yep no nope nah right correct sure si claro exacto correcto")
_DATIVES = word_set("le les te you your su sus me us my nos mi")
_UNITS = frozenset(concept(unit, "en") for unit in "day week month year hour minute line".split())


def is_told_by(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> bool:
    """Whether somebody's own turns tell that he was told or promised something: "your guy promised me two hundred"."""
    own = [piece.text for piece in evidence if piece.speaker == role]
    is_told = any(TOLD_ME.search(fold(text)) for text in own)
    return is_told and share_of(read_text(after, language), [read_text(text, language) for text in own]) > 0


def leads(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> bool:
    """Whether somebody's own turns hold more of it than the other's."""
    meant = read_text(after, language)
    ours, theirs = (share_of(meant, sentences_of(each, evidence, language)) for each in (role, other_role(role)))
    return ours > theirs


def sentences_of(role: Role, evidence: Sequence[Evidence], language: str) -> list[Reading]:
    """What somebody says, with the questions that his "yes" or "no" answers."""
    found: list[Reading] = []
    asked: list[Reading] = []
    for piece in evidence:
        spoken = sentences_in(piece.text, language)
        if piece.speaker != role:
            asked = [each for each in spoken[-1:] if each.is_question]
        elif spoken and spoken[0].tokens and spoken[0].tokens[0].word in _SHORT_ANSWERS:
            found += [*asked, *spoken]
        else:
            found += spoken
    return found


def says_yes(role: Role, evidence: Sequence[Evidence], language: str) -> bool:
    """Whether this one says a "yes" after the other has spoken, or the evidence has no turn of the other."""
    is_asked = not any(piece.speaker == other_role(role) for piece in evidence)
    for piece in evidence:
        if piece.speaker != role:
            is_asked = True
        elif is_asked and any(
            each.words & ASSENT and not each.is_question for each in sentences_in(piece.text, language)
        ):
            return True
    return False


def is_said_by(after: str, theirs: Sequence[Reading], others: Sequence[Reading], language: str) -> bool:
    """Whether what follows a subject is said in their sentences rather than in the others'."""
    meant = read_text(after, language)
    if ASSENTS.match(after):
        return _is_assented(meant, theirs, others)
    if REFUSES.match(after):
        return _is_refused(meant, theirs, others)
    if HOLDS.match(after):
        return _is_held(meant.meanings - _UNITS, theirs, others)
    if ASKS_FOR.match(after) and any(_asks(each) for each in (*theirs, *others)):
        return _leads(meant, *([each for each in readings if _asks(each)] for readings in (theirs, others)))
    is_others = TELLS.match(after) is not None and _of_others_alone(meant.figures, theirs, others)
    is_denied = not meant.negations or _leads(meant, _denying(theirs), _denying(others))
    return not is_others and is_denied and _leads(meant, theirs, others)


def _leads(meant: Reading, theirs: Sequence[Reading], others: Sequence[Reading]) -> bool:
    return share_of(meant, theirs) >= _CLEAR_LEAD * share_of(meant, others)


def _is_assented(meant: Reading, theirs: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether they say "yes" to what the others put to them."""
    is_other_offering = share_of(meant, others) > share_of(meant, theirs) or not others
    ours, rivals = (
        any(reading.words & ASSENT and not reading.is_question for reading in readings) for readings in (theirs, others)
    )
    return ours and (is_other_offering or not rivals or not meant.meanings)


def _is_held(wanted: frozenset[str], theirs: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether an opinion or a feeling is theirs: something of it is in their own words."""
    ours, rivals = (frozenset().union(*(each.meanings for each in readings)) for readings in (theirs, others))
    return bool(wanted & ours) or not wanted & rivals


def _of_others_alone(wanted: frozenset[str], theirs: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether some of it is said by the others alone, and none by these alone."""
    ours, rivals = (
        {each for reading in readings for each in _wanted(reading, shown_only=False)} for readings in (theirs, others)
    )
    return bool(wanted & (rivals - ours)) and not wanted & (ours - rivals)


def _asks(reading: Reading) -> bool:
    return reading.is_question or bool(reading.words & _REQUESTS)


def _denying(readings: Sequence[Reading]) -> list[Reading]:
    return [each for each in readings if each.negations]


def _is_refused(meant: Reading, theirs: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether they say a "no": to it in their own words, or in answer to the other's."""
    denials = [each for each in theirs if each.words & (NEGATIONS | REFUSALS)]
    rivals = [each for each in others if each.words & (NEGATIONS | REFUSALS)]
    if any(map(_is_own_no, rivals)) and denials and not any(map(_is_own_no, denials)):
        return False
    if denials and 0 < share_of(meant, denials) >= share_of(meant, rivals):
        return True
    if not denials or _offers(theirs, others):
        return False
    in_denials, in_rivals = share_of(meant, denials), share_of(meant, rivals)
    is_answer = in_rivals == 0 and share_of(meant, others) > 0
    return not rivals or is_answer or (in_denials > 0 and in_denials >= _CLEAR_LEAD * in_rivals)


def _is_own_no(reading: Reading) -> bool:
    """Whether somebody says no for himself: "No, ...", "I'm not ..."."""
    return bool(reading.words & _SPEAKER) or reading.tokens[0].word in NEGATIONS - {"sin", "without"}


def _offers(ours: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether these are the turns of who asks ("May I tell you…?") and the others' answer is a no."""
    answers_no = any(reading.words & (NEGATIONS | REFUSALS) for reading in others)
    return answers_no and any(reading.is_question for reading in ours) and not any(each.is_question for each in others)


def share_about(claim: Reading, role: Role, evidence: Sequence[Evidence], language: str) -> tuple[float, bool]:
    """How much of a claim is said of this role, and whether its verb is: by "I" of its own, by "you" of the other's."""
    wanted = _wanted(claim)
    verb = next((token.meaning for token in claim.tokens if token.meaning), "")
    is_told_of = role == "customer" and (DONE_TO.match(claim.canonical) or LE.match(claim.text))
    of_nobody = 1.0 if is_told_of else _OF_NOBODY
    surely: set[str] = set()
    perhaps: set[str] = set()
    is_verb = False
    for piece in evidence:
        for reading in sentences_in(piece.text, language):
            about = _about(reading, wanted, verb, language)
            has = wanted & _wanted(reading, shown_only=False)
            is_theirs = piece.speaker == role
            if is_told_of and reading.words & _DATIVES:
                surely |= has
            elif about == "nobody":
                (surely if is_theirs else perhaps).update(has)
            elif (about == "speaker") == is_theirs:
                surely |= has
                is_verb = is_verb or (about == "speaker" and verb in has)
    weight = {each: 2 if each == verb else 1 for each in wanted}
    of = sum(weight[each] for each in surely) + of_nobody * sum(weight[each] for each in perhaps - surely)
    return of / max(1, sum(weight.values())), is_verb


def _about(reading: Reading, wanted: frozenset[str], verb: str, language: str) -> str:
    """Whom a sentence is about where it says what is wanted, its verb first: "speaker", "listener" or "nobody"."""
    first = {verb} if verb in reading.meanings else wanted
    place = next((place for place, token in enumerate(reading.tokens) if token.meaning in first), None)
    if place is None:
        place = next((place for place, token in enumerate(reading.tokens) if token.word in wanted), 0)
    words = [token.word for token in reading.tokens]
    if language == "es" and place and _is_first_person(words, place):
        return "speaker"
    before = range(min(place, len(words) - 1), max(-1, place - _BEFORE), -1)
    subject = next((words[i] for i in before if _is_subject(reading.tokens, i)), None)
    person = subject or next((word for word in words if word in _SPEAKER or word in _POSSESSES), "")
    return "nobody" if not person else "speaker" if person in _SPEAKER else "listener"


def _is_first_person(words: Sequence[str], place: int) -> bool:
    """Whether a Spanish verb is one of "yo": "le quito", and "no le puedo quitar"."""
    if words[place].endswith(("ar", "er", "ir")):
        return any(_I_DO.match(word) and word not in _BEFORE_I_DO for word in words[max(0, place - 2) : place])
    return _I_DO.match(words[place]) is not None and words[place - 1] in _BEFORE_I_DO


def _is_subject(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word is an "I" or a "you" that does something; the "you" of "I'll call you" is none."""
    word = tokens[place].word
    if word not in ("you", "usted"):
        return word in _SUBJECTS
    before = tokens[place - 1] if place else None
    return before is None or before.clause != tokens[place].clause or before.word in _BEFORE_SUBJECT


def _wanted(reading: Reading, *, shown_only: bool = True) -> frozenset[str]:
    return reading.meanings | {value.key for value in reading.values if value.shown or not shown_only}


def share_of(claim: Reading, said: Sequence[Reading]) -> float:
    """How much of what a claim means and counts these sentences hold, 0..1."""
    wanted = _wanted(claim)
    there = {each for reading in said for each in _wanted(reading, shown_only=False)}
    return len(wanted & there) / max(1, len(wanted))
