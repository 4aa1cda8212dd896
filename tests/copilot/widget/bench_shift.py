"""Whether a shift leaves anything behind: one tab of the sidebar, call after call, live, each to its end.

    python -m tests.copilot.widget.bench_shift --calls 40

Forty calls of three minutes are two hours; they are told as fast as the service takes them, so what is measured is the
work of a shift, not its waiting. Heap, elements and listeners are counted after a collection, the service's memory
beside them.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.copilot.service.conftest import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.copilot.widget.calls import CALLS, call_named
from tests.copilot.widget.conftest import Desk, Widget

EVERY = 4


def main() -> None:
    """Read the arguments, work the shift, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=40, help="how many calls the shift has")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = Desk(Path(folder) / "desk")
        desk.start()
        desk.open_host()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        try:
            work(Widget(browser.new_page(viewport={"width": 1280, "height": 900}), desk), given.calls)
        finally:
            browser.close()
            desk.close_host()
            desk.kill()


def work(widget: Widget, count: int) -> None:
    """Take the calls in turn, and print what is in memory after every few."""
    desk, names = widget.desk, list(CALLS)
    token = desk.headers["Authorization"].removeprefix("Bearer ")
    widget.page.route("**/token", lambda route: route.fulfill(json={"token": token}))
    meter = widget.page.context.new_cdp_session(widget.page)
    meter.send("Performance.enable")
    tell("calls  minutes  heap MB  elements  listeners  service MB")
    began = time.monotonic()
    for number in range(count):
        call = call_named(names[number % len(names)], f"shift-{number}")
        shown = {name: call[name] for name in ("channel", "language", "customer_id") if name in call}
        desk.announce(call["call_id"], **shown)
        if number == 0:
            widget.open(call["call_id"])
        else:
            widget.set(call=call["call_id"])
            widget.state("live")
        for said in call["turns"]:
            desk.send(call["call_id"], said)
        desk.end(call["call_id"])
        widget.state("ended")
        if (number + 1) % EVERY == 0:
            widget.page.wait_for_timeout(500)
            widget.page.evaluate("() => { window.heard = []; }")
            meter.send("HeapProfiler.collectGarbage")
            told = {each["name"]: each["value"] for each in meter.send("Performance.getMetrics")["metrics"]}
            minutes = (time.monotonic() - began) / 60
            heap, size = told["JSHeapUsedSize"] / 1e6, memory_of(desk)
            counted = f"{told['Nodes']:>9.0f} {told['JSEventListeners']:>10.0f}"
            tell(f"{number + 1:>5} {minutes:>8.1f} {heap:>8.2f} {counted} {size:>11.0f}")


def tell(line: str) -> None:
    """A line of the report, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def memory_of(desk: Desk) -> float:
    """What the service holds resident, in MB; 0 where the system does not tell."""
    process = desk._process
    status = Path(f"/proc/{process.pid}/status") if process else None
    if status is None or not status.is_file():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


if __name__ == "__main__":
    main()
