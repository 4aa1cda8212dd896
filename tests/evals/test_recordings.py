"""Recordings: made from a local server, replayed without it, missing and stale ones told, nothing secret kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import vcr
from typer.testing import CliRunner
from typer.testing import Result as Ran

from copilot.errors import BadInput
from copilot.guard.masking import policy_for
from copilot.models.endpoint import Answer, Ask, Capabilities, Message
from copilot.models.model import TokenUsage
from evals.cases import Case
from evals.command import app
from evals.recordings import EVERY_KIND, Recordings, call_of, key_of
from evals.results import MANIFEST, read_results
from evals.runner import RecordingMissing
from tests.copilot.models.local_server import LocalServer, fails, says, serving
from tests.evals.harness import PROMPT, installed, made_cases, made_suite
from tests.evals.harness import Ask as Ask_

CARD = "4111 1111 1111 1111"
NOWHERE = "http://127.0.0.1:9/v1"


@pytest.fixture(autouse=True)
def _small_tasks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COPILOT_MODEL", "openai:local")
    monkeypatch.setenv("OPENAI_API_KEY", "test-key")
    monkeypatch.setenv("OPENAI_BASE_URL", NOWHERE)
    with installed():
        yield


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    with serving(says("The fee is $8.")) as found:
        monkeypatch.setenv("OPENAI_BASE_URL", found.base_url)
        yield found


def ran(*arguments: object) -> Ran:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return made_suite(tmp_path, made_cases(6, "ask"), task="ask")


def recorded(suite: Path) -> list[Path]:
    return sorted((suite.parent.parent / "recordings" / "try").glob("*/*.yaml"))


def record(suite: Path, version: int, *more: object) -> Ran:
    return ran("record", suite, "--prompt", f"{PROMPT}/{version}", "--yes", *more)


def test_recorded_answers_play_without_a_key_or_a_server(
    suite: Path, server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert record(suite, 1).exit_code == 0
    assert record(suite, 2).exit_code == 0
    asked = len(server.bodies)
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("COPILOT_MODEL", "none")
    done = ran("run", suite, "--candidate", "2", "--baseline", f"{PROMPT}/1", "--out", tmp_path / "runs")
    assert (done.exit_code, "PASS" in done.output) == (0, True)
    assert len(server.bodies) == asked == 12
    folders = sorted(path.parent for path in (tmp_path / "runs").glob(f"*/{MANIFEST}"))
    results = read_results(folders[0] / "results.jsonl")
    assert {(each.output["text"], each.input_tokens, each.output_tokens) for each in results} == {
        ("The fee is $8.", 11, 7)
    }
    assert json.loads((folders[0] / MANIFEST).read_text("utf-8"))["recordings_sha"]


def test_a_candidate_is_compared_with_the_version_before_it(suite: Path, server: LocalServer, tmp_path: Path) -> None:
    record(suite, 1)
    record(suite, 2)
    done = ran("run", suite, "--candidate", "2", "--out", tmp_path / "runs")
    assert f"{PROMPT}/2 by openai:local against {PROMPT}/1 by openai:local" in done.output
    with pytest.raises(BadInput, match="is the first version"):
        ran("run", suite, "--candidate", "1", "--out", tmp_path / "runs")


def test_identical_recordings_differ_by_nothing(suite: Path, server: LocalServer, tmp_path: Path) -> None:
    record(suite, 2)
    done = ran("run", suite, "--candidate", "2", "--baseline", "2", "--out", tmp_path / "runs", "--json")
    assert done.exit_code == 0
    assert [each["difference"] for each in json.loads(done.output)["metrics"]] == [0.0, 0.0, 0.0]


def test_a_deleted_cassette_ends_with_3_and_the_command_that_records(
    suite: Path, server: LocalServer, tmp_path: Path
) -> None:
    record(suite, 1)
    record(suite, 2)
    gone = next(path for path in recorded(suite) if path.name == "c0003.0.yaml")
    gone.unlink()
    done = ran("run", suite, "--candidate", "2", "--baseline", "1", "--out", tmp_path / "runs")
    assert done.exit_code == 3
    assert "c0003.0: not recorded" in done.output
    assert f"copilot eval record {suite} --prompt {PROMPT}/" in done.output
    record(suite, 1)
    record(suite, 2)
    assert len(server.bodies) == 13  # only what was missing
    assert ran("run", suite, "--candidate", "2", "--baseline", "1", "--out", tmp_path / "runs").exit_code == 0


def test_a_prompt_without_recordings_ends_with_3(suite: Path, server: LocalServer, tmp_path: Path) -> None:
    record(suite, 1)
    done = ran("run", suite, "--candidate", "2", "--out", tmp_path / "runs")
    assert (done.exit_code, f"copilot eval record {suite} --prompt {PROMPT}/2" in done.output) == (3, True)


def test_a_recording_of_another_question_is_stale(suite: Path, server: LocalServer, tmp_path: Path) -> None:
    record(suite, 2)
    made_suite(tmp_path, made_cases(6, "ask")[:5] + made_cases(7, "ask")[6:], task="ask")
    (recorded(suite)[5]).rename(recorded(suite)[5].with_name("c0006.0.yaml"))
    done = ran("run", suite, "--candidate", "2", "--baseline", "none", "--out", tmp_path / "runs")
    assert done.exit_code == 3
    assert "1 not recorded" in done.output
    told = CliRunner().invoke(
        app, ["run", str(suite), "--candidate", "2", "--baseline", "2", "--out", str(tmp_path / "r")]
    )
    assert "c0006.0: stale, another question was recorded" in told.output


def test_errors_are_never_recorded_and_what_was_answered_stays(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(says("Good."), says("Good."), fails(401)) as found:
        monkeypatch.setenv("OPENAI_BASE_URL", found.base_url)
        done = record(suite, 2, "--at-once", 1)
    assert (done.exit_code, "2 cassettes" in done.output, ", 4 lost" in done.output) == (4, True, True)
    assert len(recorded(suite)) == 2


def test_it_says_what_it_may_cost_before_it_starts(suite: Path, server: LocalServer) -> None:
    said = CliRunner().invoke(
        app, ["record", str(suite), "--prompt", f"{PROMPT}/2", "--usd-in", "3", "--usd-out", "15"], input="n\n"
    )
    assert said.exit_code == 1
    assert "6 calls" in said.output
    assert "at most USD 0." in said.output
    assert server.bodies == []
    assert recorded(suite) == []


def test_what_is_recorded_from_a_local_server_is_labelled_so(suite: Path, server: LocalServer) -> None:
    record(suite, 2)
    about = json.loads((recorded(suite)[0].parent / "about.json").read_text("utf-8"))
    assert (about["model"], about["server"][:17]) == ("openai:local", "local test server")


def test_no_secret_and_no_address_is_in_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [
        made_cases(1, "ask")[0].model_copy(update={"input": {"text": f"Card {CARD}, j.doe@meridell.test", "value": 1}})
    ]
    suite = made_suite(tmp_path, cases, task="ask")
    with serving(says(f"The card is {CARD}.")) as found:
        monkeypatch.setenv("OPENAI_BASE_URL", found.base_url)
        record(suite, 2)
    (path,) = recorded(suite)
    text = path.read_text("utf-8")
    assert [each for each in (CARD, "j.doe", "test-key", "Bearer", "127.0.0.1") if each in text] == []


def test_a_cassette_is_one_that_vcrpy_reads(suite: Path, server: LocalServer) -> None:
    record(suite, 2)
    from vcr.persisters.filesystem import FilesystemPersister
    from vcr.serializers import yamlserializer

    requests, responses = FilesystemPersister.load_cassette(str(recorded(suite)[0]), yamlserializer)
    assert (len(requests), len(responses)) == (1, 1)
    assert b"The fee is $8." in responses[0]["body"]["string"]
    assert vcr.VCR  # the package is the one that is meant


# --- cassettes by themselves ------------------------------------------------------------------------------------------

KNOWN = Capabilities()


def asked(text: str = "Hello", *, tokens: int = 50) -> Ask:
    return Ask([Message("system", "You help."), Message("user", text)], tokens, 5.0)


def fenced(nonce: str) -> str:
    return f"<<<DATA turns {nonce}\nThe fee.\nDATA turns {nonce}>>>"


def test_the_key_is_of_the_question_and_of_nothing_else() -> None:
    same = {key_of(call_of("m", asked(fenced(nonce)), KNOWN, 0)) for nonce in ("0123456789abcdef", "f" * 16)}
    assert len(same) == 1
    others = [
        call_of("m", asked("Hello"), KNOWN, 0),
        call_of("m", asked("Hello"), KNOWN, 1),
        call_of("n", asked("Hello"), KNOWN, 0),
        call_of("m", asked("Hello", tokens=51), KNOWN, 0),
        call_of("m", asked("Hello"), Capabilities(takes_temperature=False), 0),
    ]
    assert len({key_of(each) for each in others}) == 5


@pytest.mark.parametrize("case_id", ["a", "../../up", "a/b:c@d", "..", "ñandú"])
def test_no_case_id_leads_out_of_the_folder(tmp_path: Path, case_id: str) -> None:
    folder = Recordings(tmp_path / "here", "record")
    call = call_of("m", asked(), KNOWN, 2)
    answer = Answer("Sí: “yes”\n\tline", is_cut=True, usage=TokenUsage(3, 4, "server"))
    folder.save(case_id, 2, {key_of(call): (call, answer)}, policy_for(()))
    assert folder.load(case_id, 2) == {key_of(call): answer}
    assert folder.path(case_id, 2).parent == tmp_path / "here"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "interactions: []", "version: 1\ninteractions: [{}]", "!!python/name:os.system ''"]
)
def test_a_file_that_is_no_cassette_is_told_and_runs_nothing(tmp_path: Path, text: str) -> None:
    folder = Recordings(tmp_path, "record")
    folder.path("a", 0).write_text(text, "utf-8")
    if text == "interactions: []":
        return
    with pytest.raises(RecordingMissing, match=r"a\.0: cannot be read"):
        folder.load("a", 0)


def test_every_kind_of_personal_data_is_masked_in_questions() -> None:
    assert {"EMAIL", "PHONE", "ACCOUNT_NUMBER", "DATE_OF_BIRTH", "CARD", "SSN"} <= set(EVERY_KIND.kinds)


def test_an_answer_that_breaks_the_task_is_recorded_and_breaks_it_again(
    suite: Path, server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_self: Ask_, case: Case, sample: int) -> Any:
        asked_as_ever(_self, case, sample)
        raise ValueError("nothing can be made of this answer")

    asked_as_ever = Ask_.run
    monkeypatch.setattr(Ask_, "run", breaks)
    assert "6 of them broke the task, 0 lost" in record(suite, 2).output
    asked = len(server.bodies)
    done = ran("run", suite, "--candidate", "2", "--baseline", "none", "--out", tmp_path / "runs")
    assert (done.exit_code, "6 failed" in done.output, len(server.bodies)) == (0, True, asked)
