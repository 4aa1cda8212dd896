"""The body of a note: what the customer stated, what they were told, what was done, and what was promised."""

import re
from collections.abc import Collection, Sequence

from copilot.calls.fields import Field
from copilot.calls.note.material import Material, distinct, figures_in
from copilot.calls.note.model import FollowUp, Statement
from copilot.calls.sentences import Sentence, has_mask, is_pleasantry

MAX_FACTS = 4
MAX_TOLD = 3
MAX_ACTIONS = 5
MAX_FOLLOW_UPS = 4
MIN_STATEMENT_WORDS = 5

_DAY = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}"
)
_UNIT = r"(?:business |working )?(?:hours?|days?|weeks?|minutes?|horas?|días|semanas?|minutos?)"
_HOUR = r"(?: (?:at|by|before|a las|antes de las) [\w: ]{1,12})?"
_HOW_MANY = r"(?:the next |about |un |una |a |an )?[\w-]*(?: (?:to|a) [\w-]+)?"
# "by Thursday at 3", "within 2 hours", "tomorrow morning", "el lunes a las 10"
_DUE = re.compile(
    rf"\b(?:(?:by|before|on|until|this|next|el|para el|antes del) (?:{_DAY})(?:,? the \d+\w*)?{_HOUR}|"
    rf"(?:{_DAY}){_HOUR}|(?:in|within|en|dentro de) {_HOW_MANY} ?{_UNIT}|"
    rf"(?:by |before )?(?:tomorrow|today|tonight|mañana|hoy)(?: morning| afternoon| evening)?{_HOUR}|"
    rf"by (?:noon|\d{{1,2}}(?::\d\d)?(?: ?[ap]m)?))\b",
    re.IGNORECASE,
)


# "I can open a dispute, so it's set aside": offered, not done.
_OFFERED = re.compile(
    r"(?:(?:ok|okay|and|so|well|now)[,\s]+)*(?:i|we)?\s*(?:can|could|will|would|'ll|need|let me|puedo|podemos)\b",
    re.IGNORECASE,
)


def facts(material: Material, used: Collection[int], fields: Sequence[Field]) -> tuple[Statement, ...]:
    """What else the customer stated: with a figure in it, or at length; not what stands in a field of its own.

    Args:
        material: the call.
        used: places of sentences that already stand elsewhere in the note.
        fields: the form fields of the note.
    """
    in_fields = {turn_id for field in fields for turn_id in field.turn_ids}
    candidates = [
        sentence
        for sentence in material.sentences
        if sentence.speaker == "customer"
        and sentence.place not in used
        and sentence.turn_id not in in_fields
        and _is_statement(sentence)
    ]
    return _weightiest(material, candidates, MAX_FACTS, least=1.0)


def told(material: Material) -> tuple[Statement, ...]:
    """What the agent told the customer: figures given, and answers to the customer's questions."""
    elsewhere = material.places_of(
        "action_done", "promise_made", "offer_presented", "verification_passed", "recording_notice"
    )
    candidates = []
    before: Sentence | None = None
    for sentence in material.sentences:
        answers = before is not None and before.speaker == "customer" and before.is_question
        is_told = sentence.speaker == "agent" and _is_statement(sentence) and sentence.place not in elsewhere
        if is_told and not is_pleasantry(sentence) and (answers or figures_in(sentence)):
            candidates.append(sentence)
        before = sentence
    return _weightiest(material, candidates, MAX_TOLD, least=0.0)


def follow_ups(material: Material) -> tuple[FollowUp, ...]:
    """What the agent promised, with the time as it was said."""
    promised = distinct(material.of_cue(cue) for cue in material.cues("promise_made"))
    return tuple(FollowUp(promise, owner="agent", due=due_in(promise.text)) for promise in promised[:MAX_FOLLOW_UPS])


def actions(material: Material) -> tuple[Statement, ...]:
    """What was done: said by the agent as done, or reported by a system with figures."""
    promised = material.places_of("promise_made")
    statements = [
        material.retold(sentence)
        for sentence in map(material.sentence_of, material.cues("action_done"))
        if sentence is not None
        and sentence.place not in promised
        and _is_statement(sentence, min_words=3)
        and not _OFFERED.match(sentence.text)
    ]
    statements += [
        Statement(turn.text.strip(), (turn.turn_id,))
        for turn in material.state.turns.values()
        if turn.speaker == "system" and any(char.isdigit() for char in turn.text)
    ]
    return tuple(distinct(statements)[:MAX_ACTIONS])


def due_in(text: str) -> str | None:
    """The time by which something was promised, as it was said; None when no time was."""
    found = _DUE.search(text)
    return found.group(0).strip() if found else None


def _is_statement(sentence: Sentence, min_words: int = MIN_STATEMENT_WORDS) -> bool:
    return sentence.word_count >= min_words and not sentence.is_question and not has_mask(sentence)


def _weightiest(
    material: Material, candidates: Sequence[Sentence], limit: int, *, least: float
) -> tuple[Statement, ...]:
    """The weightiest sentences in the order they were spoken."""
    weighed = [(_weight(sentence), sentence) for sentence in candidates]
    chosen = sorted(weighed, key=lambda pair: (-pair[0], pair[1].place))[:limit]
    in_order = sorted((s for weight, s in chosen if weight >= least), key=lambda s: s.place)
    return tuple(distinct(material.retold(sentence) for sentence in in_order))


def _weight(sentence: Sentence) -> float:
    return 1.5 * min(figures_in(sentence), 2) + min(sentence.word_count, 20) / 20
