"""Questions of the customer that nobody answered."""

import re
from collections.abc import Sequence

from copilot.calls.note.model import Statement
from copilot.calls.note.reported import retell_customer
from copilot.calls.sentences import Sentence, is_pleasantry, without_opening

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
MIN_QUESTION_WORDS = 3
MIN_ANSWER_WORDS = 3
MAX_OPEN = 3


def open_questions(sentences: Sequence[Sentence], language: str) -> tuple[Statement, ...]:
    """Customer's questions that nobody answered, retold; at most three, the newest last."""
    return tuple(Statement(retell_customer(s.text, language), (s.turn_id,)) for s in unanswered(sentences))


def unanswered(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Customer's questions after which the agent said no statement of their own, at most three, the newest last.

    A question back, a hold phrase, thanks or farewell, or a single word is no answer.
    """
    still_open: list[Sentence] = []
    for sentence in sentences:
        if sentence.speaker == "customer" and _is_question(sentence):
            still_open.append(sentence)
        elif sentence.speaker == "agent" and _is_answer(sentence):
            still_open.clear()
    return still_open[-MAX_OPEN:]


def _is_question(sentence: Sentence) -> bool:
    core = without_opening(sentence.text)
    asks = sentence.is_question or bool(_ASKING.match(core))
    return asks and sentence.word_count >= MIN_QUESTION_WORDS and not _SOCIAL.search(core)


def _is_answer(sentence: Sentence) -> bool:
    enough = sentence.word_count >= MIN_ANSWER_WORDS or bool(re.match(r"(?:yes|no|sí|correct)\b", sentence.text, re.I))
    is_talk = sentence.is_question or is_pleasantry(sentence)
    return enough and not is_talk and not _HOLDING.search(sentence.text)
