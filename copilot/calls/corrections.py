"""Words of a turn that are not final, or are put right later: what is told of them, and what goes from the log.

A partial is shown and nothing more: every number in it is hidden, no cue is read in it. A correction replaces the
words of an accepted turn; cues that rested on the old words alone are withdrawn, cues of the new words are raised. When
the old or the new words hold a secret, everything stored about the turn is rewritten, its partials included.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from copilot.calls.moment import Reaction
from copilot.calls.note import is_settled
from copilot.calls.slow_path import without_turns
from copilot.calls.state import CallState
from copilot.guard.redaction import hide_numbers
from copilot.store import Event
from copilot.transcript import Turn
from knowledge.phrases import plain_words

Body = Mapping[str, Any]


def turn_body(turn: Turn) -> dict[str, Any]:
    """A turn as an event tells it."""
    placed = {"stream": turn.place.stream, "number": turn.place.number} if turn.place else {}
    return {"turn_id": turn.turn_id, "speaker": turn.speaker, "text": turn.text, "t_ms": turn.t_ms, **placed}


def is_late(state: CallState, partial: Turn) -> bool:
    """Whether a partial tells of words that are final already, or of a call that has ended."""
    place = partial.place
    is_overtaken = place is not None and place.number <= state.finals_to.get(place.stream, -1)
    return state.ended or partial.turn_id in state.turns or is_overtaken


_KEPT_OF_AN_EDIT = (
    "reason_code",
    "outcome_code",
    "edited_by",
    "edited_at",
    "edit_reason",
    "signed_by",
    "signed_at",
    "version",
)


def partial_keys(turn: Turn) -> set[str]:
    """What the partials of a turn may go by."""
    return {turn.turn_id, *([turn.place.stream] if turn.place else [])}


def withdrawn_cues(state: CallState, corrected: Turn) -> list[str]:
    """The cues raised by words of a turn that it no longer holds."""
    said = plain_words(corrected.text)
    raised = [cue for cue in state.cues if cue.turn_id == corrected.turn_id]
    return list(dict.fromkeys(cue.cue_id for cue in raised if cue.words and cue.words not in said))


def before_turn(state: CallState, turn_id: str, withdrawn: Sequence[str]) -> CallState:
    """The call as it stood when a turn was spoken, but with every cue and card there is now: none is shown twice."""
    turns: dict[str, Turn] = {}
    for turn in state.turns.values():
        if turn.turn_id == turn_id:
            break
        turns[turn.turn_id] = turn
    cues = [cue for cue in state.cues if cue.turn_id != turn_id or cue.cue_id not in withdrawn]
    return replace(state, turns=turns, cues=cues)


def without_second_card(state: CallState, turn_id: str, reactions: Iterable[Reaction]) -> list[Reaction]:
    """What a corrected turn sets off: no other card when it had its one already, alerts besides."""
    had_one = any(card["kind"] != "alert" and turn_id in card["turn_ids"] for card in state.cards)
    return [one for one in reactions if not (had_one and _is_of_card(one))]


def _is_of_card(reaction: Reaction) -> bool:
    """Whether it shows a card, or tells of the offer on one."""
    is_card = reaction.type == "card.shown" and reaction.body["kind"] != "alert"
    return is_card or (reaction.type == "offer.shown" and "card_id" in reaction.body)


def rewritten(events: Iterable[Event], late: Mapping[str, str], note: Body | None = None) -> dict[int, Body]:
    """Stored bodies that hold words of turns found secret only now, as they shall stand from here on.

    Args:
        events: of the call.
        late: the turns (or streams of partials), each with the text it shall have.
        note: replaces every note that was written before.
    """
    changed: dict[int, Body] = {}
    for event in events:
        changes = note if note and event.type == "note.updated" else _without_words(event.body, late)
        if changes:
            changed[event.seq] = {**event.body, **changes}
    return changed


def rewritten_note(fresh: Body, before: Body | None) -> Body | None:
    """The note of an ended call whose turns have changed.

    What a person edited or signed stands, with the numbers of its text hidden and the words of its changes gone: a
    secret was found in the call, and they may hold it.
    """
    if before is None or not is_settled(before):
        return fresh
    kept = {name: before[name] for name in _KEPT_OF_AN_EDIT if name in before}
    return {**fresh, **kept, "text": hide_numbers(before["text"]), "changes": []}


def _without_words(body: Body, late: Mapping[str, str]) -> dict[str, Any]:
    """What changes in an event's body when the words of these turns must go."""
    if body.get("turn_id") in late:
        if "text" in body:
            return {"text": late[body["turn_id"]]}
        return {name: "" for name in ("words", "wording") if body.get(name)}
    if "answer_id" in body:
        return without_turns(body, late)
    if "card_id" in body and any(turn_id in late for turn_id in body.get("turn_ids", ())):
        return {"reason": ""}
    return {}
