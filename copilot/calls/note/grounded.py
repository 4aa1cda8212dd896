"""The last look at a note: every retold sentence against the turns it names; what they do not bear out is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.quoted import spoken_words
from copilot.guard.grounding import Evidence, check_sentence
from copilot.transcript import Turn

EXACT_CHECKS_ONLY = 0.0
S = TypeVar("S", bound=Statement)
PARTS = "; "  # between the statements of a reason or an outcome


def grounded(
    note: AccountNote, turns: Mapping[str, Turn], *, gazetteer: Sequence[str] = (), known_names: Sequence[str] = ()
) -> AccountNote:
    """The note with the support of each statement, without those that say something else than their turns.

    A figure, a date, a name, a "not" or a speaker that the turns do not hold takes a statement out; of reason and
    outcome, which join several, it takes out the part. Labels of cues are no statements of anybody and are not looked
    at.

    Args:
        note: as composed from the turns.
        turns: the turns of the call, by id.
        gazetteer: names of plans, offers and products.
        known_names: names that need no turn, such as that of the business.
    """

    def support(statement: S) -> S | None:
        if not statement.text:
            return statement
        evidence = [_evidence(turns[turn_id]) for turn_id in statement.turn_ids if turn_id in turns]
        checked = check_sentence(
            spoken_words(statement.text),
            evidence,
            language=note.call_language,
            gazetteer=gazetteer,
            known_names=known_names,
            min_support=EXACT_CHECKS_ONLY,
        )
        return replace(statement, support=round(checked.support, 2)) if checked.supported else None

    def supported(statements: Sequence[S]) -> tuple[S, ...]:
        return tuple(found for found in map(support, statements) if found is not None)

    def without_unsupported_parts(statement: Statement) -> Statement:
        whole = support(statement)
        if whole is not None:
            return whole
        parts = supported([replace(statement, text=part) for part in statement.text.split(PARTS)])
        lowest = min((part.support for part in parts), default=0.0)
        return replace(statement, text=PARTS.join(part.text for part in parts), support=lowest)

    return replace(
        note,
        reason=without_unsupported_parts(note.reason),
        outcome=without_unsupported_parts(note.outcome),
        facts=supported(note.facts),
        told=supported(note.told),
        actions=supported(note.actions),
        offers=tuple(
            replace(
                offer,
                presented=presented,
                answer=support(offer.answer) if offer.answer else None,
                refusal_reason=support(offer.refusal_reason) if offer.refusal_reason else None,
            )
            for offer in note.offers
            if (presented := support(offer.presented)) is not None
        ),
        follow_ups=tuple(
            replace(follow_up, promise=promise)
            for follow_up in note.follow_ups
            if (promise := support(follow_up.promise)) is not None
        ),
        open_questions=supported(note.open_questions),
    )


def statements_of(note: AccountNote) -> Iterator[Statement]:
    """Every statement that is checked, those of reason and outcome part by part."""
    for joined in (note.reason, note.outcome):
        yield from (replace(joined, text=part) for part in joined.text.split(PARTS) if part)
    yield from (*note.facts, *note.told, *note.actions, *note.open_questions)
    for offer in note.offers:
        yield from filter(None, (offer.presented, offer.answer, offer.refusal_reason))
    yield from (follow_up.promise for follow_up in note.follow_ups)


def _evidence(turn: Turn) -> Evidence:
    return Evidence(turn.turn_id, turn.text, turn.speaker)
