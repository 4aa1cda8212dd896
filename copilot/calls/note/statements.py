"""The body of a note: what the customer stated, and what they were told."""

from collections.abc import Collection, Sequence

from copilot.calls.fields import Field
from copilot.calls.note.material import Material, distinct, figures_in
from copilot.calls.note.model import Statement
from copilot.calls.sentences import Sentence, has_mask, is_pleasantry

MAX_FACTS = 4
MAX_TOLD = 3
MIN_STATEMENT_WORDS = 5


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
