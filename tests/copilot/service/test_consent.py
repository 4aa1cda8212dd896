"""Consents reported over HTTP: recording, a field visit with its record, and the save attempts of a call."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.copilot.service.test_service import events

RECORD: dict[str, Any] = {
    "ticket_id": "TT-204117",
    "carrier": "Tri-Valley Access",
    "reason": "no dial tone at the box",
    "window_start": "2026-11-24T08:00:00-08:00",
    "window_end": "2026-11-24T12:00:00-08:00",
    "site_contact": "Ingrid Solvang",
    "access_notes": "dog, put away",
    "possible_charge": "85.00",
    "charge_disclosed": True,
    "given_by": "Ingrid Solvang",
    "relationship": "account holder",
    "auth_level": "authenticated",
}

QUESTION = (
    "Before I process this, would you like to hear one option that might help? "
    "If not, I will go straight on with the cancellation."
)


def start(client: TestClient, call_id: str, **more: Any) -> str:
    client.post("/v1/calls", json={"call_id": call_id, "language": "en", **more})
    return f"/v1/calls/{call_id}"


def say(client: TestClient, call: str, speaker: str, text: str) -> None:
    assert client.post(f"{call}/turns", json={"turns": [{"speaker": speaker, "text": text}]}).status_code == 200


def test_a_dispatch_consent_with_its_record_is_stored(client: TestClient) -> None:
    call = start(client, "visit-1")
    answer = client.post(f"{call}/consent", json={"kind": "dispatch", "given": True, "record": RECORD})
    assert answer.status_code == 200, answer.text
    client.post(f"{call}/end")
    (body,) = [event["body"] for _, kind, event in events(client, "visit-1") if kind == "consent.changed"]
    assert (body["kind"], body["given"]) == ("dispatch", True)
    assert {name: body["record"][name] for name in RECORD} == RECORD
    assert body["record"]["method"] == "voice"
    assert body["record"]["given_at"]


def test_a_dispatch_consent_that_lacks_something_names_it(client: TestClient) -> None:
    call = start(client, "visit-2")
    partial = {name: value for name, value in RECORD.items() if name not in ("window_end", "possible_charge")}
    answer = client.post(f"{call}/consent", json={"kind": "dispatch", "given": True, "record": partial})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("The dispatch consent lacks: window_end, possible_charge.")
    bare = client.post(f"{call}/consent", json={"kind": "dispatch", "given": True})
    assert bare.status_code == 422
    assert "lacks: reason, window_start, window_end, site_contact" in bare.json()["detail"]
    assert client.post(f"{call}/consent", json={"kind": "dispatch", "given": False}).status_code == 200


def test_the_calls_own_verification_counts_for_a_dispatch_consent(client: TestClient) -> None:
    call = start(client, "visit-3")
    unsaid = {name: value for name, value in RECORD.items() if name != "auth_level"}
    body = {"kind": "dispatch", "given": True, "record": unsaid}
    assert "lacks: auth_level." in client.post(f"{call}/consent", json=body).json()["detail"]
    client.post(f"{call}/auth", json={"level": "authenticated", "method": "pin"})
    assert client.post(f"{call}/consent", json=body).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"window_start": "tomorrow"},
        {"window_start": "2026-11-24T08:00:00"},
        {"window_end": "2026-11-24T07:00:00-08:00"},
        {"possible_charge": "-1"},
        {"possible_charge": "NaN"},
        {"shoe_size": "43"},
        {"reason": "x" * 401},
    ],
)
def test_a_record_that_cannot_be_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    call = start(client, "visit-4")
    answer = client.post(f"{call}/consent", json={"kind": "dispatch", "given": True, "record": {**RECORD, **wrong}})
    assert answer.status_code == 422


def test_a_card_number_in_the_record_is_masked(client: TestClient) -> None:
    call = start(client, "visit-5")
    record = {**RECORD, "access_notes": "card 4539 1488 0343 6467 at the desk"}
    client.post(f"{call}/consent", json={"kind": "dispatch", "given": True, "record": record})
    client.post(f"{call}/end")
    assert "4539" not in str(events(client, "visit-5"))


def test_a_refused_recording_stops_the_capture_until_it_is_given(client: TestClient) -> None:
    call = start(client, "refused")
    client.post(f"{call}/consent", json={"kind": "recording", "given": False})
    assert client.get(call).json()["capture_paused"] is True
    say(client, call, "customer", "my name is Zebulon")
    resumed = client.post(f"{call}/capture", json={"state": "resumed"})
    assert resumed.status_code == 409
    assert "refused to be recorded" in resumed.json()["detail"]
    client.post(f"{call}/consent", json={"kind": "recording", "given": True})
    assert client.get(call).json()["capture_paused"] is False
    say(client, call, "customer", "my internet is slow")
    client.post(f"{call}/end")
    assert "Zebulon" not in str(events(client, "refused"))
    assert "my internet is slow" in str(events(client, "refused"))


def test_the_summary_says_how_the_save_attempts_stand(client: TestClient) -> None:
    call = start(client, "leaving", customer_id="C-1021", started_at="2026-11-20T09:05:00-08:00")
    say(client, call, "customer", "I want to cancel my internet service")
    assert client.get(call).json()["save_attempts"] == {
        "rule_id": "US-CA",
        "left": 1,
        "made": 0,
        "may_offer": False,
        "why_not": ["say_disclosure_first", "ask_permission_first"],
        "must_say_first": ["You may complete the cancellation at any time by saying so.", QUESTION],
    }


def test_what_stands_in_the_log_gives_the_same_summary(client: TestClient, parts: Any) -> None:
    call = start(client, "again", customer_id="C-1021", started_at="2026-11-20T09:05:00-08:00")
    for speaker, text in (
        ("customer", "I want to cancel my internet service"),
        ("agent", "I can give you ten dollars off a month."),
        ("customer", "That's not enough."),
    ):
        say(client, call, speaker, text)
    told = client.get(call).json()["save_attempts"]
    assert told["made"] == 1
    from copilot.store import open_database

    elsewhere = parts.live_calls("default", open_database(str(parts.engine.url)))
    assert elsewhere.summary("again")["save_attempts"] == told
