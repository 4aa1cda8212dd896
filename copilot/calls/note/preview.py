"""The note while the call runs: without the lines that the caller is not verified far enough to hear."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeVar

from copilot.calls.fields import FieldsSoFar
from copilot.calls.note.compose import compose_note
from copilot.calls.note.model import AccountNote, FollowUp, OfferTalk, Statement
from copilot.calls.state import CallState
from copilot.guard.verification import (
    DISCLOSURES,
    Rulebook,
    classify,
    items_in,
    may_show,
    open_classes,
    stricter,
    unaided_items,
)
from copilot.transcript import Turn
from knowledge.documents import Disclosure
from knowledge.pack import Pack

Said = TypeVar("Said", bound=Statement)
_NOTHING = Statement("", ())


def preview_note(
    state: CallState, pack: Pack, rulebook: Rulebook, *, language: str, form: FieldsSoFar | None = None
) -> AccountNote:
    """The note of a running call, closed lines left out and counted in `withheld`.

    What the customer said unaided stays, that item only.
    """
    if open_classes(state.standing, rulebook) == DISCLOSURES:
        return compose_note(state, pack, language=language, form=form)
    narrow = partial(_narrowed, sight=_Sight(state, rulebook, language))
    return compose_note(state, pack, language=language, form=form, narrow=narrow)


@dataclass(frozen=True)
class _Sight:
    """Which statements may be seen at this moment of a call."""

    state: CallState
    rulebook: Rulebook
    language: str

    @cached_property
    def unaided(self) -> frozenset[str]:
        return unaided_items(self.state.turns.values(), self.language)

    def may_tell(self, statement: Statement) -> bool:
        items = items_in(statement.text, self.language)
        if items and items <= self.unaided:
            return True
        turns = [self.state.turns[turn_id] for turn_id in statement.turn_ids if turn_id in self.state.turns]
        if turns and not items and all(turn.speaker == "customer" for turn in turns):
            return True  # the customer's own words, and no value in them that could be somebody else's
        disclosure = self._class_of(statement.text)
        for turn in self._told(items - self.unaided, turns):
            disclosure = stricter(disclosure, self._class_of(turn.text))
        return may_show(disclosure, self.state.standing, self.rulebook).allowed

    def _told(self, aided: frozenset[str], turns: Sequence[Turn]) -> Iterable[Turn]:
        """The turns of agents and systems from which these items came."""
        others = [turn for turn in self.state.turns.values() if turn.speaker != "customer"]
        return (turn for turn in others if aided & items_in(turn.text, self.language) or (aided and turn in turns))

    def _class_of(self, text: str) -> Disclosure:
        return classify(text, self.rulebook).disclosure


def _narrowed(note: AccountNote, *, sight: _Sight) -> AccountNote:
    may_tell = sight.may_tell
    kept = replace(
        note,
        reason=note.reason if may_tell(note.reason) else _NOTHING,
        outcome=note.outcome if may_tell(note.outcome) else _NOTHING,
        facts=_kept(note.facts, may_tell),
        told=_kept(note.told, may_tell),
        actions=_kept(note.actions, may_tell),
        open_questions=_kept(note.open_questions, may_tell),
        follow_ups=tuple(each for each in note.follow_ups if _may_follow_up(each, may_tell)),
        offers=tuple(each for each in note.offers if _may_offer(each, may_tell)),
        fields=tuple(f for f in note.fields if may_tell(Statement(f"{f.name}: {f.value}", f.turn_ids))),
        ticket_ids=tuple(number for number in note.ticket_ids if may_tell(Statement(number, ()))),
    )
    return replace(kept, withheld=_lines(note) - _lines(kept))


def _kept(statements: Sequence[Said], may_tell: Callable[[Statement], bool]) -> tuple[Said, ...]:
    return tuple(statement for statement in statements if may_tell(statement))


def _may_follow_up(each: FollowUp, may_tell: Callable[[Statement], bool]) -> bool:
    return may_tell(each.promise)


def _may_offer(each: OfferTalk, may_tell: Callable[[Statement], bool]) -> bool:
    return all(may_tell(part) for part in (each.presented, each.answer, each.refusal_reason) if part is not None)


def _lines(note: AccountNote) -> int:
    parts = (note.facts, note.told, note.actions, note.open_questions, note.follow_ups, note.offers, note.fields)
    return sum(map(len, parts)) + len(note.ticket_ids) + bool(note.reason.text) + bool(note.outcome.text)
