"""A data folder becomes cases and a suite that runs, by one command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copilot.errors import BadInput
from evals.command import app
from evals.suites import load_suite

ROWS = [
    {"id": "a", "text": "my card is 4111 1111 1111 1111", "spans": [{"start": 11, "end": 30, "label": "CREDIT_CARD"}]},
    {"id": "b", "text": "thanks, bye", "spans": []},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "my data"
    folder.mkdir()
    (folder / "utterances.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), "utf-8")
    return folder


def test_what_is_imported_can_be_run(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "imported"
    imported = CliRunner().invoke(app, ["import", "pii", str(data), "--out", str(out), "--json"])
    told = json.loads(imported.stdout)
    assert (told["cases"], told["task"]) == (2, "redaction")
    ran = CliRunner().invoke(app, ["run", told["suite"], "--baseline", "none", "--out", str(tmp_path / "runs")])
    assert ran.exit_code == 0, ran.output
    assert "recall 1.0000 (1 cases, 1 unscored" in ran.output
    assert load_suite(told["suite"]).name == "my-data"


def test_so_many_cases_at_most(data: Path, tmp_path: Path) -> None:
    imported = CliRunner().invoke(app, ["import", "pii", str(data), "--out", str(tmp_path / "o"), "--limit", "1"])
    assert imported.stdout.startswith("1 cases for redaction: copilot eval run ")


def test_a_folder_without_a_case_is_told(data: Path, tmp_path: Path) -> None:
    (data / "utterances.jsonl").write_text("")
    found = CliRunner().invoke(app, ["import", "pii", str(data), "--out", str(tmp_path / "o")])
    assert isinstance(found.exception, BadInput)
    assert "gives no case of the kind 'pii'" in str(found.exception)
    assert not (tmp_path / "o").exists()
