"""Choosing a model, checking it, and staying light without one."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from copilot.errors import ConfigError, NoModel
from copilot.models import LIVE_ANSWER, load_model, providers
from copilot.models.endpoint import Capabilities
from copilot.models.providers.openai import build
from copilot.settings import Settings, load_settings
from tests.copilot.models.conftest import asking, model_at
from tests.copilot.models.local_server import Behaviour, fails, is_endless, knows_its_job, says, serving

HEAVY = ("openai", "langchain", "langchain_core", "langchain_openai", "langsmith", "tiktoken", "httpx2")


def test_the_providers_are_the_files_in_their_folder() -> None:
    assert providers() == ["none", "openai"]


def test_without_a_model_everything_goes_the_extractive_way() -> None:
    model = load_model("none", Settings())
    with pytest.raises(NoModel, match="live_answer"):
        model.complete(asking(), task=LIVE_ANSWER)
    assert not model.check().answers


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("magic:x", "COPILOT_MODEL .*'magic'; there are: none, openai"),
        ("openai", "openai:NAME"),
        ("openai:any", "OPENAI_API_KEY"),
        ("none:any", "takes no name"),
    ],
)
def test_a_wrong_choice_names_the_variable(spec: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        load_model(spec, Settings())


def test_a_key_is_not_needed_at_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert load_model("openai:any", Settings()).name == "openai:any"


def test_openai_itself_gets_its_own_limit_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    assert build("any", Settings()).capabilities.limit_field == "max_completion_tokens"


def test_prices_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL_INPUT_USD_PER_MILLION_TOKENS", "0.15")
    assert load_settings().model_input_usd_per_million_tokens == Decimal("0.15")


def test_nothing_heavy_is_imported_until_a_model_is_asked() -> None:
    code = (
        "import sys, copilot.models as m; from copilot.settings import Settings; from pathlib import Path;"
        "m.load_model('none', Settings()); m.load_model('openai:x', Settings()); m.load_prompt('answer');"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    environment = {**os.environ, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("server_is", "found"),
    [
        (
            knows_its_job(formats=["json_schema", "json_object"], limit_fields=["max_tokens"]),
            Capabilities("json_schema", "max_tokens", has_stream_usage=True),
        ),
        (
            knows_its_job(formats=["json_object"], limit_fields=["max_completion_tokens"]),
            Capabilities("json_object", "max_completion_tokens", has_stream_usage=True),
        ),
        (
            knows_its_job(formats=[], limit_fields=[], has_usage=False),
            Capabilities("text", "ignored", has_stream_usage=False),
        ),
    ],
)
def test_a_check_finds_out_what_a_server_keeps_and_not_what_it_takes(server_is: Behaviour, found: Capabilities) -> None:
    with serving(server_is) as server:
        model = model_at(server)
        report = model.check()
    assert model.capabilities == found
    assert (report.answers, report.structured, report.limit_field) == (True, found.structured, found.limit_field)
    assert report.has_stream_usage == found.has_stream_usage
    assert report.tokens_counted_by == ("server" if found.has_stream_usage else "estimate from characters")


def test_what_a_check_found_is_known_at_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(knows_its_job(formats=["json_object"], limit_fields=["max_tokens"])) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        build("any", Settings()).check()
        assert build("any", Settings()).capabilities.structured == "json_object"
        assert build("other", Settings()).capabilities.structured == "json_schema"


def run_check(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "copilot.cli", "models", "check", *options]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def test_the_command_says_that_there_is_no_model() -> None:
    result = run_check()
    assert (result.returncode, "COPILOT_MODEL is 'none'" in result.stdout) == (0, True)


def test_the_command_tells_what_it_found() -> None:
    with serving(knows_its_job(formats=["json_schema"], limit_fields=["max_tokens"])) as server:
        chosen = {"COPILOT_MODEL": "openai:local", "OPENAI_BASE_URL": server.base_url}
        told, in_json = run_check(**chosen), run_check("--json", **chosen)
    assert told.returncode == 0, told.stderr
    assert "openai:local answers, in" in told.stdout
    report = json.loads(in_json.stdout)
    assert (report["structured"], report["limit_field"], report["tokens_counted_by"]) == (
        "json_schema",
        "max_tokens",
        "server",
    )


def test_the_command_fails_in_one_line_when_the_model_does_not_answer() -> None:
    with serving(fails(401, "key sk-secret")) as server:
        result = run_check(COPILOT_MODEL="openai:local", OPENAI_BASE_URL=server.base_url, OPENAI_API_KEY="sk-mine")
    assert (result.returncode, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert "OPENAI_BASE_URL" in result.stderr
    assert "sk-" not in result.stderr


def test_an_unknown_provider_is_bad_input() -> None:
    result = run_check(COPILOT_MODEL="magic:x")
    assert (result.returncode, "there are: none, openai" in result.stderr) == (2, True)


def test_a_server_that_never_ends_still_gives_a_report() -> None:
    with serving(says("OK"), is_endless) as server:
        report = model_at(server).check()
    assert (report.answers, report.structured, report.limit_field) == (True, "text", "ignored")


def test_the_settings_take_only_what_may_be_a_provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COPILOT_MODEL", str(tmp_path))
    with pytest.raises(ConfigError, match="COPILOT_MODEL"):
        load_settings()
