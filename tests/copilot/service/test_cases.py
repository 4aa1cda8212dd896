"""Cases over HTTP, and promises of calls that become cases by themselves."""

import time
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from copilot.errors import Conflict
from copilot.service import create_app
from copilot.store import Tokens
from copilot.wiring import Parts


def play(client: TestClient, call_id: str) -> None:
    turns = [
        {"turn_id": "1", "speaker": "customer", "text": "My phone has been out since Monday."},
        {"turn_id": "2", "speaker": "agent", "text": "I'm sorry. I will call you back by Friday at noon."},
        {"turn_id": "3", "speaker": "customer", "text": "Okay, thanks, bye."},
    ]
    client.post("/v1/calls", json={"call_id": call_id, "language": "en", "started_at": "2026-11-23T09:00:00-06:00"})
    client.post(f"/v1/calls/{call_id}/turns", json={"turns": turns}).raise_for_status()
    client.post(f"/v1/calls/{call_id}/end").raise_for_status()


def case_of(client: TestClient, call_id: str) -> Any:
    for _ in range(200):
        answer = client.get(f"/v1/cases/call-{call_id}")
        if answer.status_code == 200:
            return answer.json()
        time.sleep(0.05)
    raise AssertionError("no case came")


def test_a_promise_in_a_call_becomes_a_case_that_does_not_close_before_it_is_kept(client: TestClient) -> None:
    play(client, "k-1")
    case = case_of(client, "k-1")
    (owed,) = case["obligations"]
    assert (owed["due_at"], owed["status"]) == ("2026-11-27T18:00:00+00:00", "open")
    assert client.post("/v1/cases/call-k-1/close", json={}).status_code == 409
    assert owed["obligation_id"] in [each["obligation_id"] for each in client.get("/v1/cases/due").json()]
    assert "BEGIN:VEVENT" in client.get("/v1/cases/calendar.ics").text
    settled = client.post(
        f"/v1/cases/call-k-1/obligations/{owed['obligation_id']}", json={"action": "done", "why": "called"}
    )
    assert settled.status_code == 200
    assert client.post("/v1/cases/call-k-1/close", json={}).json()["status"] == "closed"


def test_promises_of_calls_that_ended_before_a_crash_are_found_at_the_start(parts: Parts) -> None:
    app = create_app(parts)
    token = Tokens(parts.engine).create("agent")
    client = TestClient(app, headers={"Authorization": f"Bearer {token}"})
    live = app.state.hall.live("default")
    app.state.hall._case_keeping["default"].moved_on = lambda _call_id: None  # it dies before it looks
    play(client, "k-2")
    app.state.hall.close()
    assert live.has_ended("k-2")
    fresh = create_app(parts)
    client = TestClient(fresh, headers={"Authorization": f"Bearer {token}"})
    fresh.state.hall.live("default")
    assert case_of(client, "k-2")["obligations"]
    fresh.state.hall.close()


def test_a_promise_is_recorded_when_the_database_was_busy_at_first(client: TestClient) -> None:
    keeping = client.app.state.hall._case_keeping  # type: ignore[attr-defined]
    client.app.state.hall.live("default")  # type: ignore[attr-defined]
    desk, refusals = keeping["default"]._desk, iter([OperationalError("x", {}, Exception()), Conflict("moved on")])

    class Busy:
        def from_note(self, *given: Any, **named: Any) -> Any:
            for refusal in refusals:
                raise refusal
            return desk.from_note(*given, **named)

        def from_flags(self, *given: Any, **named: Any) -> Any:
            return desk.from_flags(*given, **named)

    keeping["default"]._desk = Busy()
    play(client, "k-5")
    assert case_of(client, "k-5")["obligations"]
    assert next(refusals, None) is None


def test_a_packet_for_another_team_is_filled_in(client: TestClient) -> None:
    play(client, "k-3")
    made = client.post("/v1/cases/packets", json={"call_id": "k-3", "route": "support"}).json()
    assert made["open_promises"]
    assert made["summary"].startswith("I have")
    assert client.post("/v1/cases/packets", json={"call_id": "k-3", "route": "moon"}).status_code == 422


def test_a_threat_to_sue_opens_a_case_of_the_legal_team(client: TestClient) -> None:
    turns = [
        {"turn_id": "1", "speaker": "customer", "text": "If this charge stays I will have my attorney sue you."},
        {"turn_id": "2", "speaker": "agent", "text": "I understand. I note your words."},
    ]
    client.post("/v1/calls", json={"call_id": "k-4", "language": "en"})
    client.post("/v1/calls/k-4/turns", json={"turns": turns}).raise_for_status()
    client.post("/v1/calls/k-4/end").raise_for_status()
    case = case_of(client, "k-4:legal_threat")
    assert (case["kind"], case["owner"]) == ("route", "legal")
    assert case["body"]["packet"]["exact_words"][0]["words"] == turns[0]["text"]
    made = client.post("/v1/cases/packets", json={"call_id": "k-4", "route": "legal"}).json()
    assert made["flags"][0]["flag"] == "legal_threat"
    assert [each["case_id"] for each in client.get("/v1/cases", params={"kind": "route"}).json()] == [case["case_id"]]


def test_a_ticket_over_http(client: TestClient) -> None:
    tickets = "/v1/cases/tickets"
    opened = client.post(tickets, json={"id": "T-9", "name": "No dial tone", "observedImpact": "down"})
    assert (opened.status_code, opened.json()["status"], opened.json()["id"]) == (201, "acknowledged", "T-9")
    assert client.post(f"{tickets}/T-9/status", json={"status": "inProgress"}).json()["status"] == "inProgress"
    assert client.post(f"{tickets}/T-9/status", json={"status": "closed"}).status_code == 409
    assert client.post(f"{tickets}/T-9/visit", json={}).status_code == 409
    assert client.post(f"{tickets}/T-9/tests", json={"power": "ok"}).json()["diagnostics"] == {"power": "ok"}
    assert client.patch(f"{tickets}/T-9", json={"externalId": "TVA-1"}).json()["externalId"] == "TVA-1"
    assert client.patch(f"{tickets}/T-9", json={"status": "closed"}).status_code == 422
    step = {"order_id": "T-9/visit-1", "step": "missed"}
    assert client.post(f"{tickets}/T-9/visit/step", json=step).status_code == 404
    assert client.get(f"{tickets}/T-9").json()["externalId"] == "TVA-1"
    clock = client.get(f"{tickets}/T-9/clock").json()
    assert clock["status"] == "inProgress"
    assert 0 <= clock["worked_s"] < 60
    assert client.post("/v1/cases/T-9/close", json={}).status_code == 409
    assert client.post(tickets, json={"name": "x", "observedImpact": "loud"}).status_code == 422
    assert client.post(tickets, json={"name": "x", "expectedResolutionDate": "soon"}).status_code == 422


def test_cases_that_cannot_be_are_refused(client: TestClient) -> None:
    assert client.post("/v1/cases", json={"kind": "poem"}).status_code == 422
    assert client.get("/v1/cases/none").status_code == 404
    dispute = {"kind": "dispute", "case_id": "d-1", "invoice_id": "IN-7", "amount": "12.50", "reason": "twice"}
    assert client.post("/v1/cases", json=dispute).status_code == 201
    decided = client.post("/v1/cases/d-1/decision", json={"outcome": "rejected", "why": "two services"})
    assert decided.json()["body"]["status"] == "rejected"
    again = client.post("/v1/cases/d-1/decision", json={"outcome": "upheld", "why": "no"})
    assert again.status_code == 409


def test_incidents_show_problems(client: TestClient) -> None:
    contacts = [
        {"contact_id": f"k{n}", "cause_code": "card", "at": "2026-11-25T10:00:00+00:00", "revenue_at_risk": "9.50"}
        for n in range(5)
    ]
    found = client.post("/v1/cases/problems/candidates", json=contacts).json()
    assert found["candidates"][0]["cause_code"] == "card"
    assert found["by_revenue"][0]["revenue_at_risk"] == "47.50"


def test_only_the_first_of_two_takes_a_case_and_a_repeat_changes_nothing(client: TestClient) -> None:
    given = {"kind": "dispute", "case_id": "d-9", "customer_id": "C-1", "title": "fee"}
    more = {"invoice_id": "IN-1", "amount": "12.50", "reason": "billed twice"}
    case = client.post("/v1/cases", json={**given, **more}).json()
    take = {"owner": "bea", "version": case["version"], "request_id": "r-1"}
    assert client.post("/v1/cases/d-9/owner", json=take).json()["owner"] == "bea"
    assert client.post("/v1/cases/d-9/owner", json=take).json()["owner"] == "bea"
    assert client.post("/v1/cases/d-9/owner", json={"owner": "omar", "version": case["version"]}).status_code == 409
    asked = {"customer_id": "C-1", "balance": "84.37"}
    free = client.get("/v1/cases/collectable", params=asked).json()
    assert free == {"balance": "84.37", "disputed": "12.50", "collectable": "71.87"}
    assert client.get("/v1/cases/collectable", params={**asked, "balance": "much"}).status_code == 422
    decide = {"outcome": "upheld", "why": "billed twice", "request_id": "r-2"}
    first = client.post("/v1/cases/d-9/decision", json=decide).json()
    assert client.post("/v1/cases/d-9/decision", json=decide).json() == first
