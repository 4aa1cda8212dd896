"""Several calls at once over real HTTP: every event arrives once and in order, also when the service is killed."""

import asyncio
from pathlib import Path

import pytest

from copilot.errors import BadInput
from copilot.feeds import read_transcripts
from copilot.service.bench import Spread, bench_live, play_calls
from copilot.service.bench_callers import Line, Tally
from copilot.settings import Settings
from copilot.store import EventLog, open_database
from knowledge.pack import PACKS
from tests.copilot.service.conftest import Server

CALLS = 10
PACE_S = 0.2
TRANSCRIPTS = read_transcripts(PACKS / "demo" / "calls.jsonl")


async def load(server: Server, seconds: float) -> Tally:
    token = server.headers["Authorization"].removeprefix("Bearer ")
    return await play_calls(server.url, token, TRANSCRIPTS, calls=CALLS, seconds=seconds, pace_s=PACE_S)


async def load_and_kill(server: Server) -> Tally:
    loading = asyncio.create_task(load(server, seconds=8))
    await asyncio.sleep(1.5)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    return await loading


def stored_turns(data_dir: Path, call_id: str) -> list[str]:
    engine = open_database(f"sqlite:///{data_dir / 'copilot.db'}")
    try:
        return [event.body["turn_id"] for event in EventLog(engine).read(call_id) if event.type == "turn.final"]
    finally:
        engine.dispose()


def test_no_event_is_lost_or_doubled_with_several_calls_at_once(server: Server) -> None:
    tally = asyncio.run(load(server, seconds=3))
    assert (tally.lost, tally.doubled, dict(tally.errors)) == (0, 0, {})
    assert len(tally.lines) >= CALLS
    assert [line.heard for line in tally.lines] == [line.acknowledged for line in tally.lines]
    assert len(tally.turn_heard_s) > CALLS
    assert tally.card_heard_s


def test_a_kill_under_load_loses_no_acknowledged_turn_and_the_streams_go_on_where_they_were(
    server: Server, tmp_path: Path
) -> None:
    tally = asyncio.run(load_and_kill(server))
    server.kill()
    assert tally.errors, "the kill was not noticed: it came before or after the load"
    assert (tally.lost, tally.doubled) == (0, 0)
    assert [line.heard for line in tally.lines] == [line.acknowledged for line in tally.lines]
    assert [stored_turns(tmp_path, line.call_id) for line in tally.lines] == [line.acknowledged for line in tally.lines]


def test_a_gap_and_a_repeat_are_counted() -> None:
    tally = Tally()
    line = Line("call-1", tally, acknowledged_seq=6)
    for seq in (1, 2, 2, 4):
        line.take({"id": str(seq), "event": "cue.raised", "data": "{}"})
    line.close()
    assert (tally.lost, tally.doubled) == (1 + 2, 1)  # 3, then 5 and 6; 2


def test_percentiles_of_a_hundred_times_are_their_places() -> None:
    assert Spread.of([place / 1000 for place in range(100)]) == Spread(100, 50.0, 95.0, 99.0, 99.0)
    assert Spread.of([]) == Spread(0)


@pytest.mark.parametrize(("calls", "seconds", "pace_s"), [(0, 1, 1), (1, 0, 1), (1, 1, -1)])
def test_a_load_of_nothing_is_refused(calls: int, seconds: float, pace_s: float) -> None:
    with pytest.raises(BadInput, match="above 0"):
        bench_live(Settings(), TRANSCRIPTS, calls=calls, seconds=seconds, pace_s=pace_s)
