"""A model in a process of its own: it answers, fails, dies, is started again, and ends with the service."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from copilot.errors import ConfigError, ModelFailed, ModelUnavailable
from copilot.guard.masking import policy_for
from copilot.models import LIVE_ANSWER, Model, load_prompt
from copilot.models import process as process_room
from copilot.models.process import ModelProcess
from copilot.settings import Settings
from tests.copilot.models.local_server import LocalServer, fails, says, serving

VALUES = {"summary": "", "turns": "[t1] customer: hello", "language": "en"}


def asked(model: Model, question: str) -> str:
    """What the model answers to a prompt with this in it."""
    prompt = load_prompt("rolling_summary").fill({**VALUES, "turns": question}, policy=policy_for(()))
    return model.complete(prompt, task=LIVE_ANSWER).text


def spoilt(model: Model) -> str:
    """Work with a mistake in it."""
    raise ValueError(f"my card is 4111, said the caller to {model.name}")


def unsendable(model: Model) -> object:
    """Work whose result cannot be sent."""
    return lambda: model


def where(_model: Model) -> int:
    """The process the work is done in."""
    return os.getpid()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    with serving(says("All is well.")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        yield server


@pytest.fixture
def host(server: LocalServer, tmp_path: Path) -> Iterator[ModelProcess]:
    host = ModelProcess(Settings(model="openai:local", data_dir=tmp_path))
    yield host
    host.close()


def until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up_at, "it did not come"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def test_the_work_is_done_elsewhere_and_its_figures_are_known_here(host: ModelProcess, server: LocalServer) -> None:
    assert host.run(where) == host.pid != os.getpid()
    assert host.run(partial(asked, question="[t1] customer: anyone there?")) == "All is well."
    assert "anyone there?" in str(server.bodies[-1])
    assert host.usage()["live_answer"].asked == 1
    assert [trace.outcome for trace in host.traces()] == ["answered"]


def test_what_goes_wrong_there_is_told_here_without_its_text(host: ModelProcess) -> None:
    with pytest.raises(RuntimeError, match=r"^ValueError$"):
        host.run(spoilt)
    with pytest.raises(RuntimeError, match=r"^(PicklingError|AttributeError)$"):
        host.run(unsendable)
    assert host.run(where) == host.pid


def test_a_model_that_fails_is_known_to_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(fails(500)) as gone:
        monkeypatch.setenv("OPENAI_BASE_URL", gone.base_url)
    host = ModelProcess(Settings(model="openai:local", data_dir=tmp_path))
    for _ in range(5):
        with pytest.raises(ModelUnavailable):
            host.run(partial(asked, question="hello?"))
    assert host.is_degraded
    host.close()


def test_a_process_that_dies_is_told_and_started_again(host: ModelProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_room, "REST_S", 0.0)
    with ThreadPoolExecutor() as pool:
        first = host.pid
        assert first is not None
        waits = pool.submit(host.run, time_taking)
        time.sleep(0.3)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(ModelFailed, match="ended"):
            waits.result(timeout=10)
    until(lambda: host.is_degraded)
    assert host.run(where) == host.pid != first
    assert not host.is_degraded


def time_taking(_model: Model) -> None:
    """Work that is never done in time."""
    time.sleep(60)


def test_a_model_that_cannot_be_loaded_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        ModelProcess(Settings(model="openai:local", data_dir=tmp_path))


PARENT = """
import sys, time
from copilot.models.process import ModelProcess
from copilot.settings import Settings
if __name__ == "__main__":
    print(ModelProcess(Settings(model="openai:local", data_dir=sys.argv[1])).pid, flush=True)
    time.sleep(60)
"""


def test_it_ends_with_the_service_even_when_that_is_killed(server: LocalServer, tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    until(lambda: not is_running(child))
