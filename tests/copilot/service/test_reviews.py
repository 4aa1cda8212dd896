"""Drafts and reviews over HTTP: from a complaint to a sent answer, with a person deciding."""

import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from copilot.wiring import Parts
from tests.copilot.service.conftest import ClientOf

COMPLAINT = {
    "text": "I was charged twice for October. My internet was down for two days. I want a refund.",
    "channel": "FCC",
    "received_at": "2026-11-24",
    "complaint_id": "F-1",
}
FACTS = {
    "billing": "The second charge was refunded on November 12, 2026.",
    "outage": "A cut cable was repaired on November 24, 2026.",
    "remedy": "The refund was issued.",
    "documents": "A copy of the corrected invoice is attached.",
    "next_step": "Rosa Meyer of the billing team will call by December 1, 2026.",
}


@pytest.fixture
def reviewer(client_of: ClientOf) -> TestClient:
    return client_of("reviewer")


def drafted(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/drafts", json={**COMPLAINT, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def decide(client: TestClient, draft_id: str, action: str, decision_id: str, version: int = 1, **more: Any) -> Any:
    body = {"decision_id": decision_id, "version": version, "action": action, **more}
    return client.post(f"/v1/reviews/{draft_id}/decision", json=body)


def test_a_complaint_is_drafted_queued_decided_by_two_and_sent(
    client: TestClient, client_of: ClientOf, parts: Parts
) -> None:
    made = drafted(client, id="f-1", facts=FACTS)
    draft_id = made["draft_id"]
    assert (made["status"], made["blocked"], made["provider"]) == ("draft", False, "extractive")
    assert {"text", "allegations", "sentences", "checks", "due_at", "channel"} <= made.keys()
    assert made["understood"]["deadline"]["rule"] == "fcc_informal"
    rosa, omar = client_of("reviewer"), client_of("supervisor")
    assert draft_id in [row["draft_id"] for row in rosa.get("/v1/reviews?channel=fcc_complaint").json()]
    assert decide(rosa, draft_id, "approve", "f-1-rosa").json()["status"] == "approved_once"
    assert decide(rosa, draft_id, "approve", "f-1-rosa-again").status_code == 409
    assert decide(omar, draft_id, "approve", "f-1-omar").json()["status"] in ("approved", "sent")
    out = Path(parts.settings.data_dir) / "outbox" / f"{draft_id}.txt"
    for _ in range(200):
        if out.is_file() and rosa.get(f"/v1/reviews/{draft_id}").json()["status"] == "sent":
            break
        time.sleep(0.05)
    assert out.read_text("utf-8").startswith("This is the answer of Meridell to the complaint F-1.")
    history = rosa.get(f"/v1/reviews/{draft_id}").json()
    assert [entry["action"] for entry in history["audit"]] == ["drafted", "approve", "approve", "sent"]
    assert omar.get("/v1/reviews/audit").json()["whole"] is True


def test_a_draft_with_open_questions_cannot_be_approved(client: TestClient, reviewer: TestClient) -> None:
    made = drafted(client, id="f-2")
    assert made["status"] == "needs_facts"
    answer = decide(reviewer, made["draft_id"], "approve", "f-2-a")
    assert (answer.status_code, "every_allegation" in answer.json()["detail"]) == (409, True)


def test_an_edit_is_checked_again(client: TestClient, client_of: ClientOf) -> None:
    reviewer = client_of("reviewer")
    draft_id = drafted(client, id="m-1", channel="email")["draft_id"]
    text = "Thank you. We are sorry. We will credit you $500."
    edited = decide(reviewer, draft_id, "edit", "m-1-e", text=text, reasons=["wording"]).json()
    failed = {check["id"] for check in edited["versions"][-1]["checks"] if not check["passed"]}
    assert "amounts_decided" in failed
    assert decide(reviewer, draft_id, "approve", "m-1-a", version=2).status_code == 409
    good = "Thank you. We are sorry for the trouble. Our billing team is looking into the two charges of October."
    decide(reviewer, draft_id, "edit", "m-1-e2", version=2, text=good, reasons=["wrong_fact"]).raise_for_status()
    assert decide(reviewer, draft_id, "approve", "m-1-a2", version=3).json()["status"] in ("approved", "sent")


def test_an_item_that_comes_again_with_more_withdraws_its_earlier_draft(
    client: TestClient, reviewer: TestClient
) -> None:
    first = drafted(client, id="c-1", channel="email")["draft_id"]
    again = drafted(client, id="c-1", channel="email", thread=[{"text": "And now I have no dial tone."}])["draft_id"]
    assert first != again
    assert client.get(f"/v1/drafts/{first}").json()["status"] == "withdrawn"
    assert decide(reviewer, first, "approve", "c-1-a").status_code == 409


def test_claims_over_http(client: TestClient, client_of: ClientOf) -> None:
    draft_id = drafted(client, id="k-1", channel="x", text="Down again!")["draft_id"]
    rosa, omar = client_of("reviewer"), client_of("reviewer")
    assert rosa.post(f"/v1/reviews/{draft_id}/claim").status_code == 200
    assert omar.post(f"/v1/reviews/{draft_id}/claim").status_code == 409
    assert rosa.post(f"/v1/reviews/{draft_id}/release").status_code == 204
    assert omar.post("/v1/reviews/next?channel=x").json()["draft_id"] == draft_id


def test_roles_and_bad_input(client: TestClient, reviewer: TestClient) -> None:
    assert client.get("/v1/reviews").status_code == 403
    assert reviewer.get("/v1/reviews/audit").status_code == 403
    assert client.get("/v1/drafts/none").status_code == 404
    for body in (
        {},
        {"text": ""},
        {"text": "a", "channel": "pigeon"},
        {"text": "a", "channel": "x", "received_at": "?"},
    ):
        assert client.post("/v1/drafts", json=body).status_code == 422
    draft_id = drafted(client, id="r-1", channel="email")["draft_id"]
    assert decide(reviewer, draft_id, "burn", "r-1").status_code == 422
    assert decide(reviewer, draft_id, "reject", "r-2", reasons=["no such"]).status_code == 422
    assert decide(reviewer, draft_id, "approve", "r-3", adapter="pigeon").status_code == 422


def test_secrets_of_a_complaint_are_nowhere(client: TestClient, reviewer: TestClient, parts: Parts) -> None:
    text = "You charged my card 4111 1111 1111 1111 twice, my social is 078-05-1120."
    draft_id = drafted(client, id="s-1", channel="email", text=text)["draft_id"]
    assert "4111" not in reviewer.get(f"/v1/reviews/{draft_id}").text
    stored = b"".join(path.read_bytes() for path in Path(parts.settings.data_dir).rglob("*") if path.is_file())
    assert b"4111 1111 1111 1111" not in stored
    assert b"078-05-1120" not in stored
