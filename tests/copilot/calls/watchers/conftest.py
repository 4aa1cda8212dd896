"""For tests of the watchers: a call that is talked through, and the cards that came with each turn."""

from collections.abc import Callable
from typing import Any

import pytest

from copilot.calls.live import LiveCalls
from copilot.transcript import Speaker, Turn
from tests.copilot.conftest import call

Talk = Callable[..., list[dict[str, Any]]]


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
