"""Playing a recorded call: what is told, in which order."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
from fastapi.testclient import TestClient

from copilot.calls.live import LiveCalls
from copilot.errors import NotFound
from copilot.service import create_app
from copilot.service.demo import Player
from copilot.transcript import Transcript, Turn
from copilot.wiring import Parts
from knowledge.pack import PACKS

DEMO_ITEMS = [json.loads(line)["item_id"] for line in (PACKS / "demo" / "items.jsonl").read_text("utf-8").splitlines()]

TURNS = [
    {"turn_id": "t1", "speaker": "customer", "text": "one two three four five six", "t_ms": 3},
    {"turn_id": "t2", "speaker": "agent", "text": "a short one", "t_ms": 6},
]


class ToldCalls:
    """Records what the player tells the live path."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self, transcript: Transcript) -> None:
        self.told.append(f"start {len(transcript.turns)}")

    def add_partial(self, _call_id: str, turn: Turn) -> None:
        self.told.append(f"partial {turn.turn_id}: {turn.text}")

    def add_turns(self, _call_id: str, turns: Sequence[Turn]) -> None:
        self.told += [f"final {turn.turn_id}: {turn.text}" for turn in turns]

    def end(self, _call_id: str) -> None:
        self.told.append("end")


def told_at(speed: float, folder: Path, *, channel: str = "voice") -> list[str]:
    calls, live = folder / "calls.jsonl", ToldCalls()
    calls.write_text(json.dumps({"call_id": "c", "channel": channel, "turns": TURNS}))

    async def play() -> None:
        await Player(cast("LiveCalls", live), calls).play("c", speed)
        while live.told[-1] != "end":
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(play(), timeout=10))
    return live.told


FINALS = ["final t1: one two three four five six", "final t2: a short one"]


def test_at_a_speed_one_can_watch_a_turn_is_told_while_it_is_spoken(tmp_path: Path) -> None:
    partials = ["partial t1: one two", "partial t1: one two three four"]
    assert told_at(20, tmp_path) == ["start 0", *partials, *FINALS, "end"]


@pytest.mark.parametrize(("speed", "channel"), [(1000, "voice"), (1, "chat")])
def test_a_call_played_fast_and_a_chat_are_told_turn_by_turn(tmp_path: Path, speed: float, channel: str) -> None:
    assert told_at(speed, tmp_path, channel=channel) == ["start 0", *FINALS, "end"]


def test_a_call_the_pack_does_not_have_is_not_played(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="'nobody'"):
        asyncio.run(Player(cast("LiveCalls", ToldCalls()), tmp_path / "none.jsonl").play("nobody", 1))


def test_the_demo_opens_the_reviewers_desk_with_something_to_decide(parts: Parts) -> None:
    app = create_app(parts, is_demo=True)
    create_app(parts, is_demo=True)  # started again, nothing is drafted twice
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    answer = client.get("/demo/reviewer")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert client.get("/v1/session").json()["role"] == "supervisor"
    rows = client.get("/v1/reviews").json()
    assert sorted(row["item_id"] for row in rows) == sorted(DEMO_ITEMS)
    assert "4471882" not in json.dumps([client.get(f"/v1/reviews/{row['draft_id']}").json()["text"] for row in rows])
    foreign = TestClient(app, base_url="http://evil.example", follow_redirects=False)
    assert foreign.get("/demo/reviewer").status_code == 403
    assert TestClient(create_app(parts), base_url="http://127.0.0.1").get("/demo/reviewer").status_code == 404
