"""Reports over a real service and database: a small day counted by hand, its files, and whose eyes it is for."""

import csv
import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from copilot.insight.words import all_words
from copilot.service import create_app
from copilot.store import Call, EventLog, Gaps, InsightRows, NewEvent, Outcome, Outcomes, Tokens
from copilot.store.tables import calls as calls_table
from copilot.wiring import Parts
from knowledge.pack import PACKS
from tests.copilot.service.conftest import ClientOf

CALLS = {
    call["call_id"]: call for call in map(json.loads, (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines())
}
DAY = {"from": "2026-11-20T00:00:00Z", "to": "2026-11-21T00:00:00Z"}
AT = "2026-11-20T15:00:00Z"
LATER = "2026-12-20T15:00:00Z"


def _until(found: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not found():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.05)


def _phone(call_id: str, agent: str, wait_s: int, talk_s: int, hold_s: int, acw_s: int) -> dict[str, Any]:
    told = {"wait_s": wait_s, "talk_s": talk_s, "hold_s": hold_s, "acw_s": acw_s}
    return {"fact_id": call_id, "at": AT, "agent": agent, **told}


def _play(client: TestClient, call_id: str, signed_by: str) -> None:
    call = CALLS[call_id]
    announced = {
        name: call[name] for name in ("call_id", "channel", "language", "started_at", "customer_id") if name in call
    }
    client.post("/v1/calls", json=announced).raise_for_status()
    client.post(f"/v1/calls/{call_id}/turns", json={"turns": call["turns"]}).raise_for_status()
    client.post(f"/v1/calls/{call_id}/end").raise_for_status()
    client.post(f"/v1/calls/{call_id}/note/sign", json={"name": signed_by}).raise_for_status()


@pytest.fixture(scope="module")
def boss(client_of: ClientOf, parts: Parts) -> TestClient:
    """A day: one customer kept with an offer, one who left at once, and what the telephone and billing say."""
    client = client_of("supervisor")
    _play(client, "demo-01-price-save", "Marcus")
    _play(client, "demo-02-cancel-at-once", "Tanya")
    outcomes = Outcomes(parts.engine)
    _until(lambda: any(each.status == "accepted" for each in outcomes.all()))
    client.post("/v1/calls/demo-01-price-save/cards/c1/feedback", json={"verdict": "useful"}).raise_for_status()
    client.post("/v1/calls/demo-02-cancel-at-once/cards/c1/feedback", json={"verdict": "not_useful"}).raise_for_status()
    facts: dict[str, list[dict[str, Any]]] = {
        "phone": [
            {
                "fact_id": "demo-01-price-save",
                "at": AT,
                "agent": "Marcus",
                "wait_s": 12,
                "talk_s": 320,
                "hold_s": 20,
                "acw_s": 60,
            },
            {
                "fact_id": "demo-02-cancel-at-once",
                "at": AT,
                "agent": "Tanya",
                "wait_s": 30,
                "talk_s": 180,
                "hold_s": 0,
                "acw_s": 20,
            },
            {"fact_id": "hung-up", "at": AT, "answered": False, "wait_s": 41},
        ],
        "due": [
            {"fact_id": "pay-1", "at": AT, "list": "declined_card", "customer_id": "C-1004", "amount": "60.00"},
            {"fact_id": "pay-2", "at": AT, "list": "declined_card", "customer_id": "C-1005", "amount": "25.00"},
        ],
        "touch": [
            {"fact_id": "t-1", "at": "2026-11-23T15:00:00Z", "due_id": "pay-1", "result": "contacted", "way": "sms"},
        ],
        "paying": [
            {
                "fact_id": "f-1",
                "at": "2026-12-20T15:00:00Z",
                "call_id": "demo-02-cancel-at-once",
                "days": 30,
                "paying": False,
            },
        ],
    }
    for kind, given in facts.items():
        client.post(f"/v1/insight/facts/{kind}", json={"facts": given}).raise_for_status()
    return client


def _report(client: TestClient, **asked: Any) -> Any:
    answer = client.get("/v1/insight", params={**DAY, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _rows(client: TestClient, name: str) -> Any:
    return _report(client)["sections"][name]["rows"]


def test_the_figures_of_a_small_day_are_those_counted_by_hand(boss: TestClient) -> None:
    found = {row["kpi_id"]: row for row in _rows(boss, "kpis")}
    told = {name: (row["value"], row["numerator"], row["denominator"]) for name, row in found.items()}
    assert _report(boss)["agents"] == ["Marcus", "Tanya"]
    assert told["att"] == ("250", "500", "2")  # 320 + 180
    assert told["aht"] == ("300", "600", "2")  # 400 + 200
    assert told["service_level"] == ("33.3", "1", "3")  # one of three within 20 s; who hung up counts
    assert told["abandon_rate"] == ("33.3", "1", "3")
    assert told["deflect_rate"] == ("50.0", "1", "2")
    assert found["deflect_rate"]["evidence"] == ["demo-02-cancel-at-once"]
    assert told["acceptance"] == ("100.0", "1", "1")
    # five days after the call nobody can be saved at 30: left out, and said so; no zero
    assert told["save_rate_30"] == (None, "0", "0")
    assert found["save_rate_30"]["excluded"] == [{"why": "too_young", "count": 2}]
    assert found["aht"]["excluded"] == [{"why": "abandoned", "count": 1}]


def test_causes_cards_and_lists_of_the_day(boss: TestClient) -> None:
    reasons = _rows(boss, "contact_reasons")
    assert [(row["cause_code"], row["contacts"]) for row in reasons] == [("RET_CANCEL", 2)]
    assert sorted(reasons[0]["evidence"]) == ["demo-01-price-save", "demo-02-cancel-at-once"]
    churn = {row["cause_code"]: row for row in _rows(boss, "churn_revenue")}
    assert churn["price"]["revenue_at_risk"] == "85.00"
    assert sum(row["contacts"] for row in churn.values()) == 2
    assert reasons[0]["revenue_at_risk"] == "110.00"  # 85 by the offer card, and Pocket Five at 25 by the record
    scripts = next(row for row in _rows(boss, "cards") if row["kind"] == "script")
    assert (scripts["useful"], scripts["not_useful"], scripts["useful_share"]) == (1, 1, "50.0")
    payments = next(row for row in _rows(boss, "outreach") if row["list"] == "declined_card")
    assert (payments["total"], payments["contacted"], payments["open"], payments["is_complete"]) == (2, 1, 1, False)
    assert [row["due_id"] for row in _rows(boss, "outreach_lines")] == ["pay-2", "pay-1"]
    (weeks,) = {row["week"] for row in _rows(boss, "trends")}
    assert weeks == "2026-11-20"


def test_promises_that_are_overdue_stand_among_the_deadlines_and_the_missed(boss: TestClient) -> None:
    owed = [row for row in _rows(boss, "deadlines") if row["what"] == "case"]
    assert any(row["overdue"] for row in owed)
    missed = _rows(boss, "missed")
    assert any(row["type"] == "callback_missed" and row["evidence"] == ["demo-01-price-save"] for row in missed)
    values = [float(row["value"]) for row in missed]
    assert values == sorted(values, reverse=True)
    calendar = boss.get("/v1/insight/deadlines.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VEVENT" in calendar.text


def test_the_last_contact_closes_the_list(boss: TestClient) -> None:
    touch = {
        "fact_id": "t-2",
        "at": "2026-11-24T15:00:00Z",
        "due_id": "pay-2",
        "result": "not_contacted",
        "reason": "wrote STOP",
    }
    boss.post("/v1/insight/facts/touch", json={"facts": [touch]}).raise_for_status()
    payments = next(row for row in _rows(boss, "outreach") if row["list"] == "declined_card")
    assert (payments["contacted"], payments["reasoned"], payments["is_complete"]) == (1, 1, True)


def test_the_evidence_is_one_step_away(boss: TestClient) -> None:
    call = boss.get("/v1/insight/calls/demo-02-cancel-at-once").json()
    assert call["disposition_code"] == "RET_CANCEL/CANCELLED"
    assert len(call["turns"]) == len(CALLS["demo-02-cancel-at-once"]["turns"])
    assert boss.get("/v1/insight/calls/nobody").status_code == 404


def test_files_hold_the_same_as_the_report_and_run_nothing(boss: TestClient) -> None:
    due = {"fact_id": "=HYPERLINK(1)", "at": AT, "list": "risk", "customer_id": "@SUM(A1)", "why": "+1 [x] \u202e"}
    boss.post("/v1/insight/facts/due", json={"facts": [due]}).raise_for_status()
    book = openpyxl.load_workbook(io.BytesIO(boss.get("/v1/insight/report.xlsx", params=DAY).content))
    report = _report(boss)
    assert len(set(book.sheetnames)) == len(report["sections"])
    assert all(len(name) <= 31 for name in book.sheetnames)
    figures = list(book["Figures"].values)
    assert len(figures) - 1 == len(report["sections"]["kpis"]["rows"])
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    lines = boss.get("/v1/insight/sections/outreach_lines.csv", params={**DAY, "language": "es"}).content.decode(
        "utf-8-sig"
    )
    rows = list(csv.DictReader(io.StringIO(lines)))
    stray = next(row for row in rows if row["Lista"] == "risk")
    assert (stray["Id"], stray["Cliente"], stray["Por qué"]) == ("'=HYPERLINK(1)", "'@SUM(A1)", "'+1 [x] \u202e")
    assert boss.get("/v1/insight/sections/nothing.csv", params=DAY).status_code == 404


def test_secrets_in_facts_are_masked_before_they_are_kept(boss: TestClient, parts: Parts) -> None:
    due = {"fact_id": "pay-9", "at": AT, "list": "risk", "customer_id": "C-1", "why": "card 4111 1111 1111 1111"}
    boss.post("/v1/insight/facts/due", json={"facts": [due]}).raise_for_status()
    assert "4111" not in json.dumps(InsightRows(parts.engine).facts("due", None, None))


def test_a_late_import_counts_by_when_the_call_began(boss: TestClient, parts: Parts) -> None:
    log = EventLog(parts.engine)
    log.create_call(Call("old-import", started_at="2026-11-20T09:00:00-06:00"))
    log.create_call(Call("long-ago", started_at="2026-11-01T09:00:00-06:00"))
    log.create_call(Call("no-hour"))
    with parts.engine.begin() as connection:
        at = datetime(2026, 11, 20, 8, tzinfo=UTC)
        connection.execute(update(calls_table).where(calls_table.c.call_id == "no-hour").values(created_at=at))
    assert _report(boss)["contacts"] == 4
    assert _report(boss, to="2026-11-20T14:00:00Z")["contacts"] == 1


@pytest.mark.parametrize("asked", [{"from": "2026-11-22T00:00:00Z"}, {"from": "2020-01-01T00:00:00Z"}])
def test_a_window_that_cannot_be_is_refused(boss: TestClient, asked: dict[str, str]) -> None:
    assert boss.get("/v1/insight", params={**DAY, **asked}).status_code == 422


def test_a_coaching_page_holds_moments_with_their_turns(boss: TestClient, client_of: ClientOf) -> None:
    words = boss.get("/v1/console/words").json()
    asked = [item for section in words["sections"] for item in section["items"] if "call" in item["subjects"]]
    told: dict[str, dict[str, Any]] = {
        "plain-words": {"mark": 0.5, "evidence": ["t9"], "comment": "say it in one sum"},
        "acknowledged": {"mark": 1, "evidence": ["t9", "not a turn"]},
    }
    marks = [{"item_id": item["id"], **told.get(item["id"], {"mark": 1})} for item in asked]
    score = {
        "evaluation_id": "E-1",
        "subject": "call",
        "subject_id": "demo-01-price-save",
        "agent": "Marcus",
        "marks": marks,
    }
    boss.post("/v1/quality/evaluations", json=score).raise_for_status()
    now = datetime.now(UTC)
    window = {"from": (now - timedelta(days=20)).isoformat(), "to": (now + timedelta(hours=1)).isoformat()}
    page = boss.get("/v1/insight/coaching", params={**window, "agent": "Marcus"}).json()
    turns = {turn["turn_id"]: turn["text"] for turn in CALLS["demo-01-price-save"]["turns"]}
    assert 1 <= len(page["moments"]) <= 3
    assert page["moments"][0]["kind"] == "strength"
    practise = next(each for each in page["moments"] if each["about"] == "plain-words")
    assert practise["turn_ids"] == ["t9"]
    assert practise["quotes"][0]["text"] == turns["t9"]
    assert page["strengths"][0] == {"about": "saved", "times": 1, "evidence": ["demo-01-price-save"]}
    assert {each["kpi_id"] for each in page["metrics"]} >= {"att", "aht", "qa_score"}
    assert all(each["on"] for each in page["policy_changes"])
    document = docx.Document(
        io.BytesIO(boss.get("/v1/insight/coaching.docx", params={**window, "agent": "Marcus"}).content)
    )
    assert any(turns["t9"] in paragraph.text for paragraph in document.paragraphs)


def test_an_agent_answers_their_own_page_and_a_coach_settles_it(boss: TestClient, client_of: ClientOf) -> None:
    agent = client_of("agent")
    own = agent.get("/v1/console/me").json()["name"]
    said = {"note_id": "n-1", "kind": "concern", "text": "My card is 4111 1111 1111 1111, and the queue is too long."}
    assert agent.post("/v1/insight/coaching/notes", json=said).json() == {"new": True}
    assert agent.post("/v1/insight/coaching/notes", json=said).json() == {"new": False}
    page = agent.get("/v1/insight/coaching").json()
    assert page["agent"] == own
    assert [each["text"] for each in page["concerns"]] == ["My card is [CARD], and the queue is too long."]
    assert agent.get("/v1/insight/coaching", params={"agent": "Marcus"}).status_code == 403
    assert (
        agent.post("/v1/insight/coaching/notes", json={**said, "note_id": "n-2", "agent": "Marcus"}).status_code == 403
    )
    assert (
        agent.post("/v1/insight/coaching/notes", json={**said, "note_id": "n-3", "kind": "agreed"}).status_code == 403
    )
    reply = {"note_id": "n-4", "agent": own, "kind": "reply", "re": "n-1", "text": "Two more people from December."}
    boss.post("/v1/insight/coaching/notes", json=reply).raise_for_status()
    page = agent.get("/v1/insight/coaching").json()
    assert page["concerns"] == []
    assert [each["kind"] for each in page["notes"]] == ["concern", "reply"]


@pytest.mark.parametrize(
    "path", ["", "/report.xlsx", "/sections/kpis.csv", "/deadlines.ics", "/calls/demo-02-cancel-at-once"]
)
def test_reports_are_for_supervisors(client_of: ClientOf, path: str) -> None:
    assert client_of("reviewer").get(f"/v1/insight{path}").status_code == 403


def test_nobody_sees_another_tenants_data(boss: TestClient, parts: Parts) -> None:
    log = EventLog(parts.engine, "rival")
    log.create_call(Call("rival-call", started_at=AT, customer_id="R-1"))
    note = {"reason_code": "RIVAL", "outcome_code": "RESOLVED"}
    log.append("rival-call", 0, [NewEvent("note.updated", note, AT), NewEvent("call.ended", {}, AT)])
    Gaps(parts.engine, "rival").add("rival question")
    outcome = Outcome(
        "rival-outcome", "R-1", "RIVAL-OFFER", "rival_reason", "accepted", 3, datetime(2026, 11, 20, tzinfo=UTC)
    )
    Outcomes(parts.engine, "rival").record(outcome)
    due = {"fact_id": "rival-pay", "at": AT, "list": "declined_card", "customer_id": "R-1"}
    at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    InsightRows(parts.engine, "rival").keep_facts("due", {"rival-pay": (at, due)})
    told = json.dumps(_report(boss, to=datetime.now(UTC).isoformat()))
    assert "rival" not in told.lower()
    assert boss.get("/v1/insight/calls/rival-call").status_code == 404
    token = Tokens(parts.engine).create("admin", "rival")
    rival = TestClient(create_app(parts), headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)
    paths = ("", "/report.xlsx", "/calls/demo-01-price-save", "/coaching?agent=Marcus", "/deadlines.ics")
    assert [rival.get(f"/v1/insight{path}").status_code for path in paths] == [403] * len(paths)
    assert rival.post("/v1/insight/facts/due", json={"facts": [due]}).status_code == 403


def test_every_figure_and_column_has_words_in_both_languages(boss: TestClient) -> None:
    words, report = all_words(), _report(boss)
    sections = report["sections"]
    used = {("sections", name) for name in sections}
    used |= {("columns", column) for each in sections.values() for column in each["columns"]}
    used |= {("kpis", row["kpi_id"]) for name in ("kpis", "trends") for row in sections[name]["rows"]}
    used |= {("excluded", each["why"]) for row in sections["kpis"]["rows"] for each in row["excluded"]}
    assert used
    assert [(group, code) for group, code in used if set(words[group].get(code, {})) != {"en", "es"}] == []
    shapes = [[set(each[language]) for each in words["kpis"].values()] for language in ("en", "es")]
    assert shapes[0] == shapes[1]
