"""Makes the screenshots of the consoles in docs/screens: a service with the demo pack, each page, light and dark.

Run `python docs/make_console_screenshots.py` from the repository root; it needs Playwright and Chromium (CHROMIUM names
another one).
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, expect, sync_playwright

from knowledge.pack import PACKS

SCREENS = Path(__file__).parent / "screens"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FEE = "You charged me a late fee of $10 twice in October, and a call back was promised that never came. Refund the fee."
DRAFTS = (
    {"item_id": "78-4411", "channel": "FCC", "reference": "78-4411", "author": "Denise Okafor", "text": FEE},
    {"item_id": "post-7", "channel": "x", "text": "My internet has been down for three days and nobody answers."},
    {"item_id": "rev-3", "channel": "google_play", "rating": 2, "text": "The app lost my bill again."},
    {"item_id": "bbb-12", "channel": "BBB", "text": "I cancelled in September and they still bill me $59 a month."},
    {
        "item_id": "cor-5",
        "channel": "email",
        "language": "es",
        "text": "Me cobraron dos veces el módem y nadie me llamó.",
    },
)
LONGEST = 2000  # of a picture of the phone, in pixels
WIDTHS = {"desktop": (1440, 900), "phone": (320, 700)}


class Desk:
    """A service with a supervisor's token, asked over HTTP."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "COPILOT_DATA_DIR": str(folder), "COPILOT_EMBEDDER": "none"}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = self._run("token", "create", "--role", "supervisor").stdout.strip()

    @contextmanager
    def running(self) -> Iterator[None]:
        """The service, until it is let go."""
        command = [sys.executable, "-m", "copilot.cli", "serve", "--port", str(self.port)]
        process = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
        try:
            for _ in range(300):
                try:
                    if httpx2.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                        break
                except httpx2.TransportError:
                    time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)

    def get(self, path: str) -> Any:
        """What the service answers to a question."""
        return self._ask("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """What the service answers to what it is given."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx2.request(method, f"{self.url}{path}", json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "copilot.cli", *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)  # noqa: S603 - the same


def fill(desk: Desk, now: datetime) -> None:
    """Some weeks at the desk: calls, what the telephone and billing say, scores, drafts that wait."""
    lines = (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines()
    calls = [json.loads(line) for line in lines]
    for number in range(36):
        _call(
            desk,
            calls[number % len(calls)],
            f"call-{number:02}",
            now - timedelta(days=1 + number * 3 % 100, hours=number % 8),
        )
    told = [_phone(number, now) for number in range(36)]
    told += [{"fact_id": f"gone-{n}", "at": _at(now, n * 4), "answered": False, "wait_s": 40} for n in range(6)]
    desk.post("/v1/insight/facts/phone", {"facts": told})
    answers = [{"fact_id": f"s{n}", "at": _at(now, n), "question": "csat", "score": 5 - n % 3} for n in range(1, 28)]
    desk.post("/v1/insight/facts/survey", {"facts": answers})
    paying = [
        {
            "fact_id": f"p{n}-{days}",
            "at": _at(now, 1),
            "call_id": f"call-{n:02}",
            "days": days,
            "paying": n % (2 + days // 30) > 0,
        }
        for n in range(36)
        for days in (30, 60, 90)
    ]
    desk.post("/v1/insight/facts/paying", {"facts": paying})
    due = [
        {
            "fact_id": f"pay-{n}",
            "at": _at(now, 6),
            "list": "declined_card",
            "customer_id": f"C-10{n:02}",
            "amount": "59.00",
        }
        for n in range(1, 6)
    ]
    due += [{"fact_id": "ren-1", "at": _at(now, 6), "list": "renewal", "customer_id": "C-1003", "until": "2027-01-04"}]
    desk.post("/v1/insight/facts/due", {"facts": due})
    touches = [
        {"fact_id": f"t{n}", "at": _at(now, 3), "due_id": f"pay-{n}", "result": "contacted", "way": "sms"}
        for n in (1, 2, 3)
    ]
    stopped = {"result": "not_contacted", "reason": "wrote STOP on the last message"}
    touches += [{"fact_id": "t4", "at": _at(now, 3), "due_id": "pay-4", **stopped}]
    desk.post("/v1/insight/facts/touch", {"facts": touches})
    _score(desk)
    for draft in DRAFTS:
        desk.post("/v1/drafts", {**draft, "received_at": (now - timedelta(days=1)).isoformat()})


def _call(desk: Desk, call: dict[str, Any], call_id: str, at: datetime) -> None:
    announced = {name: value for name, value in call.items() if name not in ("turns", "title", "call_id", "started_at")}
    desk.post("/v1/calls", {**announced, "call_id": call_id, "started_at": at.isoformat()})
    desk.post(f"/v1/calls/{call_id}/turns", {"turns": call["turns"]})
    desk.post(f"/v1/calls/{call_id}/end", {})
    verdict = ("useful", "useful", "not_useful", "dismissed")[hash(call_id[-1]) % 4 if call_id[-1] not in "13" else 0]
    desk.post(f"/v1/calls/{call_id}/cards/c1/feedback", {"verdict": verdict})


def _phone(number: int, now: datetime) -> dict[str, Any]:
    agent = ("Marcus", "Tanya", "Elena")[number % 3]
    told = {
        "wait_s": 6 + number % 5 * 7,
        "talk_s": 220 + number % 7 * 35,
        "hold_s": number % 4 * 15,
        "acw_s": 40 + number % 3 * 10,
    }
    return {"fact_id": f"call-{number:02}", "at": _at(now, 1 + number * 3 % 100), "agent": agent, **told}


def _score(desk: Desk) -> None:
    words = desk.get("/v1/console/words")
    asked = [item["id"] for section in words["sections"] for item in section["items"] if "call" in item["subjects"]]
    told: dict[str, dict[str, Any]] = {
        "plain-words": {"mark": 0.5, "evidence": ["t9"], "comment": "one sum, then its parts"},
        "acknowledged": {"mark": 1, "evidence": ["t3"]},
        "reason-found": {"mark": 1, "evidence": ["t7"]},
    }
    marks = [{"item_id": item, **told.get(item, {"mark": 1})} for item in asked]
    for number in (0, 3):
        score = {
            "evaluation_id": f"E-{number}",
            "subject": "call",
            "subject_id": f"call-{number:02}",
            "agent": "Marcus",
        }
        desk.post("/v1/quality/evaluations", {**score, "marks": marks})
    desk.post(
        "/v1/insight/coaching/notes",
        {"note_id": "n1", "agent": "Marcus", "kind": "concern", "text": "Mondays: too few people."},
    )


def _at(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).isoformat()


def shoot(browser: Browser, desk: Desk, scheme: Any, size: str) -> None:
    """Every page in one theme and one size."""
    width, height = WIDTHS[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US")
    page = context.new_page()
    name = f"{size}-{scheme}"
    _doors(page, desk, name)
    _review(page, desk, name)
    _insight(page, desk, name)
    context.close()


def _doors(page: Page, desk: Desk, name: str) -> None:
    """The log-in page, and the training page with a quiz and its answers."""
    page.goto(f"{desk.url}/login")
    _save(page, f"login-{name}")
    _sign_in(page, f"{desk.url}/training", desk.token)
    page.locator("#tab-quiz").click()
    page.locator("#quiz-begin").click()
    expect(page.locator("#quiz-form fieldset")).to_have_count(5)
    _save(page, f"training-quiz-{name}")
    page.locator("#quiz-form input").first.check()
    page.locator("#quiz-form button[type=submit]").click()
    expect(page.locator("#quiz-view blockquote")).to_have_count(5)
    _save(page, f"training-answers-{name}")
    page.evaluate("sessionStorage.clear()")


def _review(page: Page, desk: Desk, name: str) -> None:
    _sign_in(page, f"{desk.url}/review", desk.token)
    page.locator(".row", has_text="fcc complaint").click()
    page.locator(".sentence.cited").nth(1).click()
    page.mouse.move(0, 0)
    _save(page, f"review-{name}")
    page.locator("#edit").click()
    expect(page.locator("#edit-count")).to_contain_text("characters")
    text = page.locator("#edit-text")
    text.fill(text.input_value().replace("The complaint was read in full", "We have read your complaint in full"))
    expect(page.locator("#changes ins").first).to_be_attached()
    page.locator("#changes").evaluate("part => { part.open = true; }")
    _save(page, f"review-edit-{name}", whole=True)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#edit-text").press("Escape")
    page.locator("#tab-scores").click()
    _save(page, f"review-scores-{name}")


def _insight(page: Page, desk: Desk, name: str) -> None:
    page.goto(f"{desk.url}/insight")
    expect(page.locator("body")).to_have_attribute("data-state", "signed-in")
    page.select_option("#span", "180")
    expect(page.locator("#told")).to_contain_text("36 contacts")
    for view in ("figures", "saves", "causes", "work", "outreach"):
        page.locator(f"#tab-{view}").click()
        _save(page, f"insight-{view}-{name}", whole=view in ("figures", "causes"))
    page.locator("#tab-coaching").click()
    page.select_option("#agent", "Marcus")
    expect(page.locator("#coaching-moments")).to_be_visible()
    _save(page, f"insight-coaching-{name}", whole=True)


def _sign_in(page: Page, url: str, token: str) -> None:
    page.goto(url)
    page.fill("#token", token)
    page.press("#token", "Enter")
    expect(page.locator("body")).to_have_attribute("data-state", "signed-in")


def _save(page: Page, name: str, *, whole: bool = False) -> None:
    page.evaluate("window.scrollTo(0, 0)")
    file = SCREENS / f"{name}.png"
    if "-phone-" in name:
        height = min(LONGEST, page.evaluate("document.documentElement.scrollHeight"))
        page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": WIDTHS["phone"][0], "height": height})
    else:
        page.screenshot(path=file, full_page=whole and name.endswith("desktop-light"))


def main() -> None:
    """Make them all."""
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = Desk(Path(folder))
        with desk.running():
            fill(desk, datetime.now(UTC))
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                for size in WIDTHS:
                    shoot(browser, desk, scheme, size)
            browser.close()


if __name__ == "__main__":
    main()
