import json
from pathlib import Path

import pytest

from copilot.errors import BadInput
from copilot.feeds import MAX_TURN_CHARACTERS, read_transcripts

GOOD = json.dumps({"call_id": "a", "turns": [{"speaker": "agent", "text": "hello"}]})


def write(folder: Path, *lines: str) -> Path:
    path = folder / "calls.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_turns_without_an_id_are_numbered_by_place(tmp_path: Path) -> None:
    turns = [{"speaker": "agent", "text": "hi"}, {"speaker": "unknown", "text": "yes", "turn_id": 7, "t_ms": 5}]
    path = write(tmp_path, json.dumps({"call_id": "a", "turns": turns, "language": "es-MX", "labels": {"x": 1}}))
    (transcript,) = read_transcripts(path)
    assert [(turn.turn_id, turn.speaker, turn.t_ms) for turn in transcript.turns] == [
        ("t1", "agent", None),
        ("7", "unknown", 5),
    ]
    assert transcript.language == "es"


def test_blank_lines_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\n\n")
    assert [call.call_id for call in read_transcripts(path)] == ["a"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('{"call_id": "b", ', ["not valid JSON", "column"]),
        ("[1, 2]", ["list", "object"]),
        ('{"turns": []}', ["call_id", "missing"]),
        ('{"call_id": "b", "turns": [{"speaker": "bob", "text": "x"}]}', ["'bob'", "agent, customer, system, unknown"]),
        ('{"call_id": "b", "turns": [{"speaker": "agent"}]}', ["turns.0.text", "missing"]),
        ('{"call_id": "b", "turns": [{"speaker": "agent", "text": "x", "t_ms": -4}]}', ["turns.0.t_ms", "-4"]),
        (GOOD, ["'a'", "line 1", "Rename"]),
        ("[" * 100_000, ["not valid JSON"]),
    ],
)
def test_a_wrong_line_is_named_with_file_line_and_remedy(tmp_path: Path, line: str, names: list[str]) -> None:
    path = write(tmp_path, GOOD, *([""] * 5), line)
    with pytest.raises(BadInput) as caught:
        read_transcripts(path)
    assert f"{path}:7: " in str(caught.value)
    assert [name for name in names if name not in str(caught.value)] == []
    assert len(str(caught.value).splitlines()) == 1


def test_a_turn_of_a_megabyte_is_refused_with_its_size(tmp_path: Path) -> None:
    huge = json.dumps({"call_id": "b", "turns": [{"speaker": "agent", "text": "x" * 1_048_576}]})
    with pytest.raises(BadInput, match=rf"1,048,576 characters; at most {MAX_TURN_CHARACTERS:,}"):
        read_transcripts(write(tmp_path, huge))


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "no call"), (b"\n \n", "no call"), (b"{}\n\xff\xfe\x00", ":2: not UTF-8")]
)
def test_empty_and_binary_files_are_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read_transcripts(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.jsonl: cannot be read"):
        read_transcripts(tmp_path / "none.jsonl")
