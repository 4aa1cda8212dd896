"""`copilot connect` on a folder of files and on a CRM at loopback, from a note to what is written there."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from copilot.cli import app
from copilot.errors import BadInput, CopilotError, NotFound
from tests.copilot.connect.systems.crm import TOKEN, Crm, mapping
from tests.copilot.connect.systems.serving import Mishap, serving

NOTE = {
    "call_id": "call-1",
    "text": "Wants to keep the line. Card 4111 1111 1111 1111 declined.",
    "reason": {"text": "Wants to cancel", "turn_ids": ["t2"]},
    "fields": [{"name": "phone", "value": "+15550177", "turn_ids": ["t4"]}],
}


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("COPILOT_CONNECT", raising=False)
    (tmp_path / "note.json").write_text(json.dumps(NOTE))


@pytest.fixture
def note(tmp_path: Path) -> str:
    return str(tmp_path / "note.json")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["connect", *arguments])


def read(*arguments: str) -> list[Any]:
    result = run(*arguments, "--json")
    assert result.exit_code in (0, 1), result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **systems: Any) -> None:
    (tmp_path / "connect.yaml").write_text(yaml.safe_dump({"systems": systems}))
    monkeypatch.setenv("COPILOT_CONNECT", str(tmp_path / "connect.yaml"))
    monkeypatch.setenv("CRM_TOKEN", TOKEN)


def test_without_any_setting_a_note_goes_into_a_file_in_the_data_folder(tmp_path: Path, note: str) -> None:
    (proposal,) = read("propose", note, "--id", "C-1001")
    assert proposal["status"] == "proposed"
    assert read("push") == []
    assert read("confirm", proposal["proposal_id"], "--as", "ann")[0]["decided_by"] == "ann"
    assert [row["status"] for row in read("push")] == ["written"]
    assert read("push") == []
    (line,) = (tmp_path / "data" / "connect" / "notes.jsonl").read_text().splitlines()
    assert json.loads(line)["text"] == "Wants to keep the line. Card [CARD] declined."


def test_a_crm_is_checked_searched_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str) -> None:
    crm = Crm()
    with serving(crm) as url:
        use(tmp_path, monkeypatch, crm=mapping(url))
        assert run("check").output.startswith("crm: fine (customers, notes, fields, billing, idempotent, finds_notes)")
        assert [row["object_id"] for row in read("find", "+15550100", "--by", "phone", "--system", "crm")] == [
            "C-1001",
            "C-1002",
            "C-1003",
        ]
        assert "C-1001  Dana Whitfield" in run("find", "C-1001", "--system", "crm").output
        proposed = read("propose", note, "--id", "C-1001", "--system", "crm")
        for row in proposed:
            run("confirm", row["proposal_id"])
        shown = run("proposals", "--status", "confirmed").output
        assert "contact.phone: +15550100 → +15550177" in shown
        assert run("push").exit_code == 0
    assert crm.people["C-1001"]["contact"]["phone"] == "+15550177"
    assert [each["text"] for each in crm.notes["C-1001"]] == ["Wants to keep the line. Card [CARD] declined."]


def test_what_failed_is_listed_with_what_is_there_and_put_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    crm = Crm()
    with serving(crm) as url:
        use(tmp_path, monkeypatch, crm=mapping(url))
        first, phone = read("propose", note, "--id", "C-1001", "--system", "crm")
        assert read("reject", first["proposal_id"], "--reason", "twice")[0]["status"] == "rejected"
        run("confirm", phone["proposal_id"])
        crm.people["C-1001"]["contact"]["phone"] = "+15550155"
        assert run("push").exit_code == 1
        assert "there is +15550155" in run("dead").output
        assert read("dead", "--requeue", phone["proposal_id"])[0]["from"] == "+15550155"
        assert run("dead").output == ""


def test_check_names_each_system_that_cannot_be_used_and_asks_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = Crm()
    crm.mishaps.append(Mishap(302, {"Location": "/login"}))
    with serving(crm) as url:
        use(tmp_path, monkeypatch, crm=mapping(url), files={"kind": "files", "folder": "crm"})
        result = run("check")
    assert result.exit_code == 1
    assert "302, a redirect" in result.output
    assert "files: fine" in result.output


@pytest.mark.parametrize(
    ("arguments", "error", "names"),
    [
        (["find", "x", "--by", "shoe"], BadInput, "id, phone, email, account"),
        (["find", "x", "--system", "crm"], NotFound, "files"),
        (["proposals", "--status", "lost"], BadInput, "proposed"),
        (["confirm", "wb-none"], CopilotError, "copilot connect proposals"),
        (["propose", "missing.json", "--id", "C-1"], BadInput, "missing.json"),
        (["dead", "--requeue", "wb-none"], CopilotError, "wb-none"),
    ],
)
def test_bad_input_is_named_with_what_was_allowed(arguments: list[str], error: type[CopilotError], names: str) -> None:
    raised = run(*arguments).exception
    assert isinstance(raised, error)
    assert names in str(raised)
