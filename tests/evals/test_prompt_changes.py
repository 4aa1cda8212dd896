"""The page on prompt changes: each of its steps does what it says, from the edit to the verdict."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner
from typer.testing import Result as Ran

from copilot.cli import app as whole
from copilot.models import prompt_lock, prompts
from evals.bench.server import instant_server
from evals.command import app as evals_app
from evals.suites import SUITES_DIR, Suite

PAGE = (Path(__file__).parents[2] / "docs" / "prompt-changes.md").read_text("utf-8")
SHOWN = dict(re.findall(r"^```\n\$ copilot ([^\n]+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
BEFORE, AFTER = "At most five short sentences", "At most three short sentences"


def ran(line: str) -> Ran:
    words = shlex.split(line)
    if words[0] == "eval":
        return CliRunner().invoke(evals_app, words[1:])
    return CliRunner().invoke(whole, words)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with instant_server() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base_url: str) -> Iterator[Path]:
    """A copy of the prompts and of the suite, so that nothing of the repository is changed.

    The folder of prompts is a default of each function that reads it; no command lets it be chosen.
    """
    shutil.copytree(prompts.PROMPTS_DIR, tmp_path / "prompts")
    for name in ("suites/summary.yaml", "cases/summary.jsonl"):
        (tmp_path / "evals" / name).parent.mkdir(parents=True)
        shutil.copy(SUITES_DIR.parent / name, tmp_path / "evals" / name)
    folder = tmp_path / "prompts"
    for module in (prompts, prompt_lock):
        monkeypatch.setattr(module, "PROMPTS_DIR", folder)
    for function in (
        prompts.load_prompt.__wrapped__,
        prompts.prompt_versions,
        prompts.chosen_versions,
        prompt_lock.digest,
        prompt_lock.check_prompts,
        prompt_lock.keep_new,
    ):
        defaults = {**(function.__kwdefaults__ or {}), "folder": folder}
        monkeypatch.setattr(function, "__kwdefaults__", defaults)
    monkeypatch.setattr(prompt_lock.read_lock, "__defaults__", (folder,))
    prompts.load_prompt.cache_clear()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COPILOT_MODEL", "openai:rehearsal")
    monkeypatch.setenv("OPENAI_BASE_URL", base_url)
    yield tmp_path
    prompts.load_prompt.cache_clear()


def new_version(house: Path) -> None:
    text = (house / "prompts/rolling_summary/1.md").read_text("utf-8")
    assert BEFORE in text
    changed = text.replace("version: 1", "version: 2").replace(BEFORE, AFTER)
    (house / "prompts/rolling_summary/2.md").write_text(changed, "utf-8")


def test_a_changed_sentence_goes_from_the_edit_to_the_verdict(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_version(house)
    assert ran("prompts diff rolling_summary 1 2").output.rstrip() == SHOWN["prompts diff rolling_summary 1 2"].rstrip()
    assert ran("prompts check").exit_code == 1
    suite = "evals/suites/summary.yaml"
    missing = ran(f"eval run {suite} --candidate rolling_summary/2")
    assert (missing.exit_code, f"copilot eval record {suite} --prompt rolling_summary/2" in missing.output) == (3, True)
    for version in (1, 2):
        done = ran(f"eval record {suite} --prompt rolling_summary/{version} --usd-in 0.25 --usd-out 2 --yes")
        assert done.exit_code == 0, done.output
        assert re.search(r"\d+ calls, \d+ tokens sent .* at most USD 0\.\d\d", done.output)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    verdict = ran(f"eval run {suite} --candidate rolling_summary/2")
    assert verdict.exit_code == 0, verdict.output
    assert "rolling_summary/2 by openai:rehearsal against rolling_summary/1 by openai:rehearsal" in verdict.output
    assert Path(verdict.output.rsplit("report: ", 1)[1].strip()).is_file()
    assert ran("prompts check --keep").output == "kept rolling_summary/2\n"
    assert ran("prompts check").exit_code == 0


def test_recordings_of_two_models_give_no_verdict_on_a_prompt(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_version(house)
    suite = "evals/suites/summary.yaml"
    ran(f"eval record {suite} --prompt rolling_summary/1 --yes --samples 1")
    monkeypatch.setenv("COPILOT_MODEL", "openai:another")
    ran(f"eval record {suite} --prompt rolling_summary/2 --yes --samples 1")
    refused = ran(f"eval run {suite} --candidate rolling_summary/2 --samples 1")
    assert (refused.exit_code, "prompt and model both differ" in refused.output) == (3, True)
    ran(f"eval record {suite} --prompt rolling_summary/1 --yes --samples 1")  # replaces those of the other model
    assert ran(f"eval run {suite} --candidate rolling_summary/2 --samples 1").exit_code == 0


def test_the_sizing_on_the_page_is_what_the_command_prints() -> None:
    line = "eval size --sd 0.25 --margin 0.05"
    assert ran(line).output.rstrip() == SHOWN[line].rstrip()


def test_every_command_on_the_page_is_there_with_its_options() -> None:
    lines = re.findall(r"copilot (eval|prompts|score) ([\w-]+)((?: --[\w-]+)*)", PAGE)
    assert len(lines) > 20
    for group, name, _ in lines:
        helped = ran(f"{group} {name} --help")
        assert helped.exit_code == 0, f"{group} {name}"
    options = set(re.findall(r"(?<=\s)--(?!edit|create|body|quiet|depth|name|diff|noprofile|norc)[a-z][\w-]*", PAGE))
    known = "".join(ran(f"eval {name} --help").output for name in ("run", "record", "size", "promote", "list"))
    known += ran("prompts check --help").output
    assert [option for option in options if option not in known] == []


def test_the_workflow_is_yaml_and_names_suites_that_run_without_a_model() -> None:
    workflow = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])
    text = json.dumps(workflow["jobs"]["replay"])
    found = re.search(r"for suite in ([a-z ]+);", text)
    assert found is not None
    for name in found[1].split():
        suite = Suite.model_validate(yaml.safe_load((SUITES_DIR / f"{name}.yaml").read_text("utf-8")))
        assert (SUITES_DIR.parent / "baselines" / f"{suite.name}.jsonl").is_file()
