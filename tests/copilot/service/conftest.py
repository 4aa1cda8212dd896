"""A service over real parts, in this process or in one of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from copilot.service import create_app
from copilot.settings import Settings
from copilot.store import Role, Tokens
from copilot.wiring import Parts, open_parts

START_TIMEOUT_S = 60

ClientOf = Callable[[Role], TestClient]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), embedder="none", max_body_bytes=300_000)
    parts = open_parts(settings, with_vectors=False)
    yield parts
    parts.close()


@pytest.fixture(scope="module")
def client_of(parts: Parts) -> ClientOf:
    app = create_app(parts)
    tokens = Tokens(parts.engine)

    def client(role: Role) -> TestClient:
        return TestClient(
            app, headers={"Authorization": f"Bearer {tokens.create(role)}"}, raise_server_exceptions=False
        )

    return client


@pytest.fixture(scope="module")
def client(client_of: ClientOf) -> TestClient:
    return client_of("agent")


class Server:
    """`copilot serve` as a process of its own, over a data folder that outlives it."""

    def __init__(self, data_dir: Path) -> None:
        self._log = data_dir.parent / f"{data_dir.name}.log"  # beside the data, which is searched for leaks
        self._environment = {**os.environ, "COPILOT_DATA_DIR": str(data_dir), "COPILOT_EMBEDDER": "none"}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = self._command("token", "create", "--role", "agent")
        made = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        self.headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command("serve", "--port", str(self.port)),
            env=self._environment,
            stderr=subprocess.STDOUT,
            stdout=self._log.open("a"),
            text=True,
        )
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up_at:
            try:
                if httpx2.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx2.TransportError:
                assert self._process.poll() is None, self._log.read_text()
                time.sleep(0.1)
        raise AssertionError("the service did not start")

    def kill(self) -> None:
        """As `kill -9` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> str:
        """As an operator does; everything it wrote to its standard output and error."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None
        return self._log.read_text()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "copilot.cli", *arguments]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.start()
    yield server
    server.kill()
