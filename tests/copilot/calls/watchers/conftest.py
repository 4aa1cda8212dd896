"""Calls talked through or played turn by turn, over the demo pack or one whose regimes a test changes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.store import EventLog
from copilot.transcript import Speaker, Transcript, Turn
from knowledge.pack import Pack
from tests.copilot.conftest import call

Talk = Callable[..., list[dict[str, Any]]]
Line = tuple[Speaker, str] | tuple[Speaker, str, int]
PlayCall = Callable[..., "Played"]


@pytest.fixture
def talk(live: LiveCalls) -> Talk:
    """Say lines in a call of this language; returns the cards shown, without those of the opening, in order."""

    def say(*lines: tuple[Speaker, str], language: str = "en", customer_id: str | None = None) -> list[dict[str, Any]]:
        live.start(call("watched", language=language, customer_id=customer_id))
        before = live.events("watched")[-1].seq
        first = len(live.turns("watched")) + 1
        live.add_turns("watched", [Turn(f"t{n}", who, text) for n, (who, text) in enumerate(lines, start=first)])
        return [dict(event.body) for event in live.events("watched", before) if event.type == "card.shown"]

    return say


class Played:
    """A call after these turns."""

    def __init__(self, live: LiveCalls, call_id: str) -> None:
        self.live, self.call_id = live, call_id

    def bodies(self, *types: str) -> list[dict[str, Any]]:
        return [dict(event.body) for event in self.live.events(self.call_id) if event.type in types]

    def cards(self, about: str = "") -> list[dict[str, Any]]:
        return [card for card in self.bodies("card.shown") if card["about"].startswith(about)]

    def consents(self, kind: str) -> list[tuple[bool, str]]:
        bodies = self.bodies("consent.changed")
        return [(body["given"], body["turn_id"]) for body in bodies if body["kind"] == kind]

    def attempts(self) -> dict[str, Any]:
        found: dict[str, Any] = self.live.summary(self.call_id)["save_attempts"]
        return found

    def say(self, *lines: Line) -> None:
        first = len(self.live.turns(self.call_id)) + 1
        turns = [
            Turn(f"t{place}", line[0], line[1], line[2] if len(line) > 2 else None)
            for place, line in enumerate(lines, start=first)
        ]
        self.live.add_turns(self.call_id, turns)


@pytest.fixture
def play_call(database: Engine, demo_pack: Pack) -> PlayCall:
    """Play lines as a new call; `state` adds a customer of that state, `regimes` changes those of the pack."""

    def play_call(
        *lines: Line,
        state: str | None = None,
        language: str = "en",
        channel: str = "voice",
        call_id: str = "c",
        regimes: dict[str, object] | None = None,
        **record: object,
    ) -> Played:
        changed = demo_pack.head.regimes.model_copy(update=regimes or {})
        head = demo_pack.head.model_copy(update={"regimes": changed})
        desk = Desk(replace(demo_pack, head=head), None)
        if state or record:
            desk.add_customer({"customer_id": "X", "state": state, "segment": "home", **record})
        live = LiveCalls(EventLog(database), desk)
        customer = "X" if state or record else None
        live.start(Transcript(call_id, language=language, channel=channel, customer_id=customer))
        played = Played(live, call_id)
        if lines:
            played.say(*lines)
        return played

    return play_call
