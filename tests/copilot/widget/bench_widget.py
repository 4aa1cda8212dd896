"""How soon the widget stands in a page, and how soon a turn is painted while many calls run.

    python -m tests.copilot.widget.bench_widget --calls 50

A server and a host of their own, real Chromium, one call watched in it. "Painted" is the frame after the event was
taken in; the clock starts before the turn is sent, so the request is in the figure.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.copilot.service.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.copilot.widget.calls import CALLS
from tests.copilot.widget.conftest import Desk

PAUSE_S = 2.5  # between two turns of a call
WATCHED = ("demo-01-price-save", "demo-21-cancel-california", "demo-12-legal-threat")
PAINTS = """
    window.painted = {};
    const afterPaint = (act) => requestAnimationFrame(() => setTimeout(act));
    for (const name of ["event", "card-shown"]) document.addEventListener(`copilot-${name}`, ({ detail }) => {
      const key = name === "event" ? detail.type === "turn.final" && detail.body.turn_id : `card ${detail.seq}`;
      if (key) afterPaint(() => { window.painted[`${window.told} ${key}`] ??= Date.now(); });
    });
    document.addEventListener("copilot-ready", () => afterPaint(() => { window.stood ??= performance.now(); }));
"""


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=50, help="how many calls run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = Desk(Path(folder) / "desk")
        desk.start()
        desk.open_host()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.add_init_script(PAINTS)
            print_paints(page, desk)
            over = threading.Event()
            for number in range(given.calls - 1):
                threading.Thread(target=keep_talking, args=(desk, number, over), daemon=True).start()
            time.sleep(PAUSE_S)
            turns, cards = watch(page, desk)
            over.set()
            print_delays(f"turn sent to painted, {given.calls} calls", turns)
            print_delays(f"turn sent to its card painted, {given.calls} calls", cards)
        finally:
            browser.close()
            desk.close_host()
            desk.kill()


def print_paints(page: Page, desk: Desk) -> None:
    """First contentful paint of the page, and when the widget stood in it with its style, over ten loads."""
    desk.announce("first", language="en")
    paints, stood = [], []
    for _ in range(10):
        page.goto(f"{desk.host}/?call=first")
        page.wait_for_function("() => window.stood")
        paints.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"))
        stood.append(page.evaluate("window.stood"))
    print_delays("first paint of the page", paints)
    print_delays("widget painted with its style", stood)


def keep_talking(desk: Desk, number: int, over: threading.Event) -> None:
    """One of the other calls: a turn of a demo call every so often, again and again."""
    script = list(CALLS.values())[number % len(CALLS)]
    lap = 0
    while not over.is_set():
        call_id = f"other-{number}-{lap}"
        desk.announce(call_id, language=script["language"], customer_id=script["customer_id"])
        for said in script["turns"]:
            if over.wait(PAUSE_S):
                return
            desk.send(call_id, said)
        lap += 1


def watch(page: Page, desk: Desk) -> tuple[list[float], list[float]]:
    """Milliseconds from sending a turn to its painting, and to that of a card it brought."""
    turns: list[float] = []
    cards: list[float] = []
    for name in WATCHED:
        call: dict[str, Any] = CALLS[name]
        told_as = f"watched-{name}"
        desk.announce(told_as, language=call["language"], customer_id=call["customer_id"])
        page.goto(f"{desk.host}/?call={told_as}")
        page.evaluate("(told) => { window.told = told; }", told_as)
        page.wait_for_selector("retention-copilot [data-state=live]")
        sent: dict[str, float] = {}
        for said in call["turns"]:
            sent[f"{told_as} {said['turn_id']}"] = time.time() * 1000
            desk.send(told_as, said)
            page.wait_for_timeout(400)
        for key, at in page.evaluate("window.painted").items():
            if key in sent:
                turns.append(at - sent[key])
            elif at > min(sent.values()):  # a card belongs to the turn that was sent last before it
                cards.append(at - max(start for start in sent.values() if start <= at))
    return turns, cards


def print_delays(what: str, delays: Sequence[float]) -> None:
    """Median, 95th percentile and maximum in milliseconds."""
    ranked = sorted(delays)
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    line = f"{what}: p50 {statistics.median(ranked):.0f} ms, p95 {p95:.0f} ms, max {ranked[-1]:.0f} ms, n {len(ranked)}"
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
