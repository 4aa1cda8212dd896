"""Versions of prompts: kept as they were, chosen by the settings, shown and compared on the command line."""

from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from copilot.cli import app
from copilot.errors import ConfigError, PromptError
from copilot.models import load_model
from copilot.models.prompt_lock import LOCK, check_prompts, keep_new, read_lock
from copilot.models.prompts import PROMPTS_DIR, chosen_versions
from copilot.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(PROMPTS_DIR, tmp_path / "prompts")
    return tmp_path / "prompts"


def test_the_prompts_of_the_product_are_all_kept() -> None:
    assert check_prompts() == []


def test_a_changed_sentence_without_a_new_version_is_found(folder: Path) -> None:
    path = folder / "note_wording" / "2.md"
    path.write_text(path.read_text("utf-8").replace("past tense", "present tense"), "utf-8")
    (found,) = check_prompts(folder=folder)
    assert (found.prompt, "note_wording/3.md" in found.says) == ("note_wording/2", True)
    assert keep_new(folder=folder) == []  # what was kept is not kept anew
    assert len(check_prompts(folder=folder)) == 1


def test_a_new_version_is_to_be_kept_and_then_is(folder: Path) -> None:
    text = (folder / "note_wording" / "2.md").read_text("utf-8")
    (folder / "note_wording" / "3.md").write_text(text.replace("version: 2", "version: 3"), "utf-8")
    assert [each.prompt for each in check_prompts(folder=folder)] == ["note_wording/3"]
    assert keep_new(folder=folder) == ["note_wording/3"]
    assert check_prompts(folder=folder) == []


def test_a_version_that_is_gone_and_one_that_cannot_be_read_are_found(folder: Path) -> None:
    (folder / "note_wording" / "1.md").unlink()
    (folder / "answer" / "2.md").write_text("no head", "utf-8")
    assert sorted(each.prompt for each in check_prompts(folder=folder)) == ["answer/2", "note_wording/1"]


def test_line_ends_of_another_system_are_no_change(folder: Path) -> None:
    path = folder / "answer" / "1.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check_prompts(folder=folder) == []


def test_a_broken_lock_names_its_line(folder: Path) -> None:
    (folder / LOCK).write_text("answer/1 abc\nnonsense\n", "utf-8")
    with pytest.raises(PromptError, match=r"versions\.lock:2"):
        read_lock(folder)


def test_the_settings_choose_the_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    model = load_model("openai:x", Settings(data_dir=tmp_path, prompts="note_wording=1"))
    assert (model.prompt("note_wording").version, model.prompt("answer").version) == (1, 1)
    assert load_model("openai:x", Settings(data_dir=tmp_path)).prompt("note_wording").version == 2


@pytest.mark.parametrize("named", ["note_wording=99", "poems=1"])
def test_a_version_that_is_not_there_stops_the_start(named: str) -> None:
    with pytest.raises(ConfigError, match="COPILOT_PROMPTS"):
        chosen_versions(named)


def test_the_command_lists_shows_and_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner().invoke
    monkeypatch.setenv("COPILOT_PROMPTS", "note_wording=1")
    assert "in force: 1" in next(line for line in run(app, ["prompts", "list"]).output.splitlines() if "note_w" in line)
    assert run(app, ["prompts", "show", "answer"]).output == (PROMPTS_DIR / "answer" / "1.md").read_text("utf-8")
    changed = run(app, ["prompts", "diff", "note_wording", "1"]).output
    assert changed.startswith("--- note_wording/1\n+++ note_wording/2\n")
    assert run(app, ["prompts", "check"]).exit_code == 0
