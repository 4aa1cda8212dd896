"""Takes the picture of the demo page that the README shows: a call with its alert, its script line and its note.

Start `copilot demo --port 8000`, then run `python docs/make_screenshot.py --port 8000`.
"""

import argparse
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

SIZE: ViewportSize = {"width": 1280, "height": 1170}
CHROMIUM_ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def main() -> None:
    """Read the arguments, play the call, take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000, help="where `copilot demo` listens")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser to use")
    parser.add_argument("--call", default="demo-12-legal-threat", help="the demo call to play")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("demo.png"), help="the PNG to write")
    given = parser.parse_args()
    take_screenshot(f"http://127.0.0.1:{given.port}/demo", given.call, given.chromium, given.out)


def take_screenshot(url: str, call_id: str, chromium: str, out: Path) -> None:
    """Play the call as fast as possible and save the page as it looks after hang-up.

    The turn that called for the first alert is set off, and the parts of the note are folded to leave room for the
    cards below.

    Raises:
        playwright.sync_api.Error: the browser or the page cannot be opened, or the call does not end within 30 s.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto(url)
        page.wait_for_selector("body[data-state=empty]")
        page.select_option("#call", call_id)
        page.select_option("#speed", label="As fast as possible")
        page.click("#play")
        page.wait_for_selector("body[data-state=ended]")
        page.click("#note summary")
        page.hover("#alerts .alert")
        page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    main()
