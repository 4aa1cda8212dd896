"""Transcripts with what the agent logged: `transcripts.jsonl` of {call_id, turns, labels}; cases for the note.

`labels.fields_logged_by_agent` are values a note should hold (key points), `labels.reference_summary` is a reference
for ROUGE alone: summaries by a language model are no truth. Calls without either are cases without expectations.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from copilot.errors import BadInput
from evals.cases import Case
from evals.importing._rows import case_of, files_of, id_of, rows_of, strings, text_of


def read(folder: Path) -> Iterator[Case]:
    """A case a call."""
    for path in files_of(folder, ["transcripts.jsonl"]):
        for where, row in rows_of(path):
            yield case_of(_case(row, where), path, where)


def _case(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    call_id, turns = text_of(row, "call_id", where), row.get("turns")
    if not isinstance(turns, list) or not all(isinstance(turn, dict) and "text" in turn for turn in turns):
        raise BadInput(f"{where}: turns are no list of objects with a text. Correct the line.")
    labels = row.get("labels") or {}
    logged = labels.get("fields_logged_by_agent") or {}
    given: dict[str, Any] = {"turns": [{"speaker": t.get("speaker", "unknown"), "text": t["text"]} for t in turns]}
    given |= {name: row[name] for name in ("channel", "language") if row.get(name)}
    if labels.get("reference_summary"):
        given["reference"] = labels["reference_summary"]
    points = [
        {"id": id_of("field", name), "any": [value]} for name, raw in logged.items() for value in strings([raw])[:1]
    ]
    return {
        "id": id_of("note", call_id),
        "task": "note",
        "cluster": call_id,
        "tags": [row.get("language") or "en", *strings([labels.get("intent")])],
        "input": given,
        "expect": {"key_points": points},
    }
