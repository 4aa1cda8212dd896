"""A service over real parts, in this process or in one of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect, sync_playwright

from copilot.service import create_app
from copilot.settings import Settings
from copilot.store import Role, Tokens
from copilot.wiring import Parts, open_parts

START_TIMEOUT_S = 60
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
TIMEOUT_MS = 15_000

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


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Server:
    """`copilot serve` as a process of its own, over a data folder that outlives it."""

    def __init__(self, data_dir: Path) -> None:
        self._log = data_dir.parent / f"{data_dir.name}.log"  # beside the data, which is searched for leaks
        self._environment = {**os.environ, "COPILOT_DATA_DIR": str(data_dir), "COPILOT_EMBEDDER": "none"}
        self.port = free_port()
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


class DemoServer(Server):
    """`copilot demo` as a process of its own."""

    def _command(self, *arguments: str) -> list[str]:
        return super()._command(*("demo" if argument == "serve" else argument for argument in arguments))

    def announce(self, call_id: str, **more: str) -> None:
        self._post("/v1/calls", {"call_id": call_id, "started_at": "2026-11-20T10:00:00-05:00", **more})

    def say(self, call_id: str, *texts: str, first: int = 1) -> None:
        turns = [
            {"turn_id": f"t{number}", "speaker": "customer", "text": text, "t_ms": number * 1000}
            for number, text in enumerate(texts, start=first)
        ]
        self._post(f"/v1/calls/{call_id}/turns", {"turns": turns})

    def send(self, call_id: str, turn: dict[str, Any], **how: bool) -> None:
        self._post(f"/v1/calls/{call_id}/turns", {"turns": [{**turn, **how}]})

    def end(self, call_id: str) -> None:
        self._post(f"/v1/calls/{call_id}/end", {})

    def _post(self, path: str, body: dict[str, Any]) -> None:
        httpx2.post(f"{self.url}{path}", json=body, headers=self.headers, timeout=30).raise_for_status()


@dataclass
class Seen:
    """A page, and everything its console and its scripts complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def state(self, name: str) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-state", name)

    def play(self, call_id: str) -> None:
        self.state("empty")
        self.page.select_option("#call", call_id)
        self.page.select_option("#speed", "1000")
        self.page.click("#play")

    def text(self) -> str:
        """Every word on the page, those of the widget and those that are folded away too."""
        whole = "(widget) => document.querySelector('main').textContent + widget.shadowRoot.textContent"
        text: str = self.page.locator("retention-copilot").evaluate(whole)
        return text

    def turn_ids(self) -> list[str]:
        ids: list[str] = self.page.locator(".turn").evaluate_all("items => items.map(item => item.dataset.turnId)")
        return ids


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    server = DemoServer(tmp_path_factory.mktemp("demo"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("No Chromium here: apt-get install chromium, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def seen(browser: Browser) -> Iterator[Seen]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    seen = Seen(context.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" else None)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    yield seen
    context.close()
