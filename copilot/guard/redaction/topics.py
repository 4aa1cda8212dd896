"""What is known about each kind of number: how many digits it has, how long its cue holds, what may be around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from copilot.guard.redaction.cues import Topic
from copilot.guard.redaction.kinds import ALL_KINDS, Kind
from copilot.spoken.words import word_set


@dataclass(frozen=True, slots=True)
class TopicRules:
    """`fewest` to `most` digits are expected; after `full` digits its cue is used up."""

    fewest: int
    most: int
    full: int
    is_secret: bool


RULES: Final[Mapping[Topic, TopicRules]] = {
    "CARD": TopicRules(3, 40, 13, is_secret=True),
    "CVV": TopicRules(3, 4, 3, is_secret=True),
    "EXPIRY": TopicRules(3, 6, 4, is_secret=True),
    "SSN": TopicRules(4, 11, 9, is_secret=True),
    "ROUTING": TopicRules(4, 12, 9, is_secret=True),
    "BANK_ACCOUNT": TopicRules(4, 20, 17, is_secret=True),
    "PIN": TopicRules(3, 12, 4, is_secret=True),
    "PASSWORD": TopicRules(3, 30, 4, is_secret=True),
    "CODE": TopicRules(4, 8, 4, is_secret=True),
    "BANK": TopicRules(99, 0, 99, is_secret=False),
    "ACCOUNT_NUMBER": TopicRules(3, 30, 99, is_secret=False),
    "REFERENCE_NUMBER": TopicRules(3, 40, 99, is_secret=False),
    "PHONE": TopicRules(3, 40, 24, is_secret=False),  # said and read back
    "EMAIL": TopicRules(3, 6, 99, is_secret=False),
    "DATE_OF_BIRTH": TopicRules(4, 8, 8, is_secret=False),
    "PLACE": TopicRules(1, 9, 9, is_secret=False),
    "AMOUNT": TopicRules(1, 5, 99, is_secret=False),
    "COUNT": TopicRules(1, 5, 99, is_secret=False),
    "LAST_FOUR": TopicRules(4, 4, 4, is_secret=True),
    "NAMED": TopicRules(1, 5, 99, is_secret=False),
    "OTHER": TopicRules(1, 40, 99, is_secret=False),
}
# Digits an answer must have to belong to a harmless question asked together with one for a secret.
STRICT_DIGITS: Final[Mapping[Topic, frozenset[int]]] = {
    "PLACE": frozenset({5}),
    "PHONE": frozenset({7, 10, 11}),
    "ACCOUNT_NUMBER": frozenset(range(7, 13)),
    "REFERENCE_NUMBER": frozenset(range(7, 13)),
    "DATE_OF_BIRTH": frozenset({6, 8}),
}
# Digits an answer must have when the harmless question came later than the one for a secret.
LATER_DIGITS: Final[Mapping[Topic, frozenset[int]]] = {
    "PLACE": frozenset({3, 4, 5, 6, 9}),
    "PHONE": frozenset(range(3, 12)),
    "ACCOUNT_NUMBER": frozenset(range(3, 13)),
    "REFERENCE_NUMBER": frozenset(range(3, 13)),
    "DATE_OF_BIRTH": frozenset(range(2, 9)),
    "COUNT": frozenset({1, 2, 3}),
}
# Digits that may be the read-back of a secret which was masked before we heard it.
UNHEARD_DIGITS: Final[Mapping[Kind, frozenset[int]]] = {
    "PIN": frozenset(range(3, 9)),
    "PASSWORD": frozenset(range(3, 11)),
    "CVV": frozenset({3, 4}),
    "SSN": frozenset({4, 9}),
}
# What a number is that a cue of a topic announces, where the topic is no kind itself.
KIND_OF: Final[Mapping[Topic, Kind]] = {**{kind: kind for kind in ALL_KINDS}, "CODE": "PIN"}
PAYMENT_TOPICS: Final[frozenset[Topic]] = frozenset({"CARD", "CVV", "EXPIRY", "ROUTING", "BANK_ACCOUNT"})
SPELLED_TOPICS: Final[frozenset[Topic]] = frozenset(
    {"PASSWORD", "PIN", "CODE", "ACCOUNT_NUMBER", "REFERENCE_NUMBER", "BANK_ACCOUNT"}
)
BANK_TOPICS: Final[frozenset[Topic]] = frozenset({"ROUTING", "BANK_ACCOUNT"})

# Words that carry nothing: an answer or a break inside a number may hold any of them.
FILLERS: Final = word_set(
    "uh um er erm ah eh mm hm hmm mhm mmhm uhuh huh aha ok okay k kay yes yeah yep yup ya right sure got gotcha it go"
    " ahead and then so that's thats that this is are was the next it's its i i've ive have here here's heres we thank"
    " you thanks alright all perfect great good awesome continue please sorry again wait hold on let me see one moment"
    " sec last first four 4 three two digits digit numbers number no correct well now with of my your to be a just"
    " dash hyphen space dot point slash comma double sir ma'am maam madam listening copy agent customer rep caller"
    " speaker system unknown noise laughter unk breath cough for too would will be believe think says said like"
    " eh este aja si vale bueno y luego despues guion perdon claro siga adelante es son el la los las mi su de numero"
    " gracias un momento ahora listo entiendo cliente agente digame what's whats uhm mhmm yea dice pone sale puse"
    " reads shows surely exactly ready ver let's lets a o"
    " try maybe guess probably creo prueba intente seria quizas"
    " ending ends starts starting there there's read back repeat reading oh um-hum hum mm-hmm espere espera sigue"
)
QUESTION_WORDS: Final = word_set(
    "what what's whats may can could provide tell verify confirm give need please cual digame puede dar enter type"
    " say have ask require necesito confirmar indique"
)
NOT_ASKED: Final = word_set(
    "forgot forget forgotten reset resetting change changed changing update lost recover link new cambiar olvide"
    " restablecer wrong never don't dont send sent"
)
NOT_ANSWERED: Final = word_set(
    "i i'm i'll i'd no not can can't could what why how don't dont forgot reset the you we do does did sorry let is it"
    " when where who there but if my he she they hello hi thanks thank one wait hold there's nope none which never"
    " hasn't haven't isn't wasn't aren't won't wouldn't been day days hours week weeks"
    " yo no que como puedo i've set saved done entered changed created reset updated logged trying try"
)
