"""`copilot cases` on files and a database of their own, from a call to a closed case."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from copilot.cases.visits import DIAGNOSTICS
from copilot.cli import app


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COPILOT_EMBEDDER", "none")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["cases", *arguments])


def read(*arguments: str) -> list[Any]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(name: str, *rows: Any) -> str:
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
        return str(path)

    return write


def test_a_dispute_from_open_to_closed(file: Any) -> None:
    given = {"case_id": "d-1", "invoice_id": "IN-7", "amount": "12.50", "reason": "charged twice"}
    (case,) = read("open", "dispute", file("d.json", given), "--as", "bea", "--json")
    assert case["body"]["hold_collection"] == "12.50"
    (owed,) = read("due", "--owner", "finance", "--json")
    assert owed["case_id"] == "d-1"
    assert read("due", "--before", "2020-01-01T00:00:00+00:00", "--json") == []
    refused = run("close", "d-1")
    assert (refused.exit_code, "not decided" in str(refused.exception)) == (1, True)
    read("decide", "d-1", "rejected", "--why", "two services", "--json")
    assert "d-1/answer" in str(run("close", "d-1").exception)
    read("settle", "d-1", "d-1/answer", "done", "--why", "letter", "--json")
    read("hand-over", "d-1", "Rosa", "--json")
    (closed,) = read("close", "d-1", "--as", "rosa", "--json")
    assert (closed["status"], closed["owner"], closed["history"][-1]["by"]) == ("closed", "Rosa", "rosa")
    assert [each["case_id"] for each in read("list", "--closed", "--json")] == ["d-1"]


def test_a_ticket_from_open_to_a_visit(file: Any) -> None:
    read("open", "ticket", file("t.json", {"case_id": "T-1", "name": "No dial tone"}), "--json")
    read("ticket", "status", "T-1", "inProgress", "--json")
    read("ticket", "amend", "T-1", file("a.json", {"externalId": "TVA-1"}), "--json")
    assert "power=ok" in str(run("ticket", "tests", "T-1", "power").exception)
    read("ticket", "tests", "T-1", *(f"{name}=ok" for name in DIAGNOSTICS), "--json")
    start = datetime.now(UTC) + timedelta(days=1)
    consent = {
        "ticket_id": "T-1",
        "carrier": "Tri-Valley Access",
        "reason": "no dial tone",
        "window_start": start.isoformat(),
        "window_end": (start + timedelta(hours=4)).isoformat(),
        "site_contact": "Rosa",
        "access_notes": "ring twice",
        "possible_charge": "85.00",
        "charge_disclosed": True,
        "given_by": "Tamika Broussard",
        "relationship": "holder",
        "auth_level": "authenticated",
        "given_at": datetime.now(UTC).isoformat(),
        "method": "voice",
        "evidence_ref": "call c-1",
        "expires_at": (start + timedelta(days=2)).isoformat(),
    }
    for wrong in ({"window_start": "soon"}, {"possible_charge": "-1"}, {"colour": "red"}, {"carrier": 7}):
        refused = run("ticket", "visit", "T-1", file("w.json", {**consent, **wrong}))
        assert type(refused.exception).__name__ == "BadInput", wrong
    read("ticket", "visit", "T-1", file("c.json", consent), "--json")
    other = file("o.json", {"possibleCharge": "95.00"})
    assert "new consent" in str(
        run("ticket", "step", "T-1", "T-1/visit-1", "confirmed", "--confirmed", other).exception
    )
    read("ticket", "step", "T-1", "T-1/visit-1", "confirmed", "--json")
    (ticket,) = read("ticket", "show", "T-1")
    assert (ticket["status"], ticket["workOrder"][0]["state"]) == ("pending", "planned")


def test_promises_of_notes_become_reminders(file: Any) -> None:
    due = "2026-11-27T12:00:00-06:00"
    promise = {"promise": {"text": "Will call about the fee", "turn_ids": ["t19"]}, "owner": "Bea", "due_at": due}
    notes = file("n.jsonl", {"call_id": "c-1", "follow_ups": [promise]}, {"call_id": "c-2", "follow_ups": []})
    assert [each["case_id"] for each in read("from-notes", notes, "--json")] == ["call-c-1"]
    calendar = run("ics", "--owner", "Bea").output
    assert "SUMMARY:Bea: Will call about the fee" in calendar
    assert "DTEND:20261127T180000Z" in calendar
    assert "BEGIN:VEVENT" not in run("ics", "--owner", "nobody").output


def test_packets_and_missed_chances_are_read_from_events(file: Any) -> None:
    note = {"call_id": "c-1", "offers": [], "follow_ups": [], "reason": {"text": "", "turn_ids": ["t1"]}}
    words = "My attorney will sue you."
    events = [
        {"type": "turn.final", "body": {"turn_id": "t1", "speaker": "customer", "text": words}},
        {"type": "cue.raised", "body": {"cue_id": "legal_threat", "kind": "flag", "turn_id": "t1"}},
        {"type": "offer.shown", "body": {"offer_id": "OF-1", "offer": {"offer_id": "OF-1", "dEV": "41.20"}}},
        {"type": "note.updated", "body": note},
    ]
    path = file("e.jsonl", *({"call_id": "c-1", **each} for each in events))
    (packet,) = read("packet", path, "--route", "legal")
    assert packet["exact_words"][0]["words"] == words
    (missed,) = read("missed", path, "--json")
    assert (missed["type"], missed["value"]) == ("offer_not_presented", "41.20")
    assert "c-1" in str(run("packet", path, "--route", "legal", "--call", "c-9").exception)


def test_what_is_wrong_is_said_in_one_line(file: Any) -> None:
    assert "complaint" in str(run("open", "poem", file("p.json", {})).exception)
    assert "None" not in str(run("show", "none").exception)
    assert "zone" in str(run("due", "--before", "tomorrow").exception)
