"""The widget in pages of another origin, over a real server and a real host."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.copilot.service.conftest import TIMEOUT_MS, DemoServer, browser, free_port

__all__ = ["browser"]

HOST = Path(__file__).parents[3] / "docs" / "embedding" / "page" / "serve.py"
START_TIMEOUT_S = 30


class Desk(DemoServer):
    """The copilot, and a host of another origin with the widget in its pages."""

    def __init__(self, data_dir: Path) -> None:
        self.host_port = free_port()
        self.host = f"http://127.0.0.1:{self.host_port}"
        super().__init__(data_dir)
        self._environment["COPILOT_FRAME_ANCESTORS"] = self.host
        self._host: subprocess.Popen[bytes] | None = None

    def open_host(self) -> None:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        environment = {**os.environ, "COPILOT_URL": self.url, "COPILOT_TOKEN": token}
        self._host = subprocess.Popen([sys.executable, str(HOST), "--port", str(self.host_port)], env=environment)
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < give_up_at:
            try:
                if httpx2.get(self.host, timeout=2).status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)
        raise AssertionError("The host does not start.")

    def close_host(self) -> None:
        if self._host is not None:
            self._host.terminate()
            self._host.wait(timeout=30)

    def play(self, call: dict[str, Any], turns: slice = slice(None), *, end: bool = False) -> None:
        """Announce a call of the pack under its own id, say these turns, and hang up."""
        self.announce(call["call_id"], **{name: call[name] for name in ("channel", "language", "customer_id")})
        for said in call["turns"][turns]:
            self.send(call["call_id"], said)
        if end:
            self.end(call["call_id"])


class Widget:
    """The widget in a page of the host, and what the page's console complained about."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.complaints: list[str] = []
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.add_init_script(
            """
            window.heard = [];
            const told = ["ready", "state", "event", "card-shown", "copied", "signed", "dismissed", "judged", "error"];
            for (const name of told)
              document.addEventListener(`copilot-${name}`, ({ detail }) => window.heard.push({ name, detail }));
            """
        )

    def open(self, call_id: str) -> "Widget":
        self.page.goto(f"{self.desk.host}/?call={call_id}")
        self.state("live")
        return self

    def state(self, name: str) -> None:
        expect(self.find(".box")).to_have_attribute("data-state", name)

    def find(self, selector: str) -> Locator:
        return self.page.locator(f"retention-copilot {selector}")

    def heard(self, name: str) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.page.evaluate(
            "(name) => window.heard.filter((each) => each.name === name).map((each) => each.detail)", name
        )
        return told

    def focused(self) -> str:
        """What has the focus, inside of the widget too: its id, class or name."""
        inner: str = self.page.evaluate(
            """() => {
                let element = document.activeElement;
                while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
                return element ? element.id || element.className || element.localName : "";
            }"""
        )
        return inner

    def set(self, **attributes: str) -> None:
        for name, value in attributes.items():
            self.page.locator("retention-copilot").evaluate(
                "(widget, [name, value]) => widget.setAttribute(name, value)", [name, value]
            )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.start()
    desk.open_host()
    yield desk
    desk.close_host()
    desk.kill()


@pytest.fixture
def widget(browser: Browser, desk: Desk) -> Iterator[Widget]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(timeout=TIMEOUT_MS)
    yield Widget(context.new_page(), desk)
    context.close()
