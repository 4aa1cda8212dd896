"""The log-in and training pages for everybody: no violation axe-core knows of, in light and dark, wide and narrow."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.copilot.consoles.conftest import Desk
from tests.copilot.service.conftest import Seen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_view_shuts_anybody_out(desk: Desk, seen: Seen, scheme: Literal["light", "dark"], width: int) -> None:
    page = seen.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{desk.url}/login?then=/training")
    found = {"login": Axe().run(page)}
    wide = [page.evaluate("document.documentElement.scrollWidth")]
    desk.sign_in(page, "/training", desk.token("supervisor"))
    found["changes"] = Axe().run(page)
    page.locator("#tab-quiz").click()
    page.locator("#quiz-begin").click()
    expect(page.locator("#quiz-form fieldset")).to_have_count(5)
    found["quiz"] = Axe().run(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    page.locator("#quiz-form button[type=submit]").click()
    expect(page.locator("#quiz-view blockquote")).to_have_count(5)
    found["answers"] = Axe().run(page)
    page.locator("#tab-results").click()
    found["results"] = Axe().run(page)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    report = {view: result.generate_report() for view, result in found.items() if result.violations_count}
    assert report == {}
    assert wide == [width] * 3
