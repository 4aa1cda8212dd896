"""Promises to come back to the caller that name no time."""

import re
from collections.abc import Iterable, Sequence

from copilot.calls.note.due_phrases import find_due
from copilot.calls.sentences import Sentence, by_turn, is_pleasantry, nearest
from copilot.spoken import written_form
from knowledge.phrases import plain_words

# To call, come, write or look again: the caller waits for it. "I'll put a note on it" is done at once.
_COMES_BACK = re.compile(
    r" (?:call|phone|get back|follow up|reach out|contact|check back|let you know|come (?:out|by)|be out|"
    r"llam\w*|marc\w*|contact\w*|avis\w*|comunic\w*) "
)
# Any word of time takes the doubt away, also one that is too loose to be a due date.
_ANY_TIME = re.compile(
    r"\d|\b(?:once|when|as soon as|after|until|by|before|later|now|morning|afternoon|evening|noon|week|month|hours?|"
    r"minutes?|days?|cuando|despu[eé]s|luego|ahora|antes|tarde|mañana|noche|semana|mes|horas?|minutos?|d[ií]as?|"
    r"if|si|(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b",
    re.IGNORECASE,
)


def promises_without_time(heard: Iterable[tuple[str, str]], sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences in which somebody promised to come back and said no time, in order.

    Args:
        heard: turn and words of each promise cue.
        sentences: those of the whole call. A time in the sentence before or behind counts.
    """
    of_turns = by_turn(sentences)
    nearest_ones = (nearest(words, of_turns.get(turn_id, ())) for turn_id, words in heard)
    found = {sentence.place: sentence for sentence in nearest_ones if sentence is not None}
    return [
        sentence
        for place, sentence in sorted(found.items())
        if _COMES_BACK.search(plain_words(sentence.text)) and not _names_time(place, sentences)
    ]


def _names_time(place: int, sentences: Sequence[Sentence]) -> bool:
    near = sentences[max(0, place - 1) : place + 3]
    around = " ".join(sentence.text for sentence in near if not is_pleasantry(sentence))
    written = written_form(around)
    return bool(_ANY_TIME.search(written) or find_due(written))
