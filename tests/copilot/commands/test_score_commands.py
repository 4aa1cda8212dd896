"""`copilot score` on files and a database of their own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from copilot.cli import app
from copilot.errors import BadInput
from copilot.review.corrections import correction_of

CORRECTION = {
    "draft_id": "D-1",
    "channel": "email",
    "before": "Thank you. The fee is $7.",
    "after": "Thank you. The fee is $5. My card is 4111 1111 1111 1111.",
    "reasons": ["wrong_fact"],
    "by": "rosa",
    "at": "2026-11-24T18:00:00Z",
}


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["score", *arguments])


def lines(path: Path, *rows: Any) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


def test_corrections_of_a_file_are_cases_and_edits(tmp_path: Path) -> None:
    file = lines(tmp_path / "edits.jsonl", CORRECTION)
    (case,) = map(json.loads, run("cases", file).stdout.splitlines())
    assert case["source"]["ref"] == "D-1"
    assert "4111" not in json.dumps(case)
    (row,) = map(json.loads, run("edits", file, "--json").stdout.splitlines())
    assert (row["group"], row["drafts"], row["reasons"]) == ("email", 1, {"wrong_fact": 1})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"after": None}, "`before` and `after`"),
        ({"at": "2026-11-24"}, "time with its zone"),
        ({"at": None}, "time with its zone"),
        ({"reasons": "tone"}, "list of codes"),
    ],
)
def test_a_wrong_correction_is_told_with_its_line(tmp_path: Path, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        correction_of({**CORRECTION, **wrong}, "edits.jsonl, line 2")
    asked = run("cases", lines(tmp_path / "edits.jsonl", CORRECTION, {**CORRECTION, **wrong}))
    assert asked.exit_code != 0
    assert isinstance(asked.exception, BadInput)
    assert "line 2" in str(asked.exception)


def test_sessions_without_raters_have_no_report() -> None:
    assert "0 raters" in str(run("session").exception)
    assert "not closed" in str(run("session", "s-1").exception)
    assert "0 raters" in str(run("session", "s-1", "--close").exception)
