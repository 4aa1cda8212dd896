"""Queries in, run lines out."""

from pathlib import Path

import pytest

from knowledge.context import ContextTurn
from knowledge.errors import SourceError
from knowledge.trec import Query, read_queries, run_lines


def write(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "queries.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_turns_may_be_texts_or_have_a_speaker(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '{"query_id": "q1", "text": "late fee", "asr_nbest": ["x"], '
        '"context": ["hi", {"speaker": "agent", "text": "hello"}]}\n'
        '\n{"query_id": 2, "text": "¿recargo?"}\n{"query_id": "q3", "text": "a", "context": null}\n',
    )
    assert list(read_queries(path)) == [
        Query("q1", "late fee", (ContextTurn("hi"), ContextTurn("hello", "agent"))),
        Query("2", "¿recargo?"),
        Query("q3", "a"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "the file holds no query"),
        ("{", "queries.jsonl:1: the line is not JSON"),
        ("[]", "queries.jsonl:1: the line"),
        ('{"query_id": "a"}', "queries.jsonl:1: text"),
        ('{"query_id": "a", "text": " "}', "queries.jsonl:1: text"),
        ('{"query_id": "a b", "text": "x"}', "queries.jsonl:1: query_id"),
        ('{"query_id": "a", "text": "x", "context": "hi"}', "queries.jsonl:1: context"),
        ('{"query_id": "a", "text": "x", "context": [{"speaker": "agent"}]}', "queries.jsonl:1: context.0.text"),
        ('{"query_id": "a", "text": "x"}\n{"query_id": "a", "text": "y"}', "'a' is also on line 1"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_wrong_line_is_named_with_its_problem(tmp_path: Path, content: str | bytes, expected: str) -> None:
    with pytest.raises(SourceError) as raised:
        list(read_queries(write(tmp_path, content)))
    assert expected in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.jsonl: cannot be opened"):
        list(read_queries(tmp_path / "nowhere.jsonl"))


def test_run_lines_count_ranks_and_scores_always_fall() -> None:
    assert list(run_lines("q1", [("fees/late", 0.9), ("fees/paper", 0.95), ("hours", 0.9), ("sla", 0.25)])) == [
        "q1 Q0 fees/late 1 0.900000 copilot",
        "q1 Q0 fees/paper 2 0.899998 copilot",
        "q1 Q0 hours 3 0.899996 copilot",
        "q1 Q0 sla 4 0.250000 copilot",
    ]


def test_an_id_with_white_space_cannot_stand_in_a_run() -> None:
    with pytest.raises(SourceError, match="white space"):
        list(run_lines("q1", [("late fee", 0.5)]))
