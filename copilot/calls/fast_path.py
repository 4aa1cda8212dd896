"""The fast path: what one turn sets off, decided on the spot, without a model and without I/O of its own.

Attention is scarce: at most one new card a customer turn unless it is an alert, nothing twice, silence below the
confidence the operator has set.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile

from copilot.calls.cards import Card, cue_card, in_language, passage_card, script_card, script_for
from copilot.calls.care import care_cues, may_sell
from copilot.calls.cues import HeardCue
from copilot.calls.desk import CALL_STARTED, Desk
from copilot.calls.moment import Moment, Reaction
from copilot.calls.offer_moment import offer_now
from copilot.calls.offering import shown_body
from copilot.calls.sentences import sentences_of
from copilot.calls.state import CallState
from copilot.calls.watchers import WATCHERS
from copilot.transcript import Turn
from knowledge.phrases import plain_words
from knowledge.words import query_words

MIN_CONTENT_WORDS = 3
DISPLACED_TURNS = 3  # so long a script may wait for its place
MATTERS = ("intent", "reason")  # kinds of cues that name what the call is about


@dataclass(frozen=True)
class Matter:
    """A question or a want, in the words of the turn that raised it."""

    text: str
    turn_id: str


def open_call(state: CallState, desk: Desk, on: date) -> list[Reaction]:
    """The opening script, when the pack has one for calls that begin."""
    if state.channel != "voice":
        return []
    card = _script(state, desk, {CALL_STARTED}, [], state.language or desk.pack.head.default_language, on)
    return _numbered(state, [card] if card else [])


def react(
    state: CallState,
    turn: Turn,
    desk: Desk,
    *,
    language: str,
    on: date,
    min_score: float,
    withheld: frozenset[str] = frozenset(),
) -> list[Reaction]:
    """What a turn sets off: cues, alerts, a change of verification, and cards.

    Args:
        state: the call before this turn.
        turn: what was said, already masked.
        desk: the pack at hand.
        language: of the call, as a two-letter code.
        on: the day of the call; documents that do not hold on it are not shown.
        min_score: passages below this confidence stay silent.
        withheld: cues of words said in the turn that may not be kept.
    """
    heard = [cue for cue in desk.cue_reader.read(turn, language) if _is_new(cue, state, turn)]
    moment = Moment(state, turn, tuple(heard), desk, language, on, withheld)
    noticed = [watch(moment) for watch in WATCHERS]
    reactions = [_cue_raised(cue, turn, language) for cue in heard]
    reactions += [reaction for each in noticed for reaction in each.reactions]
    alerts = _unseen(state, [card for each in noticed for card in each.alerts])
    offer = offer_now(moment, reactions)
    reactions += [offer.withheld] if offer.withheld else []
    wanted = ([offer.card] if offer.card else []) + [card for each in noticed for card in each.cards]
    cards = _unseen(state, [card for card in wanted if _is_in_place(card, moment)])[:1]
    shown = _numbered(state, alerts + (cards or _one_card(moment, min_score)))
    return reactions + shown + [_offer_shown(each) for each in shown if "offer" in each.body]


def _is_new(heard: HeardCue, state: CallState, turn: Turn) -> bool:
    """Whether a cue is to be raised; a turn that is corrected raises none for the second time."""
    if not heard.cue.repeat:
        return heard.cue.id not in state.cue_ids
    return not any(raised.turn_id == turn.turn_id and raised.cue_id == heard.cue.id for raised in state.cues)


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


def _offer_shown(card: Reaction) -> Reaction:
    return Reaction("offer.shown", shown_body(card.body))


def _unseen(state: CallState, cards: Sequence[Card]) -> list[Card]:
    """One card about each thing, and none about what a card was shown about before."""
    return list({card.about: card for card in cards if not _was_shown(state, card)}.values())


def _is_in_place(card: Card, moment: Moment) -> bool:
    """No offer where nothing may be sold, and nothing to read while somebody needs care."""
    return may_sell(moment) if card.kind == "offer" else card.kind != "passage" or not care_cues(moment)


def _one_card(moment: Moment, min_score: float) -> list[Card]:
    """At most one: the script for a new cue, else the next step of a cue, else the best passage."""
    state, turn, desk, language, on = moment.state, moment.turn, moment.desk, moment.language, moment.on
    if turn.speaker not in ("customer", "unknown"):
        return []
    care = care_cues(moment)
    script = _script_of(moment, care)
    if script:
        return [script]
    for cue in moment.heard:
        card = cue_card(cue, turn.turn_id, language)
        if card and card.kind == "next_step" and not _was_shown(state, card):
            return [card]
    if care:
        return []
    words = [cue.words for cue in moment.heard if cue.cue.kind in MATTERS]
    matter = _matter(words, turn, language) or _displaced_matter(state, language)
    return _passage(state, matter, desk, language=language, on=on, min_score=min_score) if matter else []


def _displaced_matter(state: CallState, language: str) -> Matter | None:
    """What the customer raised a moment ago, when a script took the place of its passage then."""
    last = next((turn for turn in reversed(state.turns.values()) if turn.speaker == "customer"), None)
    if last is None or not any(card["kind"] == "script" and last.turn_id in card["turn_ids"] for card in state.cards):
        return None
    words = [cue.words for cue in state.cues if cue.turn_id == last.turn_id and cue.kind in MATTERS]
    return _matter(words, last, language)


def _matter(cue_words: Sequence[str], turn: Turn, language: str) -> Matter | None:
    """The sentence of a turn that puts a question or names a matter, the weightiest one; None for talk and answers.

    People wrap what they want into much else: the sentence finds its passage better than the whole turn.
    """
    weighed = [
        (len(query_words(sentence.text, [language])), sentence.text)
        for sentence in sentences_of([turn])
        if sentence.is_question or any(f" {heard_words} " in plain_words(sentence.text) for heard_words in cue_words)
    ]
    weight, text = max(weighed, default=(0, ""))
    return Matter(text, turn.turn_id) if weight >= MIN_CONTENT_WORDS else None


def _script_of(moment: Moment, care: Sequence[str]) -> Card | None:
    """The script of the gravest cue that wants care, else of all cues just heard, else the one that was displaced."""
    state, turn_ids, sells = moment.state, [moment.turn.turn_id], may_sell(moment)
    displaced, displaced_turn_ids = _displaced_cues(state)
    tries = [*(({cue}, turn_ids) for cue in care), (set(moment.heard_ids), turn_ids), (displaced, displaced_turn_ids)]
    cards = (
        _script(state, moment.desk, now, turns, moment.language, moment.on, also=moment.heard_ids, may_sell=sells)
        for now, turns in tries
    )
    return next((card for card in cards if card), None)


def _displaced_cues(state: CallState) -> tuple[set[str], list[str]]:
    """The cues of the customer's last turns, and these turns, when watchers' cards took the place of their script."""
    turns = (turn.turn_id for turn in reversed(state.turns.values()) if turn.speaker == "customer")
    last = islice(turns, DISPLACED_TURNS)
    displaced = list(takewhile(lambda turn_id: _took_its_place(state, turn_id), last))[::-1]
    return {cue.cue_id for cue in state.cues if cue.turn_id in displaced}, displaced


def _took_its_place(state: CallState, turn_id: str) -> bool:
    kinds = {card["kind"] for card in state.cards if turn_id in card["turn_ids"]} - {"alert"}
    return bool(kinds) and "script" not in kinds


def _script(
    state: CallState,
    desk: Desk,
    now: set[str],
    turn_ids: Sequence[str],
    language: str,
    on: date,
    *,
    also: Collection[str] = (),
    may_sell: bool = True,
) -> Card | None:
    """The script for the cues in `now`, if it was not shown; cues before them and those in `also` weigh less."""
    jurisdictions = desk.jurisdictions_of(state.customer_id)
    before = (state.cue_ids | set(also)) - now
    found = desk.script_for(now, before, language=language, jurisdictions=jurisdictions, on=on, may_sell=may_sell)
    if found is None:
        return None
    script, fits = found
    labels = [in_language(desk.cue_reader.by_id[cue].label, language) for cue in fits]
    card = script_card(script, script_for(labels, language), turn_ids)
    return None if card is None or _was_shown(state, card) else card


def _passage(state: CallState, matter: Matter, desk: Desk, *, language: str, on: date, min_score: float) -> list[Card]:
    before = list(state.turns.values())
    jurisdictions = desk.jurisdictions_of(state.customer_id)
    hits = desk.passages_for(
        matter.text,
        before,
        language=language,
        jurisdictions=jurisdictions,
        on=on,
        min_score=min_score,
        customer_id=state.customer_id,
    )
    for hit in hits:
        card = passage_card(hit, matter.text, matter.turn_id)
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
