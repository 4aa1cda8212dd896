"""Every suite that compares prompts runs against a real server, and a version passes against itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.bench.server import instant_server
from evals.command import app
from evals.recording import worded_suites
from evals.suites import load_suite


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with instant_server() as found:
        yield found


@pytest.mark.parametrize("suite", worded_suites())
def test_a_version_passes_against_itself(
    suite: str, base_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COPILOT_MODEL", "openai:rehearsal")
    monkeypatch.setenv("OPENAI_BASE_URL", base_url)
    version = f"{load_suite(suite).prompt}/1"
    arms = ("--candidate", version, "--baseline", version, "--samples", "1", "--live")
    done = CliRunner().invoke(app, ["run", suite, *arms, "--out", str(tmp_path / "runs")])
    assert done.exit_code == 0, done.output
    assert f"{version} by openai:rehearsal" in done.output
