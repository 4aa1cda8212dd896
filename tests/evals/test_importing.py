"""Labelled data of the documented shapes becomes cases; what is wrong is named by file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import BadInput
from evals.cases import Case, read_cases, write_cases
from evals.importing import import_cases, import_kinds
from evals.runner import Work, run_one
from evals.scorers import scorer_for
from evals.tasks import open_task


def folder_of(tmp_path: Path, name: str, *rows: Any) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return tmp_path


def only(kind: str, folder: Path) -> Case:
    (case,) = import_cases(kind, folder)
    return case


CALL = {
    "call_id": "c 1",
    "turns": [{"speaker": "agent", "text": "Hello"}, {"speaker": "customer", "text": "I want to cancel."}],
    "labels": {
        "intent": "cancel",
        "fields_logged_by_agent": {"Name": " Ada ", "Pin": "null"},
        "reference_summary": "Ada cancels.",
    },
}


def test_a_transcript_becomes_a_note_case_with_the_logged_fields_as_key_points(tmp_path: Path) -> None:
    case = only("calls", folder_of(tmp_path, "transcripts.jsonl", CALL, ""))
    assert (case.id, case.task, case.cluster, case.split, case.source.kind) == (
        "note-c-1",
        "note",
        "c 1",
        "dev",
        "import",
    )
    assert [point.any for point in case.expect.key_points] == [("Ada",)]
    assert case.input["reference"] == "Ada cancels."


def test_marked_secrets_become_spans_and_other_labels_are_left_out(tmp_path: Path) -> None:
    text = "I am Ada, card 4111 1111 1111 1111, pay $5"
    card, name = {"start": 15, "end": 34, "label": "CREDIT_CARD"}, {"start": 5, "end": 8, "label": "PERSON"}
    kept = {"start": 40, "end": 42, "text": "$5"}
    rows = [
        {"id": "a", "text": text, "spans": [name, card], "do_not_redact": [kept]},
        {"id": "b", "text": "x", "spans": [name | {"start": 0, "end": 1}]},
    ]
    case = only("pii", folder_of(tmp_path, "utterances.jsonl", *rows))
    assert (case.expect.labels, case.expect.required) == (("CARD:0:15-34",), ("$5",))
    scores = run_one(Work(open_task("redaction"), [case], scorer_for("redaction")), case, 0).scores
    assert (scores["recall"].value, scores["kept"].value, scores["precision"].value) == (1.0, 1.0, None)


def test_intents_that_mean_a_cue_become_cases_and_the_others_do_not(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "I want to cancel my plan", "intent": "CancelPlan"},
        {"id": "2", "text": "x", "intent": "Weather"},
    ]
    folder = folder_of(tmp_path, "utterances.jsonl", *rows)
    case = only("intents", folder)
    scores = run_one(Work(open_task("cues"), [case], scorer_for("cues")), case, 0).scores
    assert (scores["cue_recall"].value, scores["cue_precision"].value) == (1.0, None)
    (folder / "cues.json").write_text('{"Weather": "outage"}', "utf-8")
    assert [case.expect.labels for case in import_cases("intents", folder)] == [("cancel_intent",), ("outage",)]


def test_a_complaint_becomes_a_reply_case(tmp_path: Path) -> None:
    row = {
        "id": "f-1",
        "channel": "FCC",
        "text": "Charged twice.",
        "company_response": None,
        "labels": {"issue": "billing"},
    }
    case = only("complaints", folder_of(tmp_path, "complaints.jsonl", row))
    assert run_one(Work(open_task("reply"), [case], scorer_for("reply")), case, 0).scores["severity1"].value == 1.0


def test_a_search_set_is_searched_in_its_own_corpus(tmp_path: Path) -> None:
    docs = [
        {"doc_id": "hotel/1", "title": "Breakfast", "text": "Breakfast is served from seven to ten."},
        {"doc_id": "hotel/2", "title": "Parking", "text": "Parking is free behind the house."},
    ]
    folder_of(tmp_path, "corpus.jsonl", *docs)
    folder_of(
        tmp_path,
        "queries.jsonl",
        {"query_id": "q1", "text": "is parking free", "context": []},
        {"query_id": "q2", "text": "pool"},
    )
    folder = folder_of(tmp_path, "qrels.tsv", "query_id\tdoc_id\trelevance", "q1\thotel/2\t1")
    case = only("retrieval", folder)
    result = run_one(Work(open_task("retrieval"), [case], scorer_for("retrieval")), case, 0)
    assert result.output["ranked"][0]["doc_id"] == "hotel/2"
    assert result.scores["mrr"].value == 1.0


@pytest.mark.parametrize(
    ("kind", "name", "row", "told"),
    [
        ("calls", "transcripts.jsonl", {"call_id": "c", "turns": "none"}, "transcripts.jsonl:1: turns are no list"),
        ("calls", "transcripts.jsonl", {"turns": []}, ":1: call_id is NoneType; a text is needed"),
        ("calls", "transcripts.jsonl", "not json", ":1: no JSON"),
        ("calls", "transcripts.jsonl", [1], ":1: no object"),
        (
            "pii",
            "turns.jsonl",
            {"id": "a", "text": "x", "spans": [{"start": 0, "end": 9, "label": "PIN"}]},
            "outside its text",
        ),
        ("pii", "turns.jsonl", {"id": "a", "text": "x", "spans": ["y"]}, "a span is no object"),
        ("complaints", "complaints.jsonl", {"id": "a", "channel": "FCC", "text": ""}, "text is str; a text is needed"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, kind: str, name: str, row: Any, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        list(import_cases(kind, folder_of(tmp_path, name, row)))


def test_a_kind_a_folder_or_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert import_kinds() == ("calls", "complaints", "intents", "pii", "retrieval")
    with pytest.raises(BadInput, match="No kind of data 'songs'; there are: calls, complaints"):
        import_cases("songs", tmp_path)
    with pytest.raises(BadInput, match="is no folder"):
        import_cases("calls", tmp_path / "nowhere")
    with pytest.raises(BadInput, match=r"holds none of transcripts\.jsonl"):
        list(import_cases("calls", tmp_path))


def test_qrels_that_are_none_are_named(tmp_path: Path) -> None:
    folder_of(tmp_path, "corpus.jsonl", {})
    folder_of(tmp_path, "queries.jsonl", {})
    with pytest.raises(BadInput, match=r"qrels\.tsv:1: not query, document and whole grade"):
        list(import_cases("retrieval", folder_of(tmp_path, "qrels.tsv", "q1 d1 1")))


def test_imported_cases_can_be_written_and_read_as_a_case_file(tmp_path: Path) -> None:
    cases = list(import_cases("calls", folder_of(tmp_path, "transcripts.jsonl", CALL)))
    write_cases(cases, tmp_path / "cases.jsonl")
    assert read_cases(tmp_path / "cases.jsonl") == cases
