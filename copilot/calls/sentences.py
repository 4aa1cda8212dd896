"""The sentences of a call, cleaned of noise and fillers, each with the turn it stands in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from copilot.transcript import Speaker, Turn
from knowledge.phrases import plain_words
from knowledge.remembering import remembered

_NOISE = re.compile(r"\[(?!\w*[A-Z_]{3})[^\]]*\]|<[^>]*>|\w+~")  # [noise], <unk>, cut-off wor~; masks like [CARD] stay
# Not behind "Dr." and the like, nor behind an initial.
_BORDER = re.compile(
    r"(?<=[.!?…])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\b[^\W\d_]\.)\s+|\n+", re.IGNORECASE
)
# Where a recogniser's text without punctuation begins a new thought.
_NEW_THOUGHT = re.compile(
    r"(?<!\bis there)(?<!\bdo you need)\s+(?="
    r"(?:and|so|but|because|okay|ok|alright) "
    r"(?:i|we|you|it|they|he|she|the|that|my|your|let|can|what|how|is|do)\b|"
    r"(?:is there |do you need )?anything else|thank you for|thanks for|let me|what is|what's|when (?:can|will|is)|"
    r"(?:can|could|would|do) (?:i|you)\b|algo más|"
    r"(?:y|pero|porque|entonces|bueno) (?:yo|no|me|le|es|el|la|lo|ya|qué|cuando)\b)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"^(?:(?:what|when|where|how|why|who|which|whose)\b|"
    r"(?:is|are|was|were|do|does|did|can|could|would|will|may|have|has) "
    r"(?:i|you|we|he|she|it|they|there|that|this|the|your|my)\b|anything else|"
    r"(?:qué|cuál|cuándo|dónde|cómo|quién|por qué|cuánto|algo más)\b)",
    re.IGNORECASE,
)
LONG_SENTENCE = 14
_FILLER = re.compile(
    r"\b(?:u+h+|u+m+|e+r+m*|h+m+|mm+|mhm+|uh huh|eh|estee+|este(?=,|\.\.|…)|you know|i mean)\b[,.]*\s*",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^(?:(?:ok|okay|alright|all right|sure|so|well|yeah|yes|yep|right|great|perfect|and|but|oh|no problem|"
    r"hi|hello|hey|hiya|hello there|hi there|good (?:morning|afternoon|evening)|thanks|thank you|please|"
    r"bueno|pues|mire|oiga|sí|si|claro|hola|buenos días|buenas tardes|buenas|y|entonces)\b[\s,.!…-]*)+",
    re.IGNORECASE,
)
# "my name is linda miller i would like": without punctuation a name ends where a sentence of its own begins.
_INTRODUCTION = re.compile(
    r"^(?:my name(?:'s| is)|this is|i'?m|me llamo|mi nombre es|soy|habla|le habla)\s+"
    r"(?!(?:\w+ing|sorry|glad|happy|afraid|unable|also|not|so|really|just|here|on|in|the|interested|locked|still)\b)"
    r"(?:[^\W\d_][\w.'-]*[\s,]*){1,3}?"
    r"(?:[.,!]\s*|(?=(?:and|i|i'd|i'm|i've|we|can|could|what|my|the|is|do|how|y|quiero|quisiera|necesito|llamo)\b)|$)",
    re.IGNORECASE,
)
_VOCATIVE = re.compile(r"^[A-Z][a-z]+, (?=(?:I|I'\w+|[Mm]y|[Ww]e|[Ww]e'\w+) )")  # "Janny, I need ..."
_PLEASANTRY = re.compile(
    r"\b(?:anything else|have an? (?:great|good|nice|\w+ (?:day|evening|night|weekend|one)\b)|you too|here to help|"
    r"glad (?:i|we) could|(?:i|we) hope (?:you|your)|(?:you've|you have) been (?:very |so |really )?helpful|"
    r"thank(?:s| you) for (?:calling|contacting|choosing)|you(?:'re| are) (?:very |most |so )?welcome|goodbye|bye|"
    r"(?:a |my )?pleasure|(?:happy|glad|delighted) to (?:help|assist|have)|don't hesitate|"
    r"feel free to|(?:i|we) (?:appreciate|understand|apologi[sz]e)|sorry (?:to hear|for|i could|about)|good luck|"
    r"take care|enjoy your|absolutely valid|here for you|incredibly|"
    r"algo más|gracias por|que (?:tenga|pase)|hasta luego|adiós|con (?:mucho )?gusto|para servirle|lo siento)\b",
    re.IGNORECASE,
)
_MASK = re.compile(r"\[[A-Z_]+\]")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True)
class Sentence:
    """A sentence: `place` counts sentences from the start of the call, `share` is where it stands in it, 0..1."""

    turn_id: str
    speaker: Speaker
    text: str
    place: int
    share: float
    is_question: bool

    @property
    def word_count(self) -> int:
        """How many words it has."""
        return len(_WORD.findall(self.text))


def sentences_of(turns: Iterable[Turn]) -> list[Sentence]:
    """Every sentence that says something; a turn without punctuation is one sentence."""
    said = [(turn, text, is_question) for turn in turns for text, is_question in _sentences_in(turn.text)]
    last = max(len(said) - 1, 1)
    return [
        Sentence(turn.turn_id, turn.speaker, text, place, place / last, is_question)
        for place, (turn, text, is_question) in enumerate(said)
    ]


def nearest(words: str, sentences: Iterable[Sentence]) -> Sentence | None:
    """The sentence that shares most words with these, which are as phrases see them; the first of several."""
    wanted = set(words.split())
    return max(sentences, key=lambda one: len(wanted.intersection(plain_words(one.text).split())), default=None)


def by_turn(sentences: Iterable[Sentence]) -> dict[str, list[Sentence]]:
    """The sentences of each turn."""
    of_turns: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        of_turns.setdefault(sentence.turn_id, []).append(sentence)
    return of_turns


def has_mask(sentence: Sentence) -> bool:
    """Whether a secret was masked in it."""
    return bool(_MASK.search(sentence.text))


def is_pleasantry(sentence: Sentence) -> bool:
    """Whether it is greeting, thanks, sympathy or farewell, and nothing for a note."""
    return bool(_PLEASANTRY.search(sentence.text))


def without_opening(text: str) -> str:
    """The sentence without greeting, filler words and the speaker's own introduction in front."""
    previous = None
    while previous != text:
        previous = text
        text = _VOCATIVE.sub("", _INTRODUCTION.sub("", _OPENER.sub("", text)).lstrip(" ,.;-"))
    return text


def _is_question(part: str, text: str) -> bool:
    """By its mark, or where there are no marks by its first words."""
    return part.rstrip().endswith("?") or (
        not part.rstrip().endswith((".", "!")) and bool(_ASKING.match(without_opening(text)))
    )


def _thoughts(text: str) -> Iterable[str]:
    for part in _BORDER.split(text):
        is_unmarked = len(part.split()) > LONG_SENTENCE and not re.search(r"[.,;!?]", part)
        yield from _NEW_THOUGHT.split(part) if is_unmarked else (part,)


@remembered(4096)  # texts of turns, masked before they come here
def _sentences_in(text: str) -> tuple[tuple[str, bool], ...]:
    """The sentences of a turn, each with whether it is a question."""
    return tuple((clean, _is_question(part, clean)) for part, clean in _parts(text))


def _parts(text: str) -> Iterable[tuple[str, str]]:
    for part in _thoughts(_NOISE.sub(" ", text)):
        clean = _SPACES.sub(" ", _FILLER.sub(" ", part)).strip(" ,;-")
        if len(_WORD.findall(clean)) > 0:
            yield part, clean
