"""The consoles over a real server: tokens of each role, drafts to review, and a page that signs in."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from copilot.store import Role
from tests.copilot.service.conftest import TIMEOUT_MS, Server, browser, client_of, parts, seen

__all__ = ["browser", "client_of", "parts", "seen"]

HOSTILE = (
    "I was charged $45 twice in October <img src=x onerror=alert(1)> and nobody called me back. "
    "</p><script>document.title = 'taken'</script> \u202ereversed\u202c \u05e9\u05dc\u05d5\u05dd \U0001f62e "
    + "w"
    * 10_000
)


class Desk(Server):
    """A server with tokens of its roles."""

    def token(self, role: Role) -> str:
        command = self._command("token", "create", "--role", role)
        made = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        return made.stdout.strip()

    def ask(self, method: str, path: str, token: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx2.request(method, f"{self.url}{path}", json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def draft(self, item_id: str, text: str, **more: Any) -> str:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        body = {"item_id": item_id, "text": text, "received_at": "2026-11-24T10:00:00-05:00", **more}
        return str(self.ask("POST", "/v1/drafts", token, body)["draft_id"])

    def sign_in(self, page: Page, path: str, token: str) -> None:
        page.goto(f"{self.url}{path}")
        page.fill("#token", token)
        page.press("#token", "Enter")
        expect(page.locator("body")).to_have_attribute("data-state", "signed-in")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    server = Desk(tmp_path_factory.mktemp("desk"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def second(browser: Browser) -> Iterator[Page]:
    """The page of another person: another browser, with a session of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(TIMEOUT_MS)
    yield context.new_page()
    context.close()


def letters(folder: Path) -> list[str]:
    """What the file adapter has sent."""
    return [file.read_text("utf-8") for file in sorted(folder.rglob("*")) if file.is_file()]
