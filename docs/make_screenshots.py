"""Takes the pictures of the sidebar in the demo and in a frame: light and dark, desktop and 320 pixels.

Start `copilot demo --port 8000`, then run `python docs/make_screenshots.py --port 8000`.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from make_screenshot import CHROMIUM_ARGUMENTS, find_call, tell
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

SIZES: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 1060}, "320": {"width": 320, "height": 900}}
THEMES = ("light", "dark")
CALL = "demo-01-price-save"


def main() -> None:
    """Read the arguments, take every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000, help="where `copilot demo` listens")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser to use")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("pictures"), help="folder for the PNGs")
    given = parser.parse_args()
    given.out.mkdir(exist_ok=True)
    url = f"http://127.0.0.1:{given.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=CHROMIUM_ARGUMENTS)
        for (name, take), size, theme in product(PICTURES.items(), SIZES, THEMES):
            with opened(browser, url, size, theme) as page:
                take(page, url)
                page.screenshot(path=given.out / f"{name}-{size}-{theme}.png", full_page=size == "320")
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, size: str, theme: str) -> Iterator[Page]:
    """The demo page in a window of this size and theme."""
    dark = theme == "dark"
    page = browser.new_page(viewport=SIZES[size], color_scheme="dark" if dark else "light", reduced_motion="reduce")
    page.goto(f"{url}/demo")
    yield page
    page.close()


def running(page: Page, url: str) -> None:
    """A call in its middle: the offer with how it was decided."""
    told = tell(page, url, find_call(CALL), 16)
    page.goto(f"{url}/demo#call={told}")
    page.reload()
    page.wait_for_selector(".card.offer")
    page.wait_for_selector(".script-step")
    page.locator(".card.offer").scroll_into_view_if_needed()


def hung_up(page: Page, url: str) -> None:
    """After hang-up: the note, signed, and the money panel computed."""
    frame_of(page, url, turns=26, end=True)
    page.wait_for_selector("#note .note-text")
    page.fill("#sign-name", "Kim Lee")
    page.click(".sign .main")
    page.wait_for_selector(".signed")
    page.locator("#note-title").scroll_into_view_if_needed()


def money(page: Page, url: str) -> None:
    """The sidebar alone, in a frame's page, with the money panel filled."""
    frame_of(page, url, turns=16, end=False)
    page.wait_for_selector(".card.offer")
    page.keyboard.press("b")
    for field, value in (("past_due", "120.50"), ("restoration_fee", "10"), ("lines", "2"), ("tax_percent", "8.25")):
        page.fill(f"[name={field}]", value)
    page.keyboard.press("Enter")
    page.locator(".money output").scroll_into_view_if_needed()


def keys(page: Page, url: str) -> None:
    """The list of keys."""
    frame_of(page, url, turns=6, end=False)
    page.wait_for_selector(".card")
    page.keyboard.press("?")


def frame_of(page: Page, url: str, *, turns: int, end: bool) -> None:
    """The frame's page on the beginning of a call, or on all of it."""
    token = page.get_attribute('meta[name="copilot-token"]', "content")
    told = tell(page, url, find_call(CALL), turns)
    if end:
        page.request.post(f"{url}/v1/calls/{told}/end", headers={"Authorization": f"Bearer {token}"}, data={})
    page.goto(f"{url}/widget?call={told}#token={token}")


PICTURES: dict[str, Callable[[Page, str], None]] = {
    "running": running,
    "hung-up": hung_up,
    "money": money,
    "keys": keys,
}

if __name__ == "__main__":
    main()
