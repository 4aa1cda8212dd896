"""Who a sentence says did or said it, against who did."""

import re
from collections.abc import Sequence
from typing import Literal

from copilot.guard.grounding.model import RECORDS, Evidence
from copilot.guard.grounding.text import Reading, Token, read_text, sentences_in
from copilot.guard.grounding.vocabulary import ASSENT, NEGATIONS, REFUSALS, concept, word_set
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
    r"repeatedly |initially )*(?:turn(?:ed|s|ing)? down|agree|accept|ask|request|say|said|state|report|want|declin|refus|confirm|complain|"
    r"mention|explain|threaten|insist|claim|deni|deny|need|disput|promis|offer|told|tell|inform|advis|apolog|quot|verif|"
    r"propos|suggest|recall|wonder|chose|choos|decid|opted|approv|authoriz|describ|reject|thank|acknowledg|point|warn|clarif|read|"
    r"acept|pidi|pide|pregunt|dijo|dice|solicit|reclam|quier|queri|rechaz|indic|inform|ofrec|promet|propus|propon|"
    r"explic|confirm|necesit|mencion|report|neg|recomend|sugiri|avis)\w*",
)
# What one holds, for which the own words count and not the figures they are about.
_HOLDS = re.compile(
    r"^\s*(?:also |still |was |is |were |le |que |no |not |does not |did not |doesnt |didnt )*(?:find|found|think|thought|feel|felt|worr|concern|"
    r"upset|unhappy|happy|afraid|frustrat|annoy|angry|satisf|dissatisf|surpris|believ|consider|like|dislik|hope|expect|"
    r"prefer|okay|ok|fine|cree|creia|piensa|pensaba|parec|prefier|prefir|esper|tem|preocup|molest|content|conform|encontr)\w*\b"
)
_ASKS = re.compile(r"^\s*(?:also |then |has |had |le )*(?:ask|request|wonder|inquir|pregunt|pidi|pide|solicit)\w*\b")
_TELLS = re.compile(
    r"^\s*(?:also |then |has |had |le )*(?:explain|inform|state|quote|propos|offer|said|say|told|clarif|explic|inform|"
    r"indic|ofrec|propus|propon|dijo|dice)\w*\b"
)
_ASIDE = re.compile(r"^\s*,[^,]{1,60},")
_ACCORDING = re.compile(
    rf"^\s*(?:according to|segun) (?:the |el |la )?(?P<who>{_CUSTOMER}|{_AGENT}),?\s+(?P<said>.*)$", re.I | re.S
)
_PARTS = re.compile(
    r"\s+(?:and|y)\s+(?!(?:he|she|it|they|the|his|her|there|this|that|a|an|el|la|los|las|su|sus)\b)", re.IGNORECASE
)
_ADDED = re.compile(r",\s.*|\s(?:as|because|while|if|so|porque|ya que|si|pues)\s.*", re.IGNORECASE | re.DOTALL)
_DONE_TO = re.compile(
    r"^\s*(?:was|were|is|are|has been|have been|had been|fue|fueron|ha sido)\s+(?:\w+ ){0,2}?\w+(?:ed|en|ado|ada|ido|ida)\b"
)
# Complaints, feelings and wishes are those of who calls.
_FEELS = re.compile(
    r"^\s*(?:was |is |also |still |very |not )*(?:worr|concern|upset|unhappy|afraid|frustrat|annoy|angry|surpris|preocup|molest|complain|"
    r"threat|disput|demand|prefer|reclam|se quej|quej|amenaz|prefi)"
)
_UNITS = frozenset(concept(unit, "en") for unit in "day week month year hour minute line".split())
_CLAUSES = re.compile(
    rf"[;.!]\s+|,?\s+(?:and|but|while|y|pero|mientras)\s+(?=(?:the |el |la )?(?:{_CUSTOMER}|{_AGENT})\b)",
    re.IGNORECASE,
)
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
_BEFORE, _AFTER = 8, 6  # words in which the person of a verb is looked for
_OF_NOBODY = 0.5  # how much a sentence about nobody counts for the one who listened
_TOO_LITTLE = 0.3  # share below which the evidence tells nothing about who
_ASSENTS = re.compile(
    r"^\W*(?:\w+ )?(?:agreed|agrees|accepted|accepts|acepto|acepta|approved|authorized|chose|chooses|decided|decides|"
    r"opted|picked|(?:okay|ok|fine) with|de acuerdo|eligio|decidio)\b"
)
_TOLD_ME = re.compile(
    r"\b(?:told|promised|offered|quoted|gave|assured|said) (?:me|us)\b|\b(?:i was|we were|ive been) (?:told|promised|offered|quoted|given|"
    r"informed)\b|\b(?:me|nos) (?:dijo|dijeron|prometio|prometieron|ofrecio|ofrecieron|dieron|informaron|avisaron)\b|"
    r"\b(?:nobody|no one|nadie) (?:ever )?(?:told|said|me dijo|me aviso|mentioned)\b"
)
_GIVEN_TO = re.compile(
    rf"\b(?:given|offered|sent|told|read|quoted|explained|provided|promised|issued|credited) to (?:the )?"
    rf"(?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b"
)
_OWNED = re.compile(
    rf"\b(?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))s (?P<thing>[a-z]{{3,}})\b"
    rf"|\b(?P<cosa>[a-z]{{3,}}) del? (?:la )?(?:(?P<cliente>{_CUSTOMER})|(?P<agente>{_AGENT}))\b"
)
_TO_HIM = re.compile(
    rf"^\W*(?:al|a la) (?:(?P<customer>{_CUSTOMER})|(?P<agent>{_AGENT}))\b(?P<after> (?:\w+ ){{0,2}}(?:le|se le) .*)$",
    re.DOTALL,
)
_LE = re.compile(r"^\W*(?:ya |no |nunca )*(?:se )?le ")
_LE_TOLD = re.compile(r"^\W*(?:ya |no |nunca )*(?:se )?le (?:dij|inform|ofrec|promet|avis|explic)")
_HAS_VERB = re.compile(
    r"^\W*(?:had|has|have|was|is|will|would|does|did|can|could|got|said|\w+ed|ha|habia|es|fue|va|\w+o)\b", re.IGNORECASE
)
_CALLS = re.compile(
    r"^\W*(?:will|would|is going to|promised to|agreed to|must|should|va a|debe|llamara|volvera a llamar)\b.{0,20}?\b(?:call|phone|ring|llam)"
)
_I_CALL_YOU = re.compile(
    r"\b(?:i|we|ill|well|im|were|somebody|someone|supervisor|specialist|they|theyll)\b[^.?!]{0,30}?\b(?:call(?:ing)?|ring|phone) you\b|"
    r"\bgive you a (?:call|ring)\b|\b(?:le|te|lo|la|los) (?:llam|voy a llam|vamos a llam|volvemos a llam|devuelvo la llam)"
)
_REFUSES = re.compile(
    r"^\W*(?:\w+ )?(?:declined|declines|turn(?:ed|s) down|refused|refuses|rejected|rejects|rechazo|rechaza|not want|no quiere|no quiso)\b"
    r"|^\W*(?:doesnt|didnt) want\b"
)
_CLEAR_LEAD = 0.6  # the other side says so much more of it that the claim must be theirs


def _subject(clause: str) -> tuple[Role, str, bool] | None:
    """Who the clause says did it, the words behind that, and whether they spoke to another; None without a subject."""
    to_him = _TO_HIM.match(fold(clause))
    if to_him is not None:
        was_told = _LE_TOLD.match(to_him["after"]) is not None
        return ("customer" if to_him["customer"] else "agent"), to_him["after"], was_told
    m = _SUBJECT.match(fold(clause))
    if m is None or _NOT_SUBJECT.search(m["before"]):
        return None
    role: Role = "customer" if m["customer"] else "agent"
    after = m["after"]
    if _PASSIVE.match(after) or _SE_LE.match(after):
        return role, after, True
    return role, after, False


def wrong_speaker(sentence: str, evidence: Sequence[Evidence], language: str) -> list[str]:
    """A reason when the one the sentence names did not say or do it; none when it is not known who speaks."""
    known = [piece for piece in evidence if piece.speaker in ("agent", "customer")]
    if not known or any(piece.speaker not in ("agent", "customer", *RECORDS) for piece in evidence):
        return []
    sentence = " ".join(sentence.split())
    said = [read_text(piece.text, language).canonical for piece in evidence]
    retold = [
        clause
        for clause in _CLAUSES.split(sentence)
        if not any(read_text(clause, language).canonical in text for text in said)  # who is in the words themselves
    ]
    according = _ACCORDING.match(sentence)
    if according is not None:
        role: Role = "customer" if re.fullmatch(_CUSTOMER, fold(according["who"])) else "agent"
        reasons = [_not_said_by(role, according["said"], known, language)]
    else:
        reasons = [_wrong_in_clause(clause, known, language) for clause in retold]
    reasons += [_wrong_owner(sentence, known)]
    return [reason for reason in reasons if reason][:1]


def _wrong_in_clause(clause: str, evidence: Sequence[Evidence], language: str) -> str | None:
    given = _GIVEN_TO.search(fold(clause))
    if given is not None and {piece.speaker for piece in evidence} == {"customer" if given["customer"] else "agent"}:
        return "says who spoke was spoken to"
    subject = _subject(clause)
    if subject is None:
        return None
    role, after, is_passive = subject
    after = _ASIDE.sub("", after)
    if is_passive:
        if _was_told(role, after, evidence, language):
            return None
        if _was_told(_other(role), after, evidence, language):
            return f"says the {role} was told, the evidence that the {_other(role)} was"
        return _not_said_by(_other(role), after, evidence, language)
    if _CALLS.match(fold(after)):
        return _not_calling(role, evidence)
    if not (_SPEAKS.match(after) or _HOLDS.match(after) or _ASSENTS.match(after) or _FEELS.match(after)):
        return _not_done_by(role, after, evidence, language)
    added = [part for part in _PARTS.split(after)[1:] if _HAS_VERB.match(part) and not _SPEAKS.match(part)]
    return _not_said_by(role, after, evidence, language) or next(
        (reason for part in added if (reason := _not_done_by(role, part, evidence, language))), None
    )


def _not_calling(role: Role, evidence: Sequence[Evidence]) -> str | None:
    """A reason when the one who is to call is the one who is to be called."""
    callers = {piece.speaker for piece in evidence if _I_CALL_YOU.search(fold(piece.text))}
    return (
        f"says the {role} will call, the evidence that the {_other(role)} will" if callers == {_other(role)} else None
    )


def _answers(role: Role, evidence: Sequence[Evidence], language: str) -> bool:
    """Whether this one says a "yes" after the other has spoken, or the evidence has no turn of the other."""
    is_asked = not any(piece.speaker == _other(role) for piece in evidence)
    for piece in evidence:
        if piece.speaker != role:
            is_asked = True
        elif is_asked and any(
            each.words & ASSENT and not each.is_question for each in sentences_in(piece.text, language)
        ):
            return True
    return False


def _wrong_owner(sentence: str, evidence: Sequence[Evidence]) -> str | None:
    """A reason when a thing is said to be of the one whose turns call it "your", or whose other's call it "my"."""
    for m in _OWNED.finditer(fold(sentence)):
        role: Role = "customer" if m["customer"] or m["cliente"] else "agent"
        thing = re.escape(m["thing"] or m["cosa"])
        of_speaker = re.compile(rf"\b(?:my|our|mine|mi|mis|nuestro|nuestra) (?:\w+ )?{thing}\b")
        of_listener = re.compile(rf"\b(?:your|su|sus|tu|tus) (?:\w+ )?{thing}\b")
        owners = {piece.speaker for piece in evidence if of_speaker.search(fold(piece.text))}
        owners |= {
            _other(piece.speaker) for piece in evidence if piece.speaker and of_listener.search(fold(piece.text))
        }
        if owners == {_other(role)}:
            return f"says the {m['thing'] or m['cosa']} is the {role}'s, the evidence that it is the {_other(role)}'s"
    return None


def _other(role: Role) -> Role:
    return "agent" if role == "customer" else "customer"


def _was_told(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> bool:
    """Whether the one who was told or promised something tells of it: "your guy promised me two hundred"."""
    meant = read_text(after, language)
    own = [piece.text for piece in evidence if piece.speaker == role]
    return any(_TOLD_ME.search(fold(text)) for text in own) and _share(meant, [read_text(t, language) for t in own]) > 0


def _not_done_by(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> str | None:
    """A reason when the evidence says of the other what the sentence says of this one, in any part of it."""
    for part in _PARTS.split(after):
        reading = read_text(_ADDED.sub("", part) or part, language)
        ours, theirs = (_share_about(reading, each, evidence, language) for each in (role, _other(role)))
        if theirs >= _TOO_LITTLE and ours < _CLEAR_LEAD * theirs:
            return f"says the {role} did, the evidence is about the {_other(role)}"
    return None


def _not_said_by(role: Role, after: str, evidence: Sequence[Evidence], language: str) -> str | None:
    if role == "agent" and _FEELS.match(after):  # who calls has the trouble
        return "says the agent felt what the customer did"
    if _ASSENTS.match(after) and not _answers(role, evidence, language):
        return f"says the {role} agreed, which is not in the {role}'s turns"
    theirs = [each for piece in evidence if piece.speaker == role for each in sentences_in(piece.text, language)]
    others = [each for piece in evidence if piece.speaker != role for each in sentences_in(piece.text, language)]
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
        ours_assent, others_assent = (
            any(reading.words & ASSENT and not reading.is_question for reading in readings)
            for readings in (theirs, others)
        )
        return (is_other_offering or not others_assent or not meant.meanings) and ours_assent
    if _REFUSES.match(after):
        return _is_refused(read_text(after, language), theirs, others)
    meant = read_text(after, language)
    if _HOLDS.match(after):
        return _is_held(after, meant.meanings - _UNITS, theirs, others)
    if _ASKS.match(after) and any(_asks(each) for each in (*theirs, *others)):
        ours, rivals = ([each for each in readings if _asks(each)] for readings in (theirs, others))
        return _share(meant, ours) >= _CLEAR_LEAD * _share(meant, rivals)
    if _TELLS.match(after) and _of_others_alone(meant.figures, theirs, others):
        return False
    if meant.negations and _share(meant, _denying(theirs)) < _CLEAR_LEAD * _share(meant, _denying(others)):
        return False
    return _share(meant, theirs) >= _CLEAR_LEAD * _share(meant, others)


def _is_held(after: str, wanted: frozenset[str], theirs: Sequence[Reading], others: Sequence[Reading]) -> bool:
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
    if not denials or _offers(theirs, others):
        return False
    return (
        not rivals
        or _share(meant, others) > 0
        and _share(meant, rivals) <= _share(meant, denials)
        or _share(meant, denials) > 0
    )


def _offers(ours: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether these are the turns of who asks ("May I tell you…?") and the others' answer is a no."""
    answers_no = any(reading.words & (NEGATIONS | REFUSALS) for reading in others)
    return answers_no and any(reading.is_question for reading in ours) and not any(each.is_question for each in others)


def _share_about(claim: Reading, role: Role, evidence: Sequence[Evidence], language: str) -> float:
    """How much of a claim is said of this role: by "I" of its own, by "you" of the other's; its verb counts double."""
    wanted = _wanted(claim)
    verb = next((token.meaning for token in claim.tokens if token.meaning), "")
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
    is_told_of = role == "customer" and (_DONE_TO.match(claim.canonical) or _LE.match(claim.text))
    of_nobody = 1.0 if is_told_of else _OF_NOBODY
    weight = {each: 2 if each == verb else 1 for each in wanted}
    of = sum(weight[each] for each in surely) + of_nobody * sum(weight[each] for each in perhaps - surely)
    return of / max(1, sum(weight.values()))


def _about(reading: Reading, wanted: frozenset[str], language: str) -> str:
    """Whom a sentence is about where it says what is wanted: "speaker", "listener" or "nobody"."""
    place = next((place for place, token in enumerate(reading.tokens) if token.meaning in wanted), None)
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


def _share(claim: Reading, said: Sequence[Reading]) -> float:
    wanted = _wanted(claim)
    there = {each for reading in said for each in _wanted(reading, shown_only=False)}
    return len(wanted & there) / max(1, len(wanted))
