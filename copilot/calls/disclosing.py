"""The gate every event passes on its way into the log, and the one way out of it: what a reader may see.

A card above the caller's level is appended hidden, its whole body under a key that no reader gets; when the level
allows it, it is appended again, whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from copilot.calls.state import REVEALS, WITHHELD, CallState
from copilot.guard.verification import Rulebook, Standing, classify, may_show, stricter, wrong_hint
from copilot.store import Event, NewEvent
from knowledge.documents import Disclosure

GATED = ("card.shown", "answer.ready", "offer.shown")  # what tells an agent something that nobody said in the call
_TELLS_NOTHING = ("card_id", "kind", "turn_id", "turn_ids")  # of what is hidden these are told
_GENERATED = ("answer", "offer", "next_step")


def gated(state: CallState, new: Sequence[NewEvent], rulebook: Rulebook, language: str) -> list[NewEvent]:
    """The events as they may be appended behind what the state knows.

    What is above the caller's level is hidden, hidden events follow the change of level that opens them, and a
    suggestion that would have a hint rest on biographical or account data is left out.
    """
    standing, waiting = state.standing, dict(state.waiting)
    appended: list[NewEvent] = []
    for each in new:
        is_gated = each.type in GATED and REVEALS not in each.body
        event = _as_allowed(each, standing, rulebook, language) if is_gated else each
        if event is None:
            continue
        appended.append(event)
        if WITHHELD in event.body:
            seq = state.seq + len(appended)
            waiting[seq] = Event(state.call_id, seq, event.at, event.type, event.body)
        if event.type == "auth.changed":
            standing = standing.after(event.body["level"], event.body.get("releases", ()))
            opened = [hidden for hidden in waiting.values() if _is_open(hidden, standing, rulebook)]
            appended += [_again(waiting.pop(hidden.seq), event.at) for hidden in opened]
    return appended


def for_readers(event: Event) -> Event:
    """The event as everybody gets it, without what is withheld."""
    if WITHHELD not in event.body:
        return event
    return replace(event, body={key: value for key, value in event.body.items() if key != WITHHELD})


def without_reason(body: Mapping[str, Any]) -> dict[str, Any]:
    """What changes in a card's body when the words that called for it must go."""
    withheld = body.get(WITHHELD)
    return {"reason": ""} | ({WITHHELD: {**withheld, "reason": ""}} if withheld else {})


def _as_allowed(event: NewEvent, standing: Standing, rulebook: Rulebook, language: str) -> NewEvent | None:
    """The event with its class, hidden where that is above the level; None when it must not be told at all."""
    body, text = event.body, _own_words(event)
    if text and wrong_hint(text, rulebook, language) is not None:
        return None
    disclosure: Disclosure = body.get("disclosure", "public")
    if text and body.get("kind") != "next_step":  # what a cue's card says is the pack's, not the account's
        disclosure = stricter(disclosure, classify(text, rulebook).disclosure)
    body = {**body, "disclosure": disclosure}
    permission = may_show(disclosure, standing, rulebook)
    if permission.allowed:
        return replace(event, body=body)
    title, says = rulebook.warning("hidden", language)
    told = {key: body[key] for key in _TELLS_NOTHING if key in body}
    nothing = {"about": "", "reason": "", "body": "", "citations": []}
    hidden = {"title": title, "disclosure": disclosure, "hidden": True, "needs": permission.needs, "next_step": says}
    return replace(event, body={**told, **nothing, **hidden, WITHHELD: body})


def _own_words(event: NewEvent) -> str:
    """What an event says that no document says for it: that is judged by its words."""
    body = event.body
    is_cited = bool(body.get("citations") or body.get("sources"))
    if is_cited or (event.type == "card.shown" and body.get("kind") not in _GENERATED):
        return ""
    return ". ".join(body[key] for key in ("title", "body", "text") if isinstance(body.get(key), str))


def _again(hidden: Event, at: str) -> NewEvent:
    return NewEvent(hidden.type, {**hidden.body[WITHHELD], REVEALS: hidden.seq}, at)


def _is_open(hidden: Event, standing: Standing, rulebook: Rulebook) -> bool:
    return may_show(hidden.body["disclosure"], standing, rulebook).allowed
