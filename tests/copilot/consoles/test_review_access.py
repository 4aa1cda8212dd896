"""The review console for everybody: no violation axe-core knows of, in light and dark, wide and narrow."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.copilot.consoles.conftest import Desk
from tests.copilot.service.conftest import Seen

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_view_of_the_console_shuts_anybody_out(
    desk: Desk, seen: Seen, scheme: Literal["light", "dark"], width: int
) -> None:
    page = seen.page
    draft_id = desk.draft(f"A-{scheme}-{width}", "You charged me a late fee of $10 twice.", channel="FCC")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{desk.url}/review")
    found = {"sign-in": axe.Axe().run(page)}
    desk.sign_in(page, "/review", desk.token("reviewer"))
    page.locator(f'.row[data-draft="{draft_id}"]').click()
    page.locator(".sentence").first.click()
    found["draft"] = axe.Axe().run(page)
    page.locator("#edit").click()
    expect(page.locator("#edit-count")).to_contain_text("characters")
    found["edit"] = axe.Axe().run(page)
    page.locator("#edit-text").press("Escape")
    page.locator("#reject").click()
    found["reject"] = axe.Axe().run(page)
    page.locator("#choice-cancel").click()
    for view in ("scores", "calibration"):
        page.locator(f"#tab-{view}").click()
        found[view] = axe.Axe().run(page)
    report = {view: result.generate_report() for view, result in found.items() if result.violations_count}
    assert report == {}
    assert page.evaluate("document.documentElement.scrollWidth") == width
