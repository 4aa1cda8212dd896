"""Feeds over HTTP and WebSocket. Vendor messages are built by hand in their documented form; none is a recording."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.websockets import WebSocketDisconnect

from copilot.feeds import sign_standard
from copilot.service import create_app
from copilot.settings import Settings
from copilot.store import EventLog, Tokens
from copilot.transcript import Turn
from copilot.wiring import Parts, open_parts
from tests.copilot.service.conftest import Server

PUBLIC = "https://copilot.example.com"
SECRET = "a-secret-of-24-characters"
TOKEN = "twilio-auth-token"
_numbers = count(1)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        embedder="none",
        max_body_bytes=300_000,
        public_url=PUBLIC,
        feed_secret=SecretStr(SECRET),
        feed_twilio_auth_token=SecretStr(TOKEN),
        feed_twilio_agent_track="outbound_track",
        feed_genesys_agent_channel="INTERNAL",
    )
    parts = open_parts(settings, with_vectors=False)
    yield parts
    parts.close()


@pytest.fixture(scope="module")
def vendor(parts: Parts) -> TestClient:
    """Somebody without a token."""
    return TestClient(create_app(parts), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def agent(parts: Parts, vendor: TestClient) -> TestClient:
    token = Tokens(parts.engine).create("agent")
    return TestClient(vendor.app, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)


def new_call() -> str:
    return f"feed-{next(_numbers)}"


def turns(parts: Parts, call_id: str) -> list[Turn]:
    return parts.live_calls("default").turns(call_id)


def told(parts: Parts, call_id: str, kind: str) -> list[Any]:
    return [event.body for event in EventLog(parts.engine).read(call_id) if event.type == kind]


# --- Twilio --------------------------------------------------------------------------------------------------------


def twilio_form(call_id: str, number: int, text: str | None = None, **changes: str) -> dict[str, str]:
    event = {"TranscriptionEvent": "transcription-content"} if text else {}
    words = {"TranscriptionData": json.dumps({"transcript": text}), "Final": "true", "Track": "inbound_track"}
    stamp = f"2026-11-20T17:05:{number:02}Z"
    ids = {"CallSid": call_id, "TranscriptionSid": f"GT-{call_id}", "SequenceId": str(number), "Timestamp": stamp}
    return {**ids, **event, **(words if text else {}), **changes}


def post_twilio(
    vendor: TestClient, form: dict[str, str], query: str = "", token: str = TOKEN, body: bytes | None = None
) -> Any:
    path = f"/v1/feeds/twilio{query}"
    signed = PUBLIC + path + "".join(name + value for name, value in sorted(form.items()))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    return vendor.post(path, content=urlencode(form) if body is None else body, headers=headers)


def test_a_twilio_call_goes_from_its_start_through_partials_to_its_note(vendor: TestClient, parts: Parts) -> None:
    call_id = new_call()
    forms = [
        twilio_form(call_id, 1, TranscriptionEvent="transcription-started"),
        twilio_form(call_id, 2, "I want to", Final="false", Stability="0.8"),
        twilio_form(call_id, 3, "I want to cancel my internet."),
        twilio_form(call_id, 4, "I've cancelled your service.", Track="outbound_track"),
        twilio_form(call_id, 5, TranscriptionEvent="transcription-stopped"),
    ]
    answers = [post_twilio(vendor, form) for form in forms]
    assert [(answer.status_code, answer.json()["accepted"]) for answer in answers] == [
        (200, 0),
        (200, 1),
        (200, 1),
        (200, 1),
        (200, 0),
    ]
    assert [(turn.speaker, turn.text, turn.t_ms) for turn in turns(parts, call_id)] == [
        ("customer", "I want to cancel my internet.", 2000),
        ("agent", "I've cancelled your service.", 3000),
    ]
    assert [body["text"] for body in told(parts, call_id, "turn.partial")] == ["I want to"]
    assert told(parts, call_id, "note.updated")[-1]["outcome_code"] == "CANCELLED"


def test_a_callback_sent_again_is_a_duplicate(vendor: TestClient, parts: Parts) -> None:
    call_id = new_call()
    form = twilio_form(call_id, 3, "Hello there.")
    first, again = post_twilio(vendor, form).json(), post_twilio(vendor, form).json()
    assert (first["accepted"], again["accepted"], again["duplicates"]) == (1, 0, 1)
    assert len(turns(parts, call_id)) == 1


def test_callbacks_out_of_order_lose_no_words_and_the_note_has_them_in_order(vendor: TestClient, parts: Parts) -> None:
    call_id = new_call()
    post_twilio(vendor, twilio_form(call_id, 9, TranscriptionEvent="transcription-stopped"))
    assert post_twilio(vendor, twilio_form(call_id, 4, "I want to cancel my internet.")).json()["accepted"] == 1
    post_twilio(vendor, twilio_form(call_id, 1, TranscriptionEvent="transcription-started"))
    late = post_twilio(vendor, twilio_form(call_id, 3, "I want to", Final="false"))
    assert (late.json()["accepted"], late.json()["duplicates"]) == (0, 1)
    post_twilio(vendor, twilio_form(call_id, 9, TranscriptionEvent="transcription-stopped"))
    after = post_twilio(vendor, twilio_form(call_id, 6, "I've cancelled your service.", Track="outbound_track"))
    assert (after.status_code, after.json()["accepted"]) == (200, 1)
    assert told(parts, call_id, "note.updated")[-1]["outcome_code"] == "CANCELLED"


def test_the_callback_address_names_the_agents_track_and_the_customer(vendor: TestClient, parts: Parts) -> None:
    call_id = new_call()
    query = "?agent_track=inbound_track&customer_id=C-1001"
    assert post_twilio(vendor, twilio_form(call_id, 3, "Meridell, hello."), query).status_code == 200
    assert turns(parts, call_id)[0].speaker == "agent"
    assert told(parts, call_id, "call.started")[0]["customer_id"] == "C-1001"
    assert post_twilio(vendor, twilio_form(call_id, 4, "hi"), "?agent_track=left").status_code == 422


def test_a_badly_signed_or_changed_callback_is_refused_before_it_is_read(vendor: TestClient, parts: Parts) -> None:
    form = twilio_form(new_call(), 3, "Hello.")
    assert post_twilio(vendor, form, token="another").status_code == 403
    changed = urlencode({**form, "CallSid": "other"}).encode()
    assert post_twilio(vendor, form, body=changed).status_code == 403
    assert vendor.post("/v1/feeds/twilio", data=form).status_code == 403
    as_json = vendor.post("/v1/feeds/twilio", json=form, headers={"X-Twilio-Signature": "x"})
    assert as_json.status_code == 403


def test_a_truncated_form_is_refused(vendor: TestClient) -> None:
    form = twilio_form(new_call(), 3, "Hello.")
    assert post_twilio(vendor, form, body=urlencode(form).encode()[:60]).status_code in (403, 422)
    cut = {**form, "TranscriptionData": '{"transcript": "4539 14'}
    refused = post_twilio(vendor, cut)
    assert refused.status_code == 422
    assert "4539" not in refused.text


# --- our own scheme: Contact Lens, Genesys, own --------------------------------------------------------------------


def post_signed(
    vendor: TestClient, source: str, message: Any, *, delivery: str = "", age_s: int = 0, secret: str = SECRET
) -> Any:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    delivery, timestamp = delivery or f"msg_{next(_numbers)}", str(int(time.time()) - age_s)
    signature = sign_standard(secret.encode(), delivery, timestamp, body)
    headers = {"webhook-id": delivery, "webhook-timestamp": timestamp, "webhook-signature": signature}
    return vendor.post(f"/v1/feeds/{source}", content=body, headers=headers)


def lens(call_id: str, event: str, *segments: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "1.0.0", "Channel": "VOICE", "ContactId": call_id, "EventType": event, "Segments": segments}


def lens_words(turn_id: str, text: str) -> dict[str, Any]:
    said = {"Id": turn_id, "ParticipantRole": "CUSTOMER", "Content": text, "BeginOffsetMillis": 1000}
    return {"Transcript": said}


def lens_partial(turn_id: str, text: str) -> dict[str, Any]:
    return {"Utterance": {"TranscriptId": turn_id, "ParticipantRole": "CUSTOMER", "PartialContent": text}}


def test_contact_lens_partials_finals_and_corrections_arrive(vendor: TestClient, parts: Parts) -> None:
    call_id = new_call()
    post_signed(vendor, "contact-lens", lens(call_id, "STARTED"))
    post_signed(vendor, "contact-lens", lens(call_id, "SEGMENTS", lens_partial("a", "I want to counsel")))
    final = lens(call_id, "SEGMENTS", lens_words("a", "I want to counsel my internet."))
    assert post_signed(vendor, "contact-lens", final).json()["accepted"] == 1
    assert post_signed(vendor, "contact-lens", final).json()["duplicates"] == 1
    better = lens(call_id, "SEGMENTS", lens_words("a", "I want to cancel my internet."))
    assert post_signed(vendor, "contact-lens", better).json()["accepted"] == 1
    assert [turn.text for turn in turns(parts, call_id)] == ["I want to cancel my internet."]
    assert "cancel_intent" in {body["cue_id"] for body in told(parts, call_id, "cue.raised")}
    post_signed(vendor, "contact-lens", lens(call_id, "COMPLETED"))
    assert told(parts, call_id, "call.ended")


def test_a_spoken_card_growing_through_partials_and_corrections_reaches_no_file(
    vendor: TestClient, parts: Parts
) -> None:
    call_id, words = new_call(), "four five three nine one four eight eight zero three four three six four six seven"
    pieces = words.split()
    for length in range(1, len(pieces) + 1):
        said = "my card is " + " ".join(pieces[:length])
        post_signed(vendor, "contact-lens", lens(call_id, "SEGMENTS", lens_partial("a", said)))
        if length % 4 == 0:
            post_signed(vendor, "contact-lens", lens(call_id, "SEGMENTS", lens_words("a", said)))
    assert [turn.text for turn in turns(parts, call_id)] == ["my card is [CARD]"]
    stored = b"".join(path.read_bytes() for path in parts.settings.data_dir.glob("copilot.db*"))
    assert b"my card is" in stored
    assert not [a for a, b in pairwise(pieces) if f"{a} {b}".encode() in stored]


def test_genesys_through_eventbridge_by_a_forwarder(vendor: TestClient, parts: Parts) -> None:
    call_id, began = new_call(), 1_795_194_300_000
    said = [
        {"utteranceId": f"u{place}", "isFinal": True, "channel": channel, "alternatives": [alternative]}
        for place, (channel, alternative) in enumerate(
            [
                ("EXTERNAL", {"confidence": 0.9, "offsetMs": 9000, "transcript": "no thanks"}),
                ("INTERNAL", {"confidence": 0.9, "offsetMs": 5000, "transcript": "anything else"}),
            ]
        )
    ]
    detail = {"eventBody": {"conversationId": call_id, "transcriptionStartTimeMs": began, "transcripts": said}}
    assert post_signed(vendor, "genesys", {"detail-type": "x", "detail": detail}).json()["accepted"] == 2
    assert [(turn.speaker, turn.t_ms) for turn in turns(parts, call_id)] == [("customer", 9000), ("agent", 5000)]
    keep_alive = {"detail": {"eventBody": {"conversationId": call_id, "status": {"status": "SESSION_ONGOING"}}}}
    assert post_signed(vendor, "genesys", keep_alive).json()["ignored"] == ["a keep-alive"]


def test_a_delivery_replayed_by_somebody_who_listened_in_undoes_no_correction(vendor: TestClient, parts: Parts) -> None:
    call_id = new_call()
    turn = {"turn_id": "a", "speaker": "agent", "text": "one"}
    message = {"type": "correct", "call_id": call_id, "turn": turn}
    post_signed(vendor, "own", message, delivery="msg_replayed")
    post_signed(vendor, "own", {**message, "turn": {**turn, "text": "two"}})
    replayed = post_signed(vendor, "own", message, delivery="msg_replayed")
    assert replayed.json()["ignored"] == ["this delivery was taken in before"]
    assert [turn.text for turn in turns(parts, call_id)] == ["two"]


def test_a_delivery_that_failed_may_be_sent_again(vendor: TestClient) -> None:
    broken = b'{"type": "end", "call_id": "x"'
    assert post_signed(vendor, "own", broken, delivery="msg_again").status_code == 422
    assert post_signed(vendor, "own", broken + b"}", delivery="msg_again").json()["ignored"] == []


@pytest.mark.parametrize("source", ["contact-lens", "genesys", "own"])
def test_old_badly_signed_and_unsigned_deliveries_are_refused(vendor: TestClient, source: str) -> None:
    assert post_signed(vendor, source, {}, age_s=400).status_code == 403
    assert post_signed(vendor, source, {}, age_s=-400).status_code == 403
    assert post_signed(vendor, source, {}, secret="another-secret-of-ours").status_code == 403
    assert vendor.post(f"/v1/feeds/{source}", json={}).status_code == 403


def test_a_source_nobody_configured_is_closed_and_names_its_setting(parts: Parts) -> None:
    settings = parts.settings.model_copy(update={"feed_secret": SecretStr(""), "feed_twilio_auth_token": SecretStr("")})
    bare = TestClient(create_app(replace(parts, settings=settings)), raise_server_exceptions=False)
    for source, setting in (("twilio", "COPILOT_FEED_TWILIO_AUTH_TOKEN"), ("own", "COPILOT_FEED_SECRET")):
        refused = bare.post(f"/v1/feeds/{source}", content=b"")
        assert refused.status_code == 403
        assert setting in refused.json()["detail"]


def test_an_unknown_source_is_answered_with_those_there_are(vendor: TestClient) -> None:
    missing = vendor.post("/v1/feeds/zoom", json={})
    assert missing.status_code == 404
    assert "contact-lens, genesys, own, twilio" in missing.json()["detail"]


def test_a_call_id_no_address_could_name_is_refused(vendor: TestClient) -> None:
    assert post_signed(vendor, "own", {"type": "start", "call_id": "a/b"}).status_code == 422


def test_a_body_above_the_limit_is_refused(vendor: TestClient) -> None:
    assert post_signed(vendor, "own", b" " * 300_001).status_code == 413


# --- partials and corrections over the calls API -------------------------------------------------------------------


def test_turns_may_be_partial_or_correct_what_was_said(agent: TestClient, parts: Parts) -> None:
    call_id = new_call()
    agent.post("/v1/calls", json={"call_id": call_id})
    said = {"turn_id": "a", "speaker": "customer"}
    body = {
        "turns": [
            {**said, "text": "I want", "final": False},
            {**said, "text": "I want to counsel."},
            {**said, "text": "I want to cancel.", "corrects": True},
            {**said, "text": "whatever"},
        ]
    }
    answer = agent.post(f"/v1/calls/{call_id}/turns", json=body).json()
    assert (answer["accepted"], answer["duplicates"]) == (3, 1)
    assert [turn.text for turn in turns(parts, call_id)] == ["I want to cancel."]
    assert answer["seq"] == EventLog(parts.engine).read(call_id)[-1].seq


@pytest.mark.parametrize(
    "wrong", [{"final": False}, {"corrects": True}, {"turn_id": "a", "final": False, "corrects": True}]
)
def test_a_partial_without_an_id_or_one_that_corrects_is_refused(agent: TestClient, wrong: dict[str, Any]) -> None:
    call_id = new_call()
    agent.post("/v1/calls", json={"call_id": call_id})
    turn = {"speaker": "customer", "text": "secret words", **wrong}
    refused = agent.post(f"/v1/calls/{call_id}/turns", json={"turns": [turn]})
    assert refused.status_code == 422
    assert "secret words" not in refused.text


# --- uploads -------------------------------------------------------------------------------------------------------

VTT = """WEBVTT

00:00:01.000 --> 00:00:02.000
<v Ana>How can I help?

00:00:03.000 --> 00:00:06.000
<v Leo>I want to cancel, my card is 4539 1488 0343 6467.
"""


def upload(client: TestClient, content: str, content_type: str, /, **query: str) -> Any:
    return client.post("/v1/feeds/upload", content=content, params=query, headers={"Content-Type": content_type})


def test_a_caption_file_becomes_a_call_with_its_note(agent: TestClient, parts: Parts) -> None:
    answer = upload(agent, VTT, "text/vtt; charset=utf-8", agent="Ana", customer="Leo")
    (call,) = answer.json()["calls"]
    assert (answer.status_code, call["accepted"], call["duplicates"]) == (200, 2, 0)
    assert [turn.text for turn in turns(parts, call["call_id"])][1] == "I want to cancel, my card is [CARD]."
    assert told(parts, call["call_id"], "note.updated")
    again = upload(agent, VTT, "text/vtt", agent="Ana", customer="Leo").json()["calls"][0]
    assert (again["call_id"], again["duplicates"]) == (call["call_id"], 2)


def test_a_voice_nobody_named_is_refused(agent: TestClient) -> None:
    refused = upload(agent, VTT, "text/vtt", agent="Ana")
    assert (refused.status_code, "'Leo'" in refused.json()["detail"]) == (422, True)
    assert upload(agent, VTT, "text/vtt", agent="Ana", customer="Ana").status_code == 422


def test_json_and_json_lines_are_taken_and_may_stay_open(agent: TestClient, parts: Parts) -> None:
    calls: list[dict[str, Any]] = [
        {"call_id": new_call(), "turns": [{"speaker": "agent", "text": "Hello."}]} for _ in range(2)
    ]
    lines = upload(agent, "\n".join(map(json.dumps, calls)), "application/jsonl", end="false")
    assert [call["call_id"] for call in lines.json()["calls"]] == [call["call_id"] for call in calls]
    assert not told(parts, calls[0]["call_id"], "call.ended")
    spread = upload(agent, json.dumps(calls, indent=2), "application/json")
    assert [call["duplicates"] for call in spread.json()["calls"]] == [1, 1]
    assert told(parts, calls[0]["call_id"], "call.ended")


def test_an_upload_needs_a_token_and_a_content_type_we_read(agent: TestClient, vendor: TestClient) -> None:
    assert upload(vendor, VTT, "text/vtt").status_code == 401
    assert upload(agent, VTT, "audio/wav").status_code == 422
    assert upload(agent, '{"call_id": "x"', "application/json").status_code == 422


# --- WebSocket -----------------------------------------------------------------------------------------------------


def ask(socket: Any, message: Any) -> Any:
    socket.send_text(message if isinstance(message, str) else json.dumps(message))
    return json.loads(socket.receive_text())


def test_each_message_over_the_socket_is_acknowledged_once_it_is_durable(agent: TestClient, parts: Parts) -> None:
    call_id = new_call()
    said = {"turn_id": "a", "speaker": "customer"}
    with agent.websocket_connect("/v1/feeds/ws") as socket:
        assert ask(socket, {"type": "start", "call_id": call_id, "id": 1})["type"] == "ack"
        assert ask(socket, {"type": "partial", "call_id": call_id, "turn": {**said, "text": "I w"}})["accepted"] == 1
        final = {"type": "final", "call_id": call_id, "turn": {**said, "text": "I want to counsel."}, "id": "two"}
        answer = ask(socket, final)
        assert (answer["type"], answer["id"], answer["accepted"]) == ("ack", "two", 1)
        assert answer["seq"] == EventLog(parts.engine).read(call_id)[-1].seq
        assert ask(socket, final)["duplicates"] == 1
        right = {"type": "correct", "call_id": call_id, "turn": {**said, "text": "I want to cancel."}}
        assert ask(socket, right)["accepted"] == 1
        assert ask(socket, {"type": "end", "call_id": call_id})["type"] == "ack"
    assert [turn.text for turn in turns(parts, call_id)] == ["I want to cancel."]
    assert told(parts, call_id, "note.updated")


def test_a_bad_message_is_answered_and_the_connection_goes_on(agent: TestClient, parts: Parts) -> None:
    call_id = new_call()
    with agent.websocket_connect("/v1/feeds/ws") as socket:
        for bad in (
            '{"type": "final", "turn": {"text": "4539',
            "[]",
            '[{"type": "end", "call_id": "a"}, {"type": "end", "call_id": "b"}]',
            {"type": "whisper", "call_id": call_id},
            {"type": "final", "call_id": call_id, "turn": {"speaker": "customer", "text": "no id"}},
            {"type": "start", "call_id": "a/b"},
            "x" * 300_001,
        ):
            answer = ask(socket, bad)
            assert answer["type"] == "error"
            assert "4539" not in answer["detail"]
        socket.send_bytes(b"\xff")
        assert json.loads(socket.receive_text())["type"] == "error"
        assert ask(socket, {"type": "start", "call_id": call_id})["type"] == "ack"


def test_the_token_may_come_in_the_first_message(vendor: TestClient, parts: Parts) -> None:
    token = Tokens(parts.engine).create("agent")
    with vendor.websocket_connect("/v1/feeds/ws") as socket:
        assert ask(socket, {"type": "auth", "token": token})["type"] == "ack"
        assert ask(socket, {"type": "start", "call_id": new_call()})["type"] == "ack"


@pytest.mark.parametrize("first", ['{"type": "auth", "token": "rc_wrong"}', '{"type": "start", "call_id": "x"}', "no"])
def test_without_a_token_the_socket_is_closed_with_the_reason(vendor: TestClient, first: str) -> None:
    with vendor.websocket_connect("/v1/feeds/ws") as socket:
        assert ask(socket, first)["type"] == "error"
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()


def test_a_wrong_token_in_the_header_closes_the_socket(vendor: TestClient) -> None:
    headers = {"Authorization": "Bearer rc_wrong"}
    with vendor.websocket_connect("/v1/feeds/ws", headers=headers) as socket:
        assert json.loads(socket.receive_text())["type"] == "error"


def test_what_a_real_server_acknowledged_over_the_socket_survives_kill_9(server: Server) -> None:
    from httpx2 import get
    from websockets.sync.client import connect

    url = server.url.replace("http://", "ws://") + "/v1/feeds/ws"
    turn = {"turn_id": "a", "speaker": "customer", "text": "I want to cancel."}
    with connect(url, additional_headers=server.headers) as socket:
        for message in ({"type": "start", "call_id": "c"}, {"type": "final", "call_id": "c", "turn": turn}):
            socket.send(json.dumps(message))
            answer = json.loads(socket.recv(timeout=20))
            assert answer["type"] == "ack"
        server.kill()
    server.start()
    summary = get(f"{server.url}/v1/calls/c", headers=server.headers, timeout=20).json()
    assert summary["seq"] == answer["seq"]
    assert summary["intents"] == ["cancel_intent"]
