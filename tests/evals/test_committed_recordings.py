"""The recordings that come with the repository play in full without a key, and say what they were made with."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.arms import Choices, ground_of, recordings_of
from evals.command import app
from evals.suites import SUITES_DIR

RECORDINGS = SUITES_DIR.parent / "recordings"
THERE = sorted(path.parent for path in RECORDINGS.glob("*/*/about.json"))


@pytest.mark.parametrize("folder", THERE, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_they_play_without_a_key_and_the_same_recordings_pass(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("COPILOT_MODEL", "none")
    prompt = json.loads((folder / "about.json").read_text("utf-8"))["prompt"]
    command = ["run", folder.parent.name, "--candidate", prompt, "--baseline", prompt, "--out", str(tmp_path), "--json"]
    done = CliRunner().invoke(app, command)
    told = json.loads(done.stdout)
    assert done.exit_code == 0, "\n".join((told["verdict"]["headline"], *told["verdict"]["lines"]))
    assert {each.get("difference", 0.0) for each in told["metrics"]} == {0.0}


def test_they_belong_to_a_version_that_is_there_and_hold_no_key() -> None:
    for folder in THERE:
        about = json.loads((folder / "about.json").read_text("utf-8"))
        name, _, version = about["prompt"].rpartition("/")
        assert recordings_of(ground_of(Choices(folder.parent.name)), name, int(version)).folder == folder
        assert about["server"]
        text = "".join(path.read_text("utf-8") for path in folder.glob("*.yaml")).lower()
        assert [word for word in ("bearer", "api_key", "127.0.0.1", "authorization", "sk-") if word in text] == []
    assert THERE != []
