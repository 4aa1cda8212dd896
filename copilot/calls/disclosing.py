"""The gate every event passes on its way into the log, and the one way out of it: what a reader may see.

A card above the caller's level is appended hidden, its whole body under a key that no reader gets; when the level
allows it, it is appended again, whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from copilot.calls.state import WITHHELD, CallState
from copilot.guard.verification import Rulebook, Standing, classify, may_show, stricter, wrong_hint
from copilot.store import Event, NewEvent
from knowledge.documents import Disclosure

_TELLS_NOTHING = ("card_id", "kind", "turn_ids")  # of a hidden card these are shown
_GENERATED = ("answer", "offer")  # kinds whose words are judged, too: they are nobody's document
_HINTING = ("answer", "next_step")


def gated(state: CallState, new: Sequence[NewEvent], rulebook: Rulebook, language: str) -> list[NewEvent]:
    """The events as they may be appended behind what the state knows.

    Cards above the caller's level are hidden, hidden ones follow the change of level that opens them, and a card
    that would have a hint rest on biographical or account data is left out.
    """
    standing, waiting = state.standing, dict(state.waiting)
    appended: list[NewEvent] = []
    for event in new:
        if event.type == "auth.changed":
            appended.append(event)
            standing = standing.after(event.body["level"], event.body.get("releases", ()))
            opened = [seq for seq, body in waiting.items() if _is_open(body["disclosure"], standing, rulebook)]
            appended += [_again(waiting.pop(seq), seq, event.at) for seq in opened]
        elif event.type == "card.shown" and "releases" not in event.body:
            for allowed in _as_allowed(event, standing, rulebook, language):
                appended.append(allowed)
                if WITHHELD in allowed.body:
                    waiting[state.seq + len(appended)] = allowed.body[WITHHELD]
        else:
            appended.append(event)
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


def _as_allowed(event: NewEvent, standing: Standing, rulebook: Rulebook, language: str) -> list[NewEvent]:
    body = event.body
    if body["kind"] in _HINTING and not body["citations"] and _hints(body, rulebook, language):
        return []
    disclosure = _class_of(body, rulebook)
    body = {**body, "disclosure": disclosure}
    permission = may_show(disclosure, standing, rulebook)
    if permission.allowed:
        return [replace(event, body=body)]
    title, says = rulebook.warning("hidden", language)
    shown = {key: body[key] for key in _TELLS_NOTHING if key in body}
    nothing = {"about": "", "reason": "", "citations": [], "disclosure": disclosure}
    hidden = {"title": title, "body": "", "hidden": True, "needs": permission.needs, "next_step": says}
    return [replace(event, body={**shown, **nothing, **hidden, WITHHELD: body})]


def _class_of(body: Mapping[str, Any], rulebook: Rulebook) -> Disclosure:
    said: Disclosure = body.get("disclosure", "public")
    if body["kind"] not in _GENERATED:
        return said
    return stricter(said, classify(f"{body['title']}. {body['body']}", rulebook).disclosure)


def _hints(body: Mapping[str, Any], rulebook: Rulebook, language: str) -> bool:
    return wrong_hint(f"{body['title']}. {body['body']}", rulebook, language) is not None


def _again(body: Mapping[str, Any], seq: int, at: str) -> NewEvent:
    return NewEvent("card.shown", {**body, "releases": seq}, at)


def _is_open(disclosure: Disclosure, standing: Standing, rulebook: Rulebook) -> bool:
    return may_show(disclosure, standing, rulebook).allowed
