import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import copilot.errors
import knowledge.errors
from copilot.service import create_app
from copilot.service.problems import STATUS_OF
from copilot.store import Tokens
from copilot.wiring import Parts
from knowledge.documents import Document
from knowledge.sync import sync
from tests.copilot.service.conftest import ClientOf

CANCEL = [
    {"turn_id": "1", "speaker": "agent", "text": "Meridell, how can I help?"},
    {"turn_id": "2", "speaker": "customer", "text": "I want to cancel my internet, it is too expensive."},
    {"turn_id": "3", "speaker": "agent", "text": "I've cancelled your service as of today."},
]


def play(client: TestClient, call_id: str) -> dict[str, Any]:
    assert client.post("/v1/calls", json={"call_id": call_id, "language": "en"}).status_code == 201
    accepted = client.post(f"/v1/calls/{call_id}/turns", json={"turns": CANCEL})
    assert accepted.status_code == 200
    result: dict[str, Any] = accepted.json()
    return result


def events(client: TestClient, call_id: str, after: int = 0) -> list[tuple[str, str, dict[str, Any]]]:
    """(id, event, data) of an ended call's stream."""
    stream = client.get(f"/v1/calls/{call_id}/events", headers={"Last-Event-ID": str(after)})
    assert stream.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in stream.text.split("\n\n"):
        parts = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "data" in parts:
            found.append((parts["id"], parts["event"], json.loads(parts["data"])))
    return found


def test_a_call_goes_from_start_to_note(client: TestClient) -> None:
    assert play(client, "whole") == {"accepted": 3, "duplicates": 0, "seq": play_seq(client, "whole")}
    note = client.post("/v1/calls/whole/end").json()
    assert note["outcome_code"] == "CANCELLED"
    assert "cancel" in note["text"].lower()
    assert client.get("/v1/calls/whole/note").json() == note


def play_seq(client: TestClient, call_id: str) -> int:
    seq: int = client.post(f"/v1/calls/{call_id}/turns", json={"turns": CANCEL[:1]}).json()["seq"]
    return seq


def test_announcing_a_call_twice_is_no_error(client: TestClient) -> None:
    first = client.post("/v1/calls", json={"call_id": "twice"})
    again = client.post("/v1/calls", json={"call_id": "twice"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {"call_id": "twice"}


def test_turns_sent_again_are_counted_as_duplicates(client: TestClient) -> None:
    play(client, "again")
    repeated = client.post("/v1/calls/again/turns", json={"turns": CANCEL}).json()
    assert (repeated["accepted"], repeated["duplicates"]) == (0, 3)


def test_the_stream_numbers_every_event_and_resumes_behind_the_last_one_seen(client: TestClient) -> None:
    play(client, "streamed")
    client.post("/v1/calls/streamed/end")
    whole = events(client, "streamed")
    assert [int(event_id) for event_id, _, _ in whole] == list(range(1, len(whole) + 1))
    assert {"call.started", "turn.final", "cue.raised", "card.shown", "call.ended", "note.updated"} <= {
        e[1] for e in whole
    }
    assert all(data["seq"] == int(event_id) and data["type"] == kind for event_id, kind, data in whole)
    assert events(client, "streamed", after=4) == whole[4:]


def test_cards_carry_what_the_contract_says(client: TestClient) -> None:
    play(client, "cards")
    client.post("/v1/calls/cards/end")
    cards = [data["body"] for _, kind, data in events(client, "cards") if kind == "card.shown"]
    assert cards
    wanted = {"card_id", "kind", "title", "body", "citations", "reason", "turn_ids"}
    assert all(wanted <= card.keys() for card in cards)
    assert all({"doc_id", "passage_id", "heading", "quote"} <= c.keys() for card in cards for c in card["citations"])


def test_feedback_on_a_card_is_kept_and_on_none_is_refused(client: TestClient) -> None:
    play(client, "feedback")
    assert client.post("/v1/calls/feedback/cards/c1/feedback", json={"verdict": "useful"}).status_code == 200
    missing = client.post("/v1/calls/feedback/cards/c99/feedback", json={"verdict": "useful"})
    assert missing.status_code == 404
    assert "c99" in missing.json()["detail"]


def test_verification_consent_and_capture_become_events(client: TestClient) -> None:
    play(client, "reported")
    client.post("/v1/calls/reported/auth", json={"level": "password", "method": "pin"})
    client.post("/v1/calls/reported/consent", json={"kind": "recording", "given": False})
    client.post("/v1/calls/reported/capture", json={"state": "paused"})
    assert client.post("/v1/calls/reported/end").json()["verification"]["result"] == "passed"
    kinds = [kind for _, kind, _ in events(client, "reported")]
    assert [k for k in kinds if k.split(".")[0] in ("auth", "consent", "capture")] == [
        "auth.changed",
        "consent.changed",
        "capture.paused",
    ]


def test_a_note_is_edited_after_hang_up_only(client: TestClient) -> None:
    play(client, "edited")
    assert client.patch("/v1/calls/edited/note", json={"text": "x"}).status_code == 409
    client.post("/v1/calls/edited/end")
    assert client.patch("/v1/calls/edited/note", json={"text": "Shorter."}).json()["text"] == "Shorter."
    assert client.get("/v1/calls/edited/note").json()["text"] == "Shorter."


def test_search_gives_passages_with_their_validity(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "autopay discount", "k": 3}).json()["results"]
    assert found[0]["doc_id"] == "policies/autopay-discount-2026"
    then = client.get("/v1/search", params={"q": "autopay discount", "k": 3, "as_of": "2026-02-01"}).json()["results"]
    assert then[0]["doc_id"] == "policies/autopay-discount-2025"


def test_internal_documents_are_for_supervisors(client_of: ClientOf) -> None:
    params = {"q": "margin floors approval ladder", "k": "20"}
    for role, sees in (("agent", False), ("reviewer", False), ("supervisor", True)):
        found = client_of(role).get("/v1/search", params=params).json()["results"]  # type: ignore[arg-type]
        assert ("policies/margin-floors-and-approval-ladder" in [hit["doc_id"] for hit in found]) == sees


def test_without_a_known_token_nothing_is_told(parts: Parts) -> None:
    stranger = TestClient(create_app(parts))
    for headers in ({}, {"Authorization": "Bearer rc_guess"}):
        answer = stranger.get("/v1/search", params={"q": "x"}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert "copilot token create" in answer.json()["detail"]


def test_a_token_of_another_tenant_opens_nothing_here(parts: Parts) -> None:
    token = Tokens(parts.engine).create("admin", "other")
    answer = TestClient(create_app(parts)).get(
        "/v1/search", params={"q": "x"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"turns": []}, "turns"),
        ({"turns": [{"speaker": "bob", "text": "x"}]}, "turns.0.speaker"),
        ({"turns": [{"speaker": "agent"}]}, "turns.0.text"),
        ({}, "turns"),
    ],
)
def test_a_wrong_body_is_answered_with_the_place_and_without_its_content(
    client: TestClient, body: Any, says: str
) -> None:
    play(client, f"wrong-{says}-{len(str(body))}")
    answer = client.post(f"/v1/calls/wrong-{says}-{len(str(body))}/turns", json=body)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_a_card_number_in_a_wrong_body_does_not_come_back(client: TestClient) -> None:
    body = {"turns": [{"speaker": "4111111111111111", "text": "x"}]}
    assert "4111" not in client.post("/v1/calls/whatever/turns", json=body).text


def test_a_body_above_the_limit_is_refused(client: TestClient) -> None:
    play(client, "huge")
    body = {"turns": [{"speaker": "agent", "text": "x" * 150_000}] * 3}
    answer = client.post("/v1/calls/huge/turns", json=body)
    assert answer.status_code == 413
    assert "300,000" in answer.json()["detail"]


def test_unknown_calls_are_404_everywhere(client: TestClient) -> None:
    for method, path in (("GET", "note"), ("GET", "events"), ("POST", "end")):
        assert client.request(method, f"/v1/calls/nobody/{path}").status_code == 404


def test_hostile_text_comes_back_as_it_was(client: TestClient) -> None:
    hostile = "<img src=x onerror=alert(1)> \u202eevil\u202c '; DROP TABLE events; -- \x00 🙂" + "a" * 10_000
    client.post("/v1/calls", json={"call_id": "hostile"})
    client.post("/v1/calls/hostile/turns", json={"turns": [{"speaker": "customer", "text": hostile}]})
    client.post("/v1/calls/hostile/end")
    turn = next(data for _, kind, data in events(client, "hostile") if kind == "turn.final")
    assert turn["body"]["text"] == hostile


def test_readiness_says_when_search_is_by_words_alone(client: TestClient) -> None:
    body = client.get("/readyz").json()
    assert (body["status"], body["search"]) == ("ready", "lexical only")
    assert client.get("/healthz").json() == {"status": "ok"}


def test_metrics_count_routes_and_never_name_a_call(client: TestClient) -> None:
    play(client, "secret-call-id")
    text = client.get("/metrics").text
    assert 'route="/v1/calls/{call_id}/turns"' in text
    assert "secret-call-id" not in text


def test_every_error_class_has_a_status() -> None:
    ours = [
        kind
        for module in (copilot.errors, knowledge.errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    assert [kind.__name__ for kind in ours if kind not in STATUS_OF] == []


def test_the_api_describes_itself(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/calls", "/v1/calls/{call_id}/turns", "/v1/calls/{call_id}/events", "/v1/search"} <= paths.keys()


def test_a_start_without_the_weights_says_why(tmp_path: Path, parts: Parts) -> None:
    from dataclasses import replace

    from copilot.wiring import ReadyEmbedder

    degraded = replace(parts, embedder=ReadyEmbedder(parts.embedder.embedder, "the weights are not installed"))
    body = TestClient(create_app(degraded)).get("/readyz").json()
    assert (body["search"], body["reason"]) == ("lexical only", "the weights are not installed")


def test_documents_indexed_while_serving_are_found_at_once(client: TestClient, parts: Parts) -> None:
    document = Document("extra/zebra", "Zebra crossing", "The zebra crossing allowance is twelve dollars.", "elsewhere")
    sync(parts.engine, parts.pack.name, [document], embedder=parts.embedder.embedder)
    found = client.get("/v1/search", params={"q": "zebra crossing allowance"}).json()["results"]
    assert found[0]["doc_id"] == "extra/zebra"


def test_turns_without_an_id_are_never_taken_for_others(client: TestClient) -> None:
    client.post("/v1/calls", json={"call_id": "idless"})
    for turns in ([{"turn_id": "t2", "speaker": "agent", "text": "one"}], [{"speaker": "agent", "text": "two"}] * 2):
        client.post("/v1/calls/idless/turns", json={"turns": turns})
    client.post("/v1/calls/idless/end")
    said = [data["body"]["text"] for _, kind, data in events(client, "idless") if kind == "turn.final"]
    assert said == ["one", "two", "two"]


def test_a_call_that_no_address_could_name_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/calls", json={"call_id": "a/b"})
    assert (answer.status_code, "slash" in answer.json()["detail"]) == (422, True)
    assert client.post("/v1/calls", json={"call_id": ".."}).status_code == 422


def test_an_edited_code_changes_what_is_derived_from_it(client: TestClient) -> None:
    play(client, "recoded")
    client.post("/v1/calls/recoded/end")
    edited = client.patch("/v1/calls/recoded/note", json={"reason_code": "BILL_DISPUTE"}).json()
    assert edited["disposition_code"] == "BILL_DISPUTE/CANCELLED"
    assert edited["reason_label"] == "disputed charge"


def test_a_note_is_signed_edited_with_a_reason_and_its_versions_are_listed(client: TestClient) -> None:
    play(client, "signed")
    note = "/v1/calls/signed/note"
    assert client.post(f"{note}/sign", json={"name": "Kim Lee"}).status_code == 409
    client.post("/v1/calls/signed/end")
    assert client.post(f"{note}/sign", json={"name": "  "}).status_code == 422
    assert client.post(f"{note}/sign", json={"name": "Kim Lee"}).json()["signed_by"] == "Kim Lee"
    refused = client.patch(note, json={"text": "Shorter."})
    assert (refused.status_code, "edit_reason" in refused.json()["detail"]) == (422, True)
    edit = {"text": "Shorter.", "facts": ["Has a dog."], "edit_reason": "too long"}
    assert client.patch(note, json=edit).json()["signed_by"] is None
    history = client.get(f"{note}/history").json()
    assert [(entry["action"], entry["version"]) for entry in history] == [("written", 1), ("signed", 1), ("edited", 2)]
    assert [change["part"] for change in history[2]["changes"]] == ["text", "facts"]


@pytest.mark.parametrize(
    "edit",
    [
        {"outcome_code": "PAID_IN_FULL"},
        {"reason_code": "NO_SUCH"},
        {"follow_ups": [{"promise": "x", "due_at": "tomorrow"}]},
        {"follow_ups": [{"promise": "x", "channel": "pigeon"}]},
        {"facts": [""]},
        {"verification": "passed"},
    ],
)
def test_an_edit_that_fits_no_note_is_refused_and_changes_nothing(client: TestClient, edit: dict[str, Any]) -> None:
    call_id = f"refused-{'-'.join(edit)}-{len(str(edit))}"
    play(client, call_id)
    written = client.post(f"/v1/calls/{call_id}/end").json()
    assert client.patch(f"/v1/calls/{call_id}/note", json=edit).status_code == 422
    assert client.get(f"/v1/calls/{call_id}/note").json() == written


def test_what_the_note_lacks_is_shown_before_hang_up(client: TestClient) -> None:
    play(client, "lacking")
    missing = client.get("/v1/calls/lacking").json()["missing"]
    assert [part["part"] for part in missing] == ["verification", "disclosures", "tickets"]
    assert client.get("/v1/calls/lacking/note").json()["missing"] == missing


def test_the_method_of_a_reported_verification_stands_in_the_note(client: TestClient) -> None:
    play(client, "by-code")
    client.post("/v1/calls/by-code/auth", json={"level": "authenticated", "method": "callback"})
    assert client.post("/v1/calls/by-code/end").json()["verification"]["method"] == "callback"


def test_the_script_of_a_call_is_told_step_by_step(client: TestClient) -> None:
    client.post("/v1/calls", json={"call_id": "script", "language": "en"})
    client.post("/v1/calls/script/turns", json={"turns": [CANCEL[1]]})
    said = "I can help you with that, Denise, and I can take care of it on this call."
    client.post("/v1/calls/script/turns", json={"turns": [{"turn_id": "9", "speaker": "agent", "text": said}]})
    view = client.get("/v1/calls/script/script").json()
    assert (view["doc_id"], view["language"], view["current"]) == ("scripts/cancel-price", "en", 2)
    first, *others = [line for step in view["steps"] for line in step["must_say"]]
    assert (first["status"], first["turn_id"]) == ("said", "9")
    assert {line["status"] for line in others} == {"waiting"}
    assert [one["doc_id"] for one in view["also_open"]] == ["scripts/opening-verify"]


def test_the_script_of_a_call_nobody_announced_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/calls/nobody/script").status_code == 404
