"""The slow path through the service: what a model adds to a call, when it comes, and when it does not."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from copilot.service import create_app
from copilot.service.slow import Pace
from copilot.store import Tokens
from copilot.wiring import Parts
from tests.copilot.models.hostile import HostileModel
from tests.copilot.models.local_server import Behaviour, LocalServer, drips, fails, is_slow, serving

SOON = Pace(turns=2, gap_s=0.0, idle_s=0.0, between_s=0.0, look_s=0.02)
NEVER = Pace(turns=10**9, idle_s=10**9, look_s=0.02)
HONEST = HostileModel(seed=1, share_broken=0.0, share_lies=0.0)
TURNS = [
    {"turn_id": "1", "speaker": "agent", "text": "Meridell, how can I help?"},
    {"turn_id": "2", "speaker": "customer", "text": "My internet has been down since Monday and I want to cancel it."},
    {"turn_id": "3", "speaker": "customer", "text": "I pay eighty dollars a month, that is too much."},
    {"turn_id": "4", "speaker": "agent", "text": "I've cancelled your internet as of today."},
]
WithModel = Callable[..., AbstractContextManager[tuple[TestClient, LocalServer]]]


@pytest.fixture
def with_model(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> WithModel:
    """A service whose model is a local server that behaves like this."""

    @contextmanager
    def start(*behaviours: Behaviour, pace: Pace = NEVER) -> Iterator[tuple[TestClient, LocalServer]]:
        with serving(*behaviours) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
            monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
            app = create_app(
                replace(parts, settings=parts.settings.model_copy(update={"model": "openai:local"})), pace=pace
            )
            token = Tokens(parts.engine).create("agent")
            with TestClient(app, headers={"Authorization": f"Bearer {token}"}) as client:
                yield client, server
            app.state.hall.close()

    return start


def play(client: TestClient, call_id: str, *, turns: list[dict[str, str]] | None = None) -> None:
    client.post("/v1/calls", json={"call_id": call_id, "language": "en"}).raise_for_status()
    client.post(f"/v1/calls/{call_id}/turns", json={"turns": turns or TURNS}).raise_for_status()


def stored(client: TestClient, call_id: str) -> list[dict[str, Any]]:
    """The events there are by now."""
    live = client.app.state.hall.live("default")  # type: ignore[attr-defined]
    return [vars(event) for event in live.events(call_id)]


def until(holds: Callable[[], bool], *, seconds: float = 20.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up_at, "it did not come"
        time.sleep(0.02)


def of_type(client: TestClient, call_id: str, kind: str) -> list[dict[str, Any]]:
    return [event["body"] for event in stored(client, call_id) if event["type"] == kind]


def as_admin(client: TestClient) -> Response:
    engine = client.app.state.hall.parts.engine  # type: ignore[attr-defined]
    return client.get("/v1/models/usage", headers={"Authorization": f"Bearer {Tokens(engine).create('admin')}"})


def streamed(client: TestClient, call_id: str) -> list[dict[str, Any]]:
    text = client.get(f"/v1/calls/{call_id}/events").text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def test_a_running_call_is_summed_up_and_the_next_summary_takes_its_place(with_model: WithModel) -> None:
    with with_model(HONEST, pace=SOON) as (client, _server):
        play(client, "summed-up")
        until(lambda: bool(of_type(client, "summed-up", "answer.ready")))
        more = [
            {"turn_id": f"m{n}", "speaker": "customer", "text": f"My router has {n} lights that blink red."}
            for n in (3, 4)
        ]
        client.post("/v1/calls/summed-up/turns", json={"turns": more})
        until(lambda: len(of_type(client, "summed-up", "answer.ready")) > 1)
        first, second = of_type(client, "summed-up", "answer.ready")[:2]
    assert (first["kind"], first["answer_id"], first["provider"]) == ("summary", second["answer_id"], "openai:local")
    assert first["prompt_version"] == 1
    assert first["as_of_seq"] < second["as_of_seq"]
    assert {turn_id for one in first["sentences"] for turn_id in one["turn_ids"]} <= {"1", "2", "3", "4"}
    assert all(one["support"] > 0.5 for one in first["sentences"])


def test_after_hang_up_the_note_comes_again_reworded_and_the_stream_waits_for_it(with_model: WithModel) -> None:
    with with_model(is_slow(0.5, HONEST)) as (client, _server):
        play(client, "reworded")
        own = client.post("/v1/calls/reworded/end").json()
        events = streamed(client, "reworded")
        kept = client.get("/v1/calls/reworded/note").json()
    assert [event["type"] for event in events][-3:] == ["call.ended", "note.updated", "note.updated"]
    worded = events[-1]["body"]
    assert worded["worded_by"] == "openai:local/note_wording/2"
    assert worded == kept
    assert worded["reason"]["text"].startswith("As noted, ")
    assert worded["reason"]["text"] in worded["text"]
    assert (worded["reason_code"], worded["fields"]) == (own["reason_code"], own["fields"])
    assert worded["reason"]["turn_ids"] == own["reason"]["turn_ids"]


def test_an_edit_by_the_agent_is_not_overwritten(with_model: WithModel) -> None:
    with with_model(is_slow(0.5, HONEST)) as (client, server):
        play(client, "edited")
        client.post("/v1/calls/edited/end")
        until(lambda: bool(server.bodies))
        client.patch("/v1/calls/edited/note", json={"text": "Mine."})
        streamed(client, "edited")
        until(lambda: as_admin(client).json()["slow_path"] == {"note": {"stale": 1}})
        assert client.get("/v1/calls/edited/note").json()["text"] == "Mine."


@pytest.mark.parametrize("behaviour", [fails(400), fails(401)])
def test_a_model_that_fails_leaves_the_note_and_lets_the_stream_end(
    with_model: WithModel, behaviour: Behaviour
) -> None:
    with with_model(behaviour) as (client, _server):
        play(client, f"failed-{id(behaviour)}")
        own = client.post(f"/v1/calls/failed-{id(behaviour)}/end").json()
        events = streamed(client, f"failed-{id(behaviour)}")
    assert [event["type"] for event in events].count("note.updated") == 1
    assert events[-1]["body"] == own


def test_turns_do_not_wait_for_a_model_that_hangs(with_model: WithModel) -> None:
    with with_model(drips(3), pace=SOON) as (client, server):
        play(client, "hanging")
        until(lambda: bool(server.bodies))
        began = time.monotonic()
        client.post("/v1/calls/hanging/turns", json={"turns": [{"speaker": "customer", "text": "Are you there?"}]})
        client.post("/v1/calls/hanging/end")
        took_s = time.monotonic() - began
    assert took_s < 2.0  # the model takes three


def test_while_capture_is_paused_nothing_goes_to_the_model(with_model: WithModel) -> None:
    with with_model(HONEST, pace=SOON) as (client, server):
        client.post("/v1/calls", json={"call_id": "paused", "language": "en"})
        client.post("/v1/calls/paused/capture", json={"state": "paused"})
        play(client, "paused")
        answer = client.post(
            "/v1/answers", json={"call_id": "paused", "question": "How much is the late fee?", "wait": True}
        )
        client.post("/v1/calls/paused/end")
        streamed(client, "paused")
        time.sleep(0.2)
    assert answer.json()["provider"] == "extractive"
    assert server.bodies == []


def test_an_answer_outside_a_call_waits_for_its_words(with_model: WithModel) -> None:
    with with_model(HONEST) as (client, _server):
        answer = client.post("/v1/answers", json={"question": "How much is the late fee?"}).json()
    assert (answer["provider"], answer["prompt"], answer["prompt_version"]) == ("openai:local", "answer", 1)
    sources = {source["passage_id"] for source in answer["sources"]}
    assert {one for sentence in answer["sentences"] for one in sentence["citations"]} == sources
    assert answer["text"].endswith("]")


def test_an_answer_in_a_call_is_quoted_at_once_and_worded_later(with_model: WithModel) -> None:
    asked = {"call_id": "asking", "question": "How much is the late fee?"}
    with with_model(is_slow(0.3, HONEST)) as (client, _server):
        play(client, "asking")
        quoted = client.post("/v1/answers", json=asked).json()
        until(lambda: bool(of_type(client, "asking", "answer.ready")))
        (worded,) = of_type(client, "asking", "answer.ready")
        waited = client.post("/v1/answers", json={**asked, "wait": True}).json()
        unworded = client.post("/v1/answers", json={"question": asked["question"], "wait": False}).json()
    assert quoted["provider"] == unworded["provider"] == "extractive"
    assert quoted["answer_id"] == worded["answer_id"]
    assert (worded["kind"], worded["provider"], worded["question"]) == ("answer", "openai:local", asked["question"])
    assert worded["sources"][0]["effective_from"]
    assert worded["sentences"][0].keys() == {"text", "citations", "support"}
    assert waited["provider"] == "openai:local"


def test_what_the_documents_do_not_hold_is_not_asked_of_the_model(with_model: WithModel) -> None:
    with with_model(HONEST) as (client, server):
        answer = client.post("/v1/answers", json={"question": "Who won the football match in Lisbon?"}).json()
    assert (answer["found"], server.bodies) == (False, [])


def test_the_calls_are_told_once_that_the_model_fails_and_once_that_it_answers_again(
    with_model: WithModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.models.breaker.REST_S", 0.2)
    question = {"question": "How much is the late fee?"}
    with with_model(fails(401)) as (client, server):
        client.app.state.hall.model._model._breaker._rest_s = 0.2  # type: ignore[attr-defined]
        play(client, "told")
        for _ in range(7):
            assert client.post("/v1/answers", json=question).json()["provider"] == "extractive"
        until(lambda: len(of_type(client, "told", "model.degraded")) == 1)
        assert len(server.bodies) < 7
        server.behaviours[:] = [HONEST]
        time.sleep(0.3)
        assert client.post("/v1/answers", json=question).json()["provider"] == "openai:local"
        until(lambda: len(of_type(client, "told", "model.degraded")) == 2)
        time.sleep(0.2)
        told = of_type(client, "told", "model.degraded")
    assert told == [
        {"degraded": True, "reason": "openai:local does not answer"},
        {"degraded": False, "reason": "openai:local answers again"},
    ]


def test_usage_and_traces_tell_figures_and_never_words(with_model: WithModel) -> None:
    with with_model(HONEST) as (client, _server):
        client.post("/v1/answers", json={"question": "How much is the late fee?"})
        assert client.get("/v1/models/usage").status_code == 403
        usage = as_admin(client)
        metrics = client.get("/metrics").text
    told = usage.json()
    assert (told["model"], told["tasks"]["live_answer"]["asked"]) == ("openai:local", 1)
    (trace,) = told["traces"]
    assert (trace["prompt"], trace["version"], trace["outcome"], trace["input_tokens"]) == ("answer", 1, "answered", 11)
    assert "late fee" not in usage.text
    assert 'copilot_model_tasks_total{task="live_answer"} 1.0' in metrics
    assert "copilot_model_degraded 0.0" in metrics


def test_a_secret_found_late_leaves_the_summary_too(with_model: WithModel) -> None:
    said = [
        {"turn_id": "c1", "speaker": "agent", "text": "What does the letter say at the top?"},
        {"turn_id": "c2", "speaker": "customer", "text": "The first group I see there is 4111 I think."},
    ]
    rest = [{"turn_id": f"c{n}", "speaker": "customer", "text": text} for n, text in ((3, "1111"), (4, "11111111"))]
    with with_model(HONEST, pace=SOON) as (client, _server):
        play(client, "late", turns=said)
        until(lambda: bool(of_type(client, "late", "answer.ready")))
        before = json.dumps(of_type(client, "late", "answer.ready"))
        client.post("/v1/calls/late/turns", json={"turns": rest})
        events = stored(client, "late")
    assert any(event["type"] == "turn.corrected" for event in events)
    assert "4111" in before
    assert "4111" not in json.dumps(events)
