"""Takes the picture of the demo page that the README shows: a running call with its alert, its script and its gates.

Start `copilot demo --port 8000`, then run `python docs/make_screenshot.py --port 8000`.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright

from knowledge.pack import PACKS

SIZE: ViewportSize = {"width": 1280, "height": 1060}
CHROMIUM_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def main() -> None:
    """Read the arguments, tell the call, take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000, help="where `copilot demo` listens")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser to use")
    parser.add_argument("--call", default="demo-21-cancel-california", help="the demo call to tell")
    parser.add_argument("--turns", type=int, default=6, help="how many of its turns; the next is still being spoken")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("demo.png"), help="the PNG to write")
    given = parser.parse_args()
    take_screenshot(f"http://127.0.0.1:{given.port}", find_call(given.call), given.turns, given.chromium, given.out)


def find_call(call_id: str) -> dict[str, Any]:
    """The demo call with this id, as its line in the pack tells it."""
    lines = (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines()
    calls: dict[str, dict[str, Any]] = {call["call_id"]: call for call in map(json.loads, lines)}
    if call_id not in calls:
        raise SystemExit(f"No demo call {call_id!r}; there are: {', '.join(calls)}.")
    return calls[call_id]


def take_screenshot(url: str, call: dict[str, Any], turns: int, chromium: str, out: Path) -> None:
    """Tell the beginning of the call and save the page as it looks then, the turn behind the alert set off.

    Raises:
        playwright.sync_api.Error: the browser or the page cannot be opened, or the call does not show within 30 s.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto(f"{url}/demo")
        told = tell(page, url, call, turns)
        page.goto(f"{url}/demo#call={told}")
        page.reload()
        page.wait_for_selector(".turn.partial")
        page.wait_for_selector(".script-step .line.said", state="attached")
        page.hover("#alerts .alert")
        page.screenshot(path=out)
        browser.close()


def tell(page: Page, url: str, call: dict[str, Any], turns: int) -> str:
    """Send the first turns and the beginning of the next, with the page's own token; the id of the new call."""
    token = page.get_attribute('meta[name="copilot-token"]', "content")
    headers = {"Authorization": f"Bearer {token}"}
    call_id = f"{call['call_id']}--picture-{page.evaluate('Date.now()')}"
    head = {name: call[name] for name in ("channel", "language", "started_at", "customer_id") if name in call}
    page.request.post(f"{url}/v1/calls", headers=headers, data={"call_id": call_id, **head})
    following = call["turns"][turns]
    spoken = " ".join(following["text"].split()[:9])
    said = [*call["turns"][:turns], {**following, "text": spoken, "final": False}]
    page.request.post(f"{url}/v1/calls/{call_id}/turns", headers=headers, data={"turns": said})
    return call_id


if __name__ == "__main__":
    main()
