"""The fast path: what one turn sets off, decided on the spot, without a model and without I/O of its own.

Attention is scarce: at most one new card a customer turn unless it is an alert, nothing twice, silence below the
confidence the operator has set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from copilot.calls.cards import Card, cue_card, flag_card, in_language, passage_card, script_card
from copilot.calls.cues import HeardCue
from copilot.calls.desk import CALL_STARTED, Desk
from copilot.calls.sentences import sentences_of
from copilot.calls.state import CallState
from copilot.transcript import Turn
from knowledge.words import query_words

MIN_CONTENT_WORDS = 3
TURNS_TO_ANSWER = 6


@dataclass(frozen=True)
class Reaction:
    """One event the turn sets off, in the order it is to be appended."""

    type: str
    body: dict[str, Any]


def open_call(state: CallState, desk: Desk, on: date) -> list[Reaction]:
    """The opening script, when the pack has one for calls that begin."""
    if state.channel != "voice":
        return []
    card = _script(state, desk, {CALL_STARTED}, [], state.language or desk.pack.head.default_language, on)
    return _numbered(state, [card] if card else [])


def react(state: CallState, turn: Turn, desk: Desk, *, language: str, on: date, min_score: float) -> list[Reaction]:
    """What a turn sets off: cues, alerts, a change of verification, and cards.

    Args:
        state: the call before this turn.
        turn: what was said, already masked.
        desk: the pack at hand.
        language: of the call, as a two-letter code.
        on: the day of the call; documents that do not hold on it are not shown.
        min_score: passages below this confidence stay silent.
    """
    heard = [cue for cue in desk.cue_reader.read(turn, language) if cue.cue.repeat or cue.cue.id not in state.cue_ids]
    reactions = [_cue_raised(cue, turn, language) for cue in heard]
    reactions += _flags_raised(heard, turn, desk)
    reactions += _verification(state, heard, turn)
    alerts = _alerts(state, heard, turn, desk, language)
    cards = alerts + _one_card(state, heard, turn, desk, language=language, on=on, min_score=min_score)
    return reactions + _numbered(state, cards)


def _cue_raised(heard: HeardCue, turn: Turn, language: str) -> Reaction:
    label = in_language(heard.cue.label, language)
    body = {
        "cue_id": heard.cue.id,
        "kind": heard.cue.kind,
        "label": label,
        "turn_id": turn.turn_id,
        "words": heard.words,
    }
    return Reaction("cue.raised", body)


def _flags_raised(heard: Sequence[HeardCue], turn: Turn, desk: Desk) -> list[Reaction]:
    flags = [desk.flags[cue.cue.id] for cue in heard if cue.cue.kind == "flag" and cue.cue.id in desk.flags]
    return [
        Reaction(
            "alert.raised",
            {"flag": flag.flag_id, "severity": flag.severity, "route": flag.route, "turn_id": turn.turn_id},
        )
        for flag in flags
    ]


def _verification(state: CallState, heard: Sequence[HeardCue], turn: Turn) -> list[Reaction]:
    ids = {cue.cue.id for cue in heard}
    if "verification_failed" in ids:
        return [Reaction("auth.changed", {"level": "none", "result": "failed", "turn_id": turn.turn_id})]
    if "verification_passed" in ids and _was_just_asked(state):
        return [Reaction("auth.changed", {"level": "authenticated", "result": "passed", "turn_id": turn.turn_id})]
    return []


def _was_just_asked(state: CallState) -> bool:
    """Whether verification was asked for within the last few turns: "that's right" means something else later."""
    recent = list(state.turns)[-TURNS_TO_ANSWER:]
    return any(cue.cue_id == "verification_asked" and cue.turn_id in recent for cue in state.cues)


def _alerts(state: CallState, heard: Sequence[HeardCue], turn: Turn, desk: Desk, language: str) -> list[Card]:
    cards = []
    for cue in heard:
        flag = desk.flags.get(cue.cue.id) if cue.cue.kind == "flag" else None
        card = flag_card(cue, flag, turn.turn_id, language) if flag else cue_card(cue, turn.turn_id, language)
        if card and card.kind == "alert" and not _was_shown(state, card):
            cards.append(card)
    return cards


def _one_card(
    state: CallState, heard: Sequence[HeardCue], turn: Turn, desk: Desk, *, language: str, on: date, min_score: float
) -> list[Card]:
    """At most one: the script for a new cue, else the next step of a cue, else the best passage."""
    if turn.speaker not in ("customer", "unknown"):
        return []
    script = _script(state, desk, {cue.cue.id for cue in heard}, [turn.turn_id], language, on)
    if script:
        return [script]
    for cue in heard:
        card = cue_card(cue, turn.turn_id, language)
        if card and card.kind == "next_step" and not _was_shown(state, card):
            return [card]
    if _asks_for_knowledge(heard, turn, language):
        return _passage(state, turn, desk, language=language, on=on, min_score=min_score)
    return []


def _asks_for_knowledge(heard: Sequence[HeardCue], turn: Turn, language: str) -> bool:
    """Whether the turn puts a question or names a matter; small talk and bare answers get no passage."""
    names_matter = any(cue.cue.kind in ("intent", "reason") for cue in heard)
    asks = any(sentence.is_question for sentence in sentences_of([turn]))
    return (names_matter or asks) and len(query_words(turn.text, [language])) >= MIN_CONTENT_WORDS


def _script(
    state: CallState, desk: Desk, now: set[str], turn_ids: Sequence[str], language: str, on: date
) -> Card | None:
    jurisdictions = desk.jurisdictions_of(state.customer_id)
    before = state.cue_ids - now
    found = desk.script_for(now, before, language=language, jurisdictions=jurisdictions, on=on)
    if found is None:
        return None
    script, fits = found
    labels = [in_language(desk.cue_reader.by_id[cue].label, language) for cue in fits]
    card = script_card(script, labels, turn_ids, language)
    return None if card is None or _was_shown(state, card) else card


def _passage(state: CallState, turn: Turn, desk: Desk, *, language: str, on: date, min_score: float) -> list[Card]:
    before = list(state.turns.values())
    jurisdictions = desk.jurisdictions_of(state.customer_id)
    hits = desk.passages_for(turn, before, language=language, jurisdictions=jurisdictions, on=on, min_score=min_score)
    for hit in hits:
        card = passage_card(hit, turn.text, turn.turn_id)
        if not _was_shown(state, card) and not _quotes_shown_document(state, hit.passage.doc_id):
            return [card]
    return []


def _was_shown(state: CallState, card: Card) -> bool:
    return any(shown["about"] == card.about for shown in state.cards)


def _quotes_shown_document(state: CallState, doc_id: str) -> bool:
    """Whether one of the last two cards already came from this document."""
    return any(citation["doc_id"] == doc_id for shown in state.cards[-2:] for citation in shown["citations"])


def _numbered(state: CallState, cards: Sequence[Card]) -> list[Reaction]:
    first = len(state.cards) + 1
    return [Reaction("card.shown", card.as_event_body(f"c{place}")) for place, card in enumerate(cards, start=first)]
