"""Counting tokens: exactly only with the right file at hand, else an estimate; never a download."""

import hashlib
import sys
from pathlib import Path

import pytest

from copilot.models.tokens import O200K_FILE, Estimate, Ranks, token_counter


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abc", 1), ("abcd", 2), ("ñandú", 3), ("你好", 2)])
def test_the_estimate_rounds_up(text: str, tokens: int) -> None:
    assert Estimate().count(text) == tokens


def test_without_the_file_it_is_an_estimate_and_tiktoken_is_left_alone(tmp_path: Path) -> None:
    sys.modules.pop("tiktoken", None)
    counter = token_counter(tmp_path)
    assert (counter.name, counter.count("some words")) == ("estimate from characters", 4)
    assert "tiktoken" not in sys.modules


def test_a_file_with_another_hash_is_not_used(tmp_path: Path) -> None:
    _ranks_file(tmp_path, b"something else")
    assert token_counter(tmp_path).name == "estimate from characters"


def test_the_right_file_is_used(tmp_path: Path) -> None:
    _ranks_file(tmp_path, b"ranks")
    counter = token_counter(tmp_path, sha256=hashlib.sha256(b"ranks").hexdigest())
    assert counter.name == "tiktoken o200k"


def test_ranks_are_loaded_once_at_the_first_count() -> None:
    loaded: list[str] = []

    def load() -> object:
        loaded.append("once")
        return lambda text: list(range(len(text.split())))

    counter = Ranks(load)  # type: ignore[arg-type]  # what it encodes to does not matter
    assert loaded == []
    assert [counter.count("two words"), counter.count("now three words")] == [2, 3]
    assert loaded == ["once"]


def _ranks_file(data_dir: Path, content: bytes) -> None:
    (data_dir / "tiktoken").mkdir()
    (data_dir / "tiktoken" / O200K_FILE).write_bytes(content)
