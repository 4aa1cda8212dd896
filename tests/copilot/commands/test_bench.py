"""The benchmarks run on small folders of the documented form, as text and as JSON."""

import json
from pathlib import Path

import pytest

from tests.copilot.commands.test_cli import copilot, refused


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("bench")
    files: dict[str, list[dict[str, object]]] = {
        "search/corpus.jsonl": [
            {"doc_id": "fee", "title": "Late fee", "text": "The late fee is eight dollars."},
            {"doc_id": "pets", "title": "Pets", "text": "Pets are welcome."},
        ],
        "search/queries.jsonl": [{"query_id": "q", "text": "how much is the late fee"}],
        "calls/transcripts.jsonl": [
            {
                "call_id": "a",
                "turns": [
                    {"speaker": "agent", "text": "What is your phone number?"},
                    {"speaker": "customer", "text": "five five five oh one nine nine"},
                ],
                "labels": {"fields_logged_by_agent": {"phone": "5550199"}},
            }
        ],
        "pii_x/cases.jsonl": [{"text": "card 4111111111111111", "spans": [{"start": 5, "end": 21, "label": "CARD"}]}],
    }
    for name, rows in files.items():
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    (data / "search" / "qrels.tsv").write_text("query_id\tdoc_id\trelevance\nq\tfee\t1\n", "utf-8")
    return data


def test_every_benchmark_runs_on_what_it_finds(data: Path, tmp_path: Path) -> None:
    result = copilot(tmp_path, "bench", "all", str(data), "--json")
    assert result.returncode == 0, result.stderr
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert next(r for r in records if "rows" in r)["rows"][0]["ndcg_at_10"] == 1.0
    assert next(r for r in records if r.get("reading") == "all")["equal"] == 1
    notes = next(r for r in records if "turn_to_cards" in r)
    assert (notes["calls"], notes["long_call"]["turns"]) == (1, 400)
    assert next(r for r in records if "file" in r)["default"]["labels"]["CARD"] == {"found": 1, "total": 1}


def test_the_same_as_text_names_its_folders(data: Path, tmp_path: Path) -> None:
    result = copilot(tmp_path, "bench", "all", str(data))
    assert result.returncode == 0, result.stderr
    assert "nDCG@10" in result.stdout
    assert "turn to cards" in result.stdout
    assert "one call of 400 turns: note " in result.stdout


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("fields", "redact", "notes", "search", "all"):
        refused(copilot(tmp_path, "bench", name, str(tmp_path / "none")), "none")
