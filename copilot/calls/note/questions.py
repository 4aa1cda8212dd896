"""Questions of the customer that nobody answered."""

import re
from collections.abc import Sequence

from copilot.calls.note.material import Material
from copilot.calls.note.model import Statement
from copilot.calls.sentences import Sentence, is_pleasantry, without_opening
from copilot.spoken import written_form
from knowledge.phrases import plain_words

_ASKING = re.compile(
    r"^(?:what|when|where|how|why|who|which|do you|does|is there|are there|can i|will|would|"
    r"qué|cuándo|cómo|dónde|cuánto|por qué|hay|puedo)\b",
    re.IGNORECASE,
)
_HOLDING = re.compile(
    r"\b(?:let me|one moment|just a (?:moment|second)|hold on|bear with me|give me a|un momento|permítame|déjeme)\b",
    re.IGNORECASE,
)
_SOCIAL = re.compile(r"\b(?:how are you|are you there|you know|right|hello|cómo está)\s*\?*$", re.IGNORECASE)
_EXCLAIMED = re.compile(
    r"^(?:what an?|will do|would (?:love|like|be)|qué (?:bueno|bien|pena|lástima|amable|gusto|alivio))\b", re.IGNORECASE
)
# What can only be answered with a time or an amount, and what names one or says that there is none.
_ASKS_HOW_MUCH = re.compile(
    r"\b(?:when (?:will|is|does|do|can|are|should|would)|how (?:long|soon|much)|what (?:day|date|time)|"
    r"cuándo|cuanto|cuánto|qué (?:día|fecha|hora))\b",
    re.IGNORECASE,
)
_NAMES_HOW_MUCH = re.compile(
    r"\d|[$%]|\b(?:today|tomorrow|tonight|now|immediately|already|soon|right away|when|once|until|after|before|by|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|morning|afternoon|evening|noon|hours?|minutes?|seconds?|days?|weeks?|"
    r"months?|years?|free|nothing|same|no|not|none|never|depends|don't|can't|isn't|won't|sure|"
    r"one|two|three|four|five|six|seven|eight|nine|hoy|mañana|ahora|ya|pronto|cuando|después|antes|hasta|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|tarde|noche|horas?|minutos?|días?|semanas?|mes|meses|"
    r"gratis|nada|mismo|nunca|depende|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)\b",
    re.IGNORECASE,
)
MIN_QUESTION_WORDS = 3
MIN_ANSWER_WORDS = 3
MAX_OPEN = 3


def open_questions(material: Material) -> tuple[Statement, ...]:
    """Customer's questions that nobody answered, retold; at most three, the newest last."""
    return tuple(material.retold(sentence) for sentence in unanswered(material.sentences))


def unanswered(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Customer's questions after which the agent said no statement of their own, at most three, the newest last.

    A question back, a hold phrase, thanks or farewell, or a single word is no answer; to "when" and "how much", nor is
    a statement without any time or amount.
    """
    still_open: list[Sentence] = []
    for sentence in sentences:
        if sentence.speaker == "customer" and _is_question(sentence):
            still_open.append(sentence)
        elif still_open and sentence.speaker == "agent" and _is_answer(sentence):
            names_how_much = bool(_NAMES_HOW_MUCH.search(written_form(sentence.text)))
            still_open = [asked for asked in still_open if _ASKS_HOW_MUCH.search(asked.text) and not names_how_much]
    once = {plain_words(without_opening(asked.text)): asked for asked in still_open}  # asked again, it is one question
    return list(once.values())[-MAX_OPEN:]


def _is_question(sentence: Sentence) -> bool:
    core = without_opening(sentence.text)
    asks = sentence.is_question or (bool(_ASKING.match(core)) and not _EXCLAIMED.match(core))
    return asks and sentence.word_count >= MIN_QUESTION_WORDS and not _SOCIAL.search(core)


def _is_answer(sentence: Sentence) -> bool:
    enough = sentence.word_count >= MIN_ANSWER_WORDS or bool(re.match(r"(?:yes|no|sí|correct)\b", sentence.text, re.I))
    is_talk = sentence.is_question or is_pleasantry(sentence)
    return enough and not is_talk and not _HOLDING.search(sentence.text)
