"""`copilot draft` and `copilot review` on files and a database of their own."""

import csv
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from copilot.cli import app

ITEM = {
    "id": "m-1",
    "text": "I was charged twice for October. I want a refund.",
    "author": "=cmd()",
    "received_at": "2026-11-24T18:00:00Z",
}
FACTS = (
    "billing=The second charge was refunded.",
    "remedy=The refund was issued.",
    "next_step=Rosa of billing will call.",
)


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COPILOT_EMBEDDER", "none")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def item(tmp_path: Path) -> str:
    path = tmp_path / "item.json"
    path.write_text(json.dumps(ITEM), "utf-8")
    return str(path)


def draft(item: str, *more: str) -> Result:
    return run("draft", "--channel", "email", item, "--now", "2026-11-25", *more)


def with_facts() -> list[str]:
    return [argument for fact in FACTS for argument in ("--fact", fact)]


def test_a_draft_has_the_fields_of_the_contract_and_exits_by_its_checks(item: str) -> None:
    asked = draft(item, "--json")
    made = json.loads(asked.stdout)
    assert asked.exit_code == 1  # a point is open
    assert {
        "draft_id",
        "channel",
        "text",
        "allegations",
        "sentences",
        "checks",
        "due_at",
        "status",
        "provider",
    } <= made.keys()
    assert made["allegations"][0]["text"] == "I was charged twice for October."
    assert made["understood"]["wishes"][0]["text"] == "I want a refund."
    ready = draft(item, "--json", *with_facts())
    assert (ready.exit_code, json.loads(ready.stdout)["status"]) == (0, "draft")
    assert "Hello," in draft(item, *with_facts()).stdout


def test_many_items_are_drafted_one_a_line_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    lines = [json.dumps({**ITEM, "id": f"m-{n}"}) for n in range(3)]
    path.write_text("\n".join([lines[0], "nonsense", *lines[1:]]), "utf-8")
    done = draft(str(path), "--json")
    assert [json.loads(line)["item_id"] for line in done.stdout.splitlines()] == ["m-0", "m-1", "m-2"]
    assert "many.jsonl:2" in done.stderr


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--fact", "nothing"], "NAME=TEXT"),
        (["--customer", "nobody"], "--customer"),
        (["--variant", "loud"], "shorter"),
    ],
)
def test_bad_options_are_told_in_one_line(item: str, more: list[str], says: str) -> None:
    refused = draft(item, *more)
    assert refused.exception is not None
    assert says in str(refused.exception)


def test_from_the_queue_to_the_outbox(item: str, tmp_path: Path) -> None:
    made = json.loads(draft(item, "--json", "--queue", *with_facts()).stdout)
    (row,) = (json.loads(line) for line in run("review", "list", "--json").stdout.splitlines())
    assert (row["draft_id"], row["status"]) == (made["draft_id"], "waiting")
    assert json.loads(run("review", "next", "--as", "rosa", "--json").stdout)["claimed_by"] == "rosa"
    text = tmp_path / "new.txt"
    text.write_text("Thank you. We are sorry. The second charge was refunded.\n", "utf-8")
    assert run("review", "edit", row["draft_id"], str(text), "--reason", "wording", "--as", "rosa").exit_code == 0
    done = run("review", "approve", row["draft_id"], "--as", "rosa", "--json")
    assert json.loads(done.stdout)["status"] == "approved"
    assert "1 sent, 0 failed" in run("review", "send").stdout
    sent = (tmp_path / "data" / "outbox" / f"{row['draft_id']}.txt").read_text("utf-8")
    assert sent == "Thank you. We are sorry. The second charge was refunded.\n"
    assert "sent" in run("review", "outbox").stdout
    assert [line.split()[-2] for line in run("review", "audit").stdout.splitlines()[:-1]] == [
        "drafted",
        "edit",
        "approve",
        "sent",
    ]


def test_an_altered_log_is_found(item: str, tmp_path: Path) -> None:
    draft(item, "--queue")
    head = json.loads(run("review", "audit", "--verify", "--json").stdout)["head"]
    with sqlite3.connect(tmp_path / "data" / "copilot.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET actor = 'somebody'")
    broken = run("review", "audit", "--verify", "--anchor", head)
    assert (broken.exit_code, "entry 1 was altered" in broken.stderr) == (1, True)


def test_the_export_holds_no_formula(item: str, tmp_path: Path) -> None:
    draft(item, "--queue")
    out = tmp_path / "drafts.csv"
    assert run("review", "export", str(out)).exit_code == 0
    (row,) = csv.DictReader(out.open(encoding="utf-8"))
    assert row["item_id"] == "m-1"
    assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())
    assert json.loads(run("review", "export").stdout)["given"]["author"] == "=cmd()"


def test_a_file_without_an_item_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text("[1, 2]", "utf-8")
    refused = draft(str(path))
    assert "holds no item" in str(refused.exception)
