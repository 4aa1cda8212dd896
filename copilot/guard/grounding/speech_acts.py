"""What a clause says somebody did by speaking, feeling or doing: patterns of English and Spanish, folded."""

import re
from typing import Final, Literal

from knowledge.words import fold

Role = Literal["customer", "agent"]

CUSTOMER: Final = r"customer|caller|client|cust|cx|cliente|subscriber|clienta"
AGENT: Final = r"agent|representative|rep|agente|asesora?|advisor|representante"
_COMPOUND = r"\s+(?:care|services?|support|ids?|numbers?|accounts?|experience|relations|side|portal)\b"
_SUBJECT = re.compile(
    rf"^(?P<before>.{{0,60}}?)\b(?:the |el |la )?(?:(?P<customer>{CUSTOMER})|(?P<agent>{AGENT}))\b"
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
_TO_HIM = re.compile(
    rf"^\W*(?:al|a la) (?:(?P<customer>{CUSTOMER})|(?P<agent>{AGENT}))\b(?P<after> (?:\w+ ){{0,2}}(?:le|se le) .*)$",
    re.DOTALL,
)
LE: Final = re.compile(r"^\W*(?:ya |no |nunca )*(?:se )?le ")
_LE_TOLD = re.compile(LE.pattern + r"(?:dij|inform|ofrec|promet|avis|explic)")
_ASIDE = re.compile(r"^\s*,[^,]{1,60},")
# What one does by speaking: whoever is named spoke, whatever the words are about.
SPEAKS: Final = re.compile(
    r"^\s*(?:also |then |first |has |have |had |will |does |did |not |never |no |ya |le |se |lo |la |"
    r"repeatedly |initially )*(?:turn(?:ed|s|ing)? down|agree|accept|ask|request|say|said|state|report|want|declin|"
    r"refus|confirm|complain|mention|explain|threaten|insist|claim|deni|deny|need|disput|promis|offer|told|tell|"
    r"inform|advis|apolog|quot|verif|propos|suggest|recall|wonder|chose|choos|decid|opted|approv|authoriz|describ|"
    r"reject|thank|acknowledg|point|warn|clarif|read|acept|pidi|pide|pregunt|dijo|dice|solicit|reclam|quier|queri|"
    r"rechaz|indic|inform|ofrec|promet|propus|propon|explic|confirm|necesit|mencion|report|neg|recomend|sugiri|avis|"
    r"recommend|instruct|direct|guid|remind|assur|not(?:e|ed|es) |encourag|urg|object|admit|respond|repl|answer|"
    r"express|indicat|seek|sought|plead|pointed|asegur|recuerd|record|respond|contest|admit|insist)"
    r"\w*",
)
# What one holds, for which the own words count and not the figures they are about.
HOLDS: Final = re.compile(
    r"^\s*(?:also |still |was |is |were |le |que |no |not |does not |did not |doesnt |didnt )*"
    r"(?:find|found|think|thought|feel|felt|worr|concern|upset|unhappy|happy|afraid|frustrat|annoy|angry|satisf|"
    r"dissatisf|surpris|believ|consider|like|dislik|hope|expect|prefer|okay|ok|fine|cree|creia|piensa|pensaba|parec|"
    r"prefier|prefir|esper|tem|preocup|molest|content|conform|encontr)\w*\b"
)
ASKS_FOR: Final = re.compile(
    r"^\s*(?:also |then |has |had |le )*(?:ask|request|wonder|inquir|pregunt|pidi|pide|solicit)\w*\b"
)
TELLS: Final = re.compile(
    r"^\s*(?:also |then |has |had |le )*(?:explain|inform|state|quote|propos|offer|said|say|told|clarif|explic|inform|"
    r"indic|ofrec|propus|propon|dijo|dice)\w*\b"
)
# Complaints, feelings and wishes are those of who calls.
FEELS: Final = re.compile(
    r"^\s*(?:was |is |also |still |very |not )*(?:worr|concern|upset|unhappy|afraid|frustrat|annoy|angry|surpris|"
    r"preocup|molest|complain|threat|disput|demand|prefer|reclam|se quej|quej|amenaz|prefi)"
)
ASSENTS: Final = re.compile(
    r"^\W*(?:\w+ )?(?:agreed|agrees|accepted|accepts|acepto|acepta|approved|authorized|chose|chooses|decided|decides|"
    r"opted|picked|(?:okay|ok|fine) with|de acuerdo|eligio|decidio)\b"
)
REFUSES: Final = re.compile(
    r"^\W*(?:\w+ )?(?:declined|declines|turn(?:ed|s) down|refused|refuses|rejected|rejects|rechazo|rechaza|not want|"
    r"no quiere|no quiso)\b|^\W*(?:doesnt|didnt) want\b"
)
CALLS: Final = re.compile(
    r"^\W*(?:will|would|is going to|promised to|agreed to|must|should|va a|debe|llamara|volvera a llamar)\b"
    r".{0,20}?\b(?:call|phone|ring|llam)"
)
I_CALL_YOU: Final = re.compile(
    r"\b(?:i|we|ill|well|im|were|somebody|someone|supervisor|specialist|they|theyll)\b[^.?!]{0,30}?"
    r"\b(?:call(?:ing)?|ring|phone) you\b|\bgive you a (?:call|ring)\b|"
    r"\b(?:le|te|lo|la|los) (?:llam|voy a llam|vamos a llam|volvemos a llam|devuelvo la llam)"
)
# "Your guy promised me", "nobody told me": who was told tells of it.
TOLD_ME: Final = re.compile(
    r"\b(?:told|promised|offered|quoted|gave|assured|said) (?:me|us)\b|"
    r"\b(?:i was|we were|ive been) (?:told|promised|offered|quoted|given|informed)\b|"
    r"\b(?:me|nos) (?:dijo|dijeron|prometio|prometieron|ofrecio|ofrecieron|dieron|informaron|avisaron)\b|"
    r"\b(?:nobody|no one|nadie) (?:ever )?(?:told|said|me dijo|me aviso|mentioned)\b"
)
DONE_TO: Final = re.compile(
    r"^\s*(?:was|were|is|are|has been|have been|had been|fue|fueron|ha sido)\s+(?:\w+ ){0,2}?"
    r"\w+(?:ed|en|ado|ada|ido|ida)\b"
)
HAS_VERB: Final = re.compile(
    r"^\W*(?:had|has|have|was|is|will|would|does|did|can|could|got|said|\w+ed|ha|habia|es|fue|va|\w+o)\b", re.I
)
GIVEN_TO: Final = re.compile(
    rf"\b(?:given|offered|sent|told|read|quoted|explained|provided|promised|issued|credited) to (?:the )?"
    rf"(?:(?P<customer>{CUSTOMER})|(?P<agent>{AGENT}))\b"
)
OWNED: Final = re.compile(
    rf"\b(?:(?P<customer>{CUSTOMER})|(?P<agent>{AGENT}))s (?P<thing>[a-z]{{3,}})\b"
    rf"|\b(?P<cosa>[a-z]{{3,}}) del? (?:la )?(?:(?P<cliente>{CUSTOMER})|(?P<agente>{AGENT}))\b"
)
ACCORDING: Final = re.compile(
    rf"^\s*(?:according to|segun) (?:the |el |la )?(?P<who>{CUSTOMER}|{AGENT}),?\s+(?P<said>.*)$", re.I | re.S
)
# Verbs of one subject: "has two phones and wants one cancelled"; "and she ..." is a subject of its own.
PARTS: Final = re.compile(
    r"\s+(?:and|y)\s+(?!(?:he|she|it|they|the|his|her|there|this|that|a|an|el|la|los|las|su|sus)\b)", re.IGNORECASE
)
ADDED: Final = re.compile(r",\s.*|\s(?:as|because|while|if|so|porque|ya que|si|pues)\s.*", re.IGNORECASE | re.DOTALL)
CLAUSES: Final = re.compile(
    rf"[;.!]\s+|,?\s+(?:and|but|while|y|pero|mientras)\s+(?=(?:the |el |la )?(?:{CUSTOMER}|{AGENT})\b)",
    re.IGNORECASE,
)


def subject_of(clause: str) -> tuple[Role, str, bool] | None:
    """Who the clause says did it, the words behind that, and whether he was told; None without a subject."""
    plain = fold(clause)
    to_him = _TO_HIM.match(plain)
    if to_him is not None:
        was_told = _LE_TOLD.match(to_him["after"]) is not None
        return ("customer" if to_him["customer"] else "agent"), to_him["after"], was_told
    m = _SUBJECT.match(plain)
    if m is None or _NOT_SUBJECT.search(m["before"]):
        return None
    after = _ASIDE.sub("", m["after"])
    was_told = _PASSIVE.match(after) is not None or _SE_LE.match(after) is not None
    return ("customer" if m["customer"] else "agent"), after, was_told


def other_role(role: Role) -> Role:
    """The one across the desk."""
    return "agent" if role == "customer" else "customer"


def role_named(word: str) -> Role:
    """The role a word names, as "caller" the customer's."""
    return "customer" if re.fullmatch(CUSTOMER, fold(word)) else "agent"
