"""What is acknowledged survives kill -9: a real server, a real kill, a real restart."""

import json
from pathlib import Path
from typing import Any

import httpx2

from copilot.feeds import read_transcripts
from knowledge.pack import PACKS
from tests.copilot.service.conftest import Server

CALLS = PACKS / "demo" / "calls.jsonl"


def transcript_turns(call_id: str) -> list[dict[str, Any]]:
    call = next(call for call in read_transcripts(CALLS) if call.call_id == call_id)
    return [vars(turn) for turn in call.turns]


def announce(client: httpx2.Client, call_id: str) -> None:
    body = {"call_id": call_id, "language": "en", "started_at": "2026-11-20T10:00:00-05:00", "customer_id": "C-1004"}
    assert client.post("/v1/calls", json=body).status_code in (200, 201)


def stored_events(client: httpx2.Client, call_id: str) -> list[dict[str, Any]]:
    with client.stream("GET", f"/v1/calls/{call_id}/events") as stream:
        lines = [line for line in stream.iter_lines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_a_killed_server_has_every_acknowledged_turn_and_writes_the_same_note(server: Server) -> None:
    turns = transcript_turns("demo-04-restore")
    with httpx2.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        announce(client, "calm")
        announce(client, "killed")
        for turn in turns:
            client.post("/v1/calls/calm/turns", json={"turns": [turn]}).raise_for_status()
        calm = client.post("/v1/calls/calm/end").json()
        half = len(turns) // 2
        for turn in turns[:half]:
            client.post("/v1/calls/killed/turns", json={"turns": [turn]}).raise_for_status()
    server.kill()
    server.start()
    with httpx2.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        again = client.post("/v1/calls/killed/turns", json={"turns": turns}).json()
        assert (again["accepted"], again["duplicates"]) == (len(turns) - half, half)
        after = client.post("/v1/calls/killed/end").json()
        assert {**after, "call_id": ""} == {**calm, "call_id": ""}
        events = stored_events(client, "killed")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    texts = [event["body"]["turn_id"] for event in events if event["type"] == "turn.final"]
    assert texts == [turn["turn_id"] for turn in turns]


def test_no_secret_of_a_call_stands_in_the_data_folder(server: Server, tmp_path: Path) -> None:
    other_card = {"turn_id": "z", "speaker": "customer", "text": "and the other card is 5500 0055 5555 5559 code 737"}
    turns = [*transcript_turns("demo-04-restore"), other_card]
    with httpx2.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        announce(client, "masked")
        client.post("/v1/calls/masked/turns", json={"turns": turns}).raise_for_status()
        client.post("/v1/calls/masked/end").raise_for_status()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [secret for secret in (b"5500 0055", b"code 737", b"four one one one") if secret in stored] == []
