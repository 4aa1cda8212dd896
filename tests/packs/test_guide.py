"""The guide's pack is what the guide shows: its files are valid, its commands print what stands there."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copilot.cli import app
from copilot.offers.expected import check_decisions
from knowledge.lint import lint_pack
from knowledge.pack import check_pack, load_pack

GUIDE = (Path(__file__).parents[2] / "docs" / "retention-policy-as-a-pack.md").read_text("utf-8")
FILES = dict(re.findall(r"^`(storage/[\w./-]+)`\n\n```\w+\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE))
OUTPUTS = re.findall(r"^```\n\$ copilot ([^\n]+)\n(?!…)(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "storage"


def test_the_pack_of_the_guide_is_clean(storage: Path) -> None:
    pack, problems = check_pack(storage)
    assert pack is not None
    assert [*problems, *lint_pack(pack)] == []


def test_every_example_of_the_guide_is_decided_as_it_says(storage: Path) -> None:
    checked = check_decisions(load_pack(storage))
    assert len(checked) == 10
    assert [case.differences for case in checked if case.differences] == []


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize(("command", "printed"), OUTPUTS)
def test_the_commands_of_the_guide_print_what_stands_there(command: str, printed: str) -> None:
    assert CliRunner().invoke(app, shlex.split(command)).output.rstrip() == printed.rstrip()


def test_the_guide_shows_three_outputs_whole() -> None:
    assert len(OUTPUTS) == 3
