"""`copilot insight`: figures from a database of its own, lists that close, files, and errors in words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from copilot.cli import app
from copilot.errors import BadInput

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COPILOT_EMBEDDER", "none")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["insight", *arguments])


def _take_in(folder: Path, kind: str, *facts: dict[str, Any]) -> None:
    file = folder / f"{kind}.jsonl"
    at = (NOW - timedelta(days=2)).isoformat()
    file.write_text("".join(json.dumps({"at": at, **fact}) + "\n" for fact in facts))
    result = _run("take-in", kind, str(file), "--json")
    assert json.loads(result.stdout) == {"kind": kind, "kept": len(facts)}


def test_figures_are_told_with_what_was_counted(tmp_path: Path) -> None:
    told = {"hold_s": 0, "acw_s": 60}
    _take_in(tmp_path, "phone", {"fact_id": "p1", "talk_s": 240, **told}, {"fact_id": "p2", "answered": False})
    rows = {row["kpi_id"]: row for row in map(json.loads, _run("kpis", "--json").stdout.splitlines())}
    assert (rows["aht"]["value"], rows["aht"]["numerator"], rows["aht"]["denominator"]) == ("300", "300", "1")
    lines = _run("kpis").stdout
    assert "Average handle time: 300 s (300 seconds of talk" in lines
    assert "left out: 1 abandoned" in lines
    assert "atendidas en 20 s" in _run("kpis", "--language", "es").stdout


def test_the_same_fact_again_replaces_the_first_word(tmp_path: Path) -> None:
    _take_in(tmp_path, "phone", {"fact_id": "p1", "talk_s": 1})
    _take_in(tmp_path, "phone", {"fact_id": "p1", "talk_s": 9})
    rows = {row["kpi_id"]: row for row in map(json.loads, _run("kpis", "--json").stdout.splitlines())}
    assert rows["att"]["numerator"] == "9"


def test_a_list_with_somebody_open_ends_with_one(tmp_path: Path) -> None:
    due = {"list": "declined_card", "customer_id": "C-1001"}
    _take_in(tmp_path, "due", {"fact_id": "pay-1", **due}, {"fact_id": "pay-2", **due})
    _take_in(tmp_path, "touch", {"fact_id": "t1", "due_id": "pay-1", "result": "contacted", "way": "sms"})
    result = _run("outreach-lists")
    assert result.exit_code == 1
    assert "declined_card: 2 due = 1 contacted, 0 with a reason, 1 open" in result.stdout
    assert "open: declined_card pay-2" in result.stdout
    why = {"result": "not_contacted", "reason": "on the do-not-call list"}
    _take_in(tmp_path, "touch", {"fact_id": "t2", "due_id": "pay-2", **why})
    assert _run("outreach-lists").exit_code == 0


def test_lists_come_from_records_and_take_a_reason_back_that_is_none_any_more(tmp_path: Path) -> None:
    day = (NOW - timedelta(days=5)).date().isoformat()
    failed = {"paid_on": day, "amount": "60.00", "method": "card", "result": "declined"}
    record: dict[str, Any] = {"customer_id": "C-9", "name": "Nora Pell", "state": "TX", "payments": [failed]}
    paid = {**record, "payments": [failed, {**failed, "result": "approved"}]}
    file = tmp_path / "records.jsonl"
    for given, told in ((paid, {"due": 1, "reasoned": 1}), (record, {"due": 1, "reasoned": 0})):
        file.write_text(json.dumps(given))
        assert json.loads(_run("lists-from-records", str(file), "--json").stdout) == told
    result = _run("outreach-lists")
    assert (result.exit_code, "1 open" in result.stdout) == (1, True)


def test_accounts_at_risk_are_due_once_a_day(tmp_path: Path) -> None:
    file = tmp_path / "risks.jsonl"
    file.write_text('{"account_id": "MC-2", "risk": 0.8312}\n{"account_id": "MC-1", "risk": 0.7}\n')
    for _ in range(2):
        assert json.loads(_run("lists-from-risk", str(file), "--json").stdout) == {"due": 2}
    rows = [json.loads(line) for line in _run("show", "outreach_lines", "--json").stdout.splitlines()]
    assert [(row["list"], row["customer_id"], row["why"]) for row in rows] == [
        ("risk", "MC-1", "risk 0.70"),
        ("risk", "MC-2", "risk 0.83"),
    ]
    for wrong in (
        '{"account_id": "A", "risk": 1.2}',
        '{"risk": 0.2}',
        '{"account_id": "A", "risk": "high"}',
        '{"account_id": "A", "risk": NaN}',
    ):
        file.write_text(wrong)
        assert isinstance(_run("lists-from-risk", str(file)).exception, BadInput)


def test_files_are_written(tmp_path: Path) -> None:
    for name in ("report.xlsx", "report.json", "due.ics"):
        assert _run("export", str(tmp_path / name)).exit_code == 0
    assert "Figures" in openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames
    assert json.loads((tmp_path / "report.json").read_text())["contacts"] == 0
    assert (tmp_path / "due.ics").read_text().startswith("BEGIN:VCALENDAR")
    assert _run("coaching", "Ana", "--file", str(tmp_path / "ana.docx")).exit_code == 0
    assert (tmp_path / "ana.docx").read_bytes()[:2] == b"PK"


def test_what_is_said_stands_on_the_page() -> None:
    note_id = _run("say", "Ana", "concern", "The screen is slow.", "--as", "Ana").stdout.strip()
    assert "The screen is slow." in _run("coaching", "Ana").stdout
    _run("say", "Ana", "reply", "A new one comes.", "--re", note_id, "--as", "coach")
    page = json.loads(_run("coaching", "Ana", "--json").stdout)
    assert page["concerns"] == []
    assert [each["text"] for each in page["notes"]] == ["The screen is slow.", "A new one comes."]


def test_a_section_comes_as_csv_or_json() -> None:
    assert _run("show", "gaps").stdout.splitlines() == ["Question,Asked,Last asked"]
    assert _run("show", "gaps", "--json").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "weather"], "there are: kpis"),
        (["kpis", "--language", "fr"], "allowed are en and es"),
        (["export", "report.pdf"], "allowed are: .xlsx, .json, .ics"),
        (["say", "Ana", "gossip", "x"], "allowed are: concern"),
    ],
)
def test_a_wrong_word_is_refused_with_what_is_allowed(arguments: list[str], told: str) -> None:
    result = _run(*arguments)
    assert isinstance(result.exception, BadInput)
    assert told in str(result.exception)
