"""The last look at a note: every retold sentence against the turns it names; what they do not bear out is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.quoted import spoken_words
from copilot.guard.grounding import Evidence, check_sentence
from copilot.transcript import Turn

EXACT_CHECKS_ONLY = 0.0
S = TypeVar("S", bound=Statement)


def grounded(note: AccountNote, turns: Mapping[str, Turn]) -> AccountNote:
    """The note with the support of each statement, without those that say something else than their turns.

    A figure, a date, a name, a "not" or a speaker that the turns do not hold takes a statement out. Reason and
    outcome stay, with their support: they are the customer's and the agent's own words. Labels of cues are no
    statements of anybody and are not looked at.
    """

    def support(statement: S) -> S | None:
        if not statement.text:
            return statement
        evidence = [_evidence(turns[turn_id]) for turn_id in statement.turn_ids if turn_id in turns]
        checked = check_sentence(
            spoken_words(statement.text), evidence, language=note.call_language, min_support=EXACT_CHECKS_ONLY
        )
        return replace(statement, support=round(checked.support, 2)) if checked.supported else None

    def supported(statements: Sequence[S]) -> tuple[S, ...]:
        return tuple(found for found in map(support, statements) if found is not None)

    return replace(
        note,
        reason=support(note.reason) or replace(note.reason, support=0.0),
        outcome=support(note.outcome) or replace(note.outcome, support=0.0),
        facts=supported(note.facts),
        told=supported(note.told),
        actions=supported(note.actions),
        follow_ups=tuple(
            replace(follow_up, promise=promise)
            for follow_up in note.follow_ups
            if (promise := support(follow_up.promise)) is not None
        ),
    )


def _evidence(turn: Turn) -> Evidence:
    return Evidence(turn.turn_id, turn.text, turn.speaker)
