"""The insight page in a real browser over a real server: figures, charts, evidence, coaching, files, for everybody."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx2
import pytest
from playwright.sync_api import Page, expect

from knowledge.pack import PACKS
from tests.copilot.consoles.conftest import HOSTILE, Desk
from tests.copilot.service.conftest import Seen

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser

CALLS = list(map(json.loads, (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines()))
VIEWS = ("figures", "saves", "causes", "work", "outreach", "coaching")


@pytest.fixture(scope="module")
def boss(desk: Desk) -> str:
    """The token of a supervisor, over a service that has had a day."""
    token = desk.token("supervisor")
    now = datetime.now(UTC)
    for number, call in enumerate(CALLS[:4]):
        at = (now - timedelta(days=2, minutes=number)).isoformat()
        announced = {name: value for name, value in call.items() if name not in ("turns", "title")}
        desk.ask("POST", "/v1/calls", token, {**announced, "started_at": at})
        desk.ask("POST", f"/v1/calls/{call['call_id']}/turns", token, {"turns": call["turns"]})
        desk.ask("POST", f"/v1/calls/{call['call_id']}/end", token)
    _tell(desk, token, "phone", [_phone(number, call["call_id"], now) for number, call in enumerate(CALLS[:4])])
    at = (now - timedelta(days=1)).isoformat()
    due = [{"fact_id": f"pay-{n}", "at": at, "list": "declined_card", "customer_id": f"C-100{n}"} for n in (1, 2)]
    hostile = {"fact_id": "<b>pay-3</b>", "at": at, "list": "risk", "customer_id": "<i>C</i>", "why": HOSTILE[:280]}
    _tell(desk, token, "due", [*due, hostile])
    _tell(desk, token, "touch", [{"fact_id": "t1", "at": now.isoformat(), "due_id": "pay-1", "result": "contacted"}])
    return token


def _phone(number: int, call_id: str, now: datetime) -> dict[str, Any]:
    at = (now - timedelta(days=2)).isoformat()
    told = {"talk_s": 200 + number, "hold_s": 10, "acw_s": 30, "wait_s": 9}
    return {"fact_id": call_id, "at": at, "agent": "Marcus", **told}


def _tell(desk: Desk, token: str, kind: str, facts: list[dict[str, Any]]) -> None:
    desk.ask("POST", f"/v1/insight/facts/{kind}", token, {"facts": facts})


def _open(desk: Desk, page: Page, token: str) -> None:
    desk.sign_in(page, "/insight", token)
    expect(page.locator("#kpi-aht")).to_be_visible()


def test_a_figure_says_what_was_counted_and_its_cases_are_one_click_away(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    # (200 + 201 + 202 + 203 + 4 x 40) / 4 = 241.5, told as 242 s
    expect(page.locator("#kpi-aht .value")).to_have_text("242 s")
    expect(page.locator("#kpi-aht")).to_contain_text("966 seconds of talk, hold and after-call work / 4 calls answered")
    page.locator("#kpi-aht .link").click()
    page.locator("#evidence li button").first.click()
    expect(page.locator("#evidence .turns li").first).to_be_visible()
    expect(page.locator("#evidence")).to_contain_text("Reason:")
    page.locator("#close-evidence").click()
    assert seen.complaints == []


def test_every_chart_has_a_table_behind_it_with_the_same_figures(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    page.keyboard.press("3")
    section = page.locator("#section-contact_reasons")
    bars = section.locator("svg rect").count()
    assert bars == section.locator("tbody tr").count() > 0
    told = section.locator("tbody tr").first.locator("td").nth(1).inner_text()
    assert told in section.locator("svg text").all_text_contents()
    page.keyboard.press("1")
    assert page.locator("#section-trends svg").count() > 0
    assert page.locator("#section-trends table").count() == 1


def test_lists_prove_that_they_are_complete(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    page.keyboard.press("5")
    expect(page.locator("#section-outreach")).to_contain_text("2 due = 1 contacted + 0 with a reason + 1 open")
    expect(page.locator("#section-outreach_lines tbody tr").first).to_contain_text("open")
    assert page.locator("main i, main b, main img").count() == 0
    expect(page.locator("#section-outreach_lines")).to_contain_text("<img src=x onerror=alert(1)>")


def test_what_became_of_a_failed_payment_is_recorded_on_its_line(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    page.keyboard.press("5")
    page.locator("#section-outreach_lines tbody tr", has_text="C-1002").locator("button").click()
    page.select_option("#touch-result", "none")
    page.locator("#touch-form button[type=submit]").click()
    expect(page.locator("#touch-problem")).to_have_text("Without a contact it needs a reason.")
    page.fill("#touch-reason", "wrote STOP")
    page.locator("#touch-form button[type=submit]").click()
    expect(page.locator("#status")).to_have_text("Recorded.")
    expect(page.locator("#section-outreach")).to_contain_text("2 due = 1 contacted + 1 with a reason + 0 open")
    page.locator("#from-records").click()
    expect(page.locator("#status")).to_contain_text("due by the records")


def test_a_coach_opens_the_page_of_an_agent_and_it_can_be_answered(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    page.keyboard.press("6")
    page.select_option("#agent", "Marcus")
    expect(page.locator("#coaching-figures")).to_contain_text("Average handle time")
    expect(page.locator("#coaching-moments .moment .quotes li").first).to_be_visible()
    page.fill("#coaching-text", "Let us <b>listen</b> to two calls together.")
    page.locator("#coaching-said button[type=submit]").click()
    expect(page.locator("#status")).to_have_text("It stands on the page.")
    expect(page.locator("#coaching-said")).to_contain_text("Let us <b>listen</b> to two calls together.")


def test_an_agent_sees_their_own_page_and_nothing_else(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    desk.sign_in(page, "/insight", desk.token("agent"))
    expect(page.locator("#coaching-view")).to_be_visible()
    assert [page.locator(f"#tab-{view}").is_visible() for view in VIEWS] == [False] * 5 + [True]
    page.fill("#coaching-text", "The queue is long on Mondays.")
    page.locator("#coaching-said button[type=submit]").click()
    expect(page.locator("#coaching-concerns")).to_contain_text("The queue is long on Mondays.")


def test_files_come_by_a_click(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    for press, name in (
        ("#save-xlsx", "insight.xlsx"),
        ("#save-ics", "deadlines.ics"),
        ("#section-gaps .link", "gaps.csv"),
    ):
        with page.expect_download() as download:
            page.locator(press).first.click()
        assert download.value.suggested_filename == name


def test_a_time_without_contacts_says_so(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    page.fill("#from", "2025-01-01")
    page.fill("#to", "2025-01-31")
    page.locator("#window button[type=submit]").click()
    expect(page.locator("#told")).to_contain_text("0 contacts, Jan 1, 2025 to Jan 31, 2025.")
    page.fill("#from", "2025-02-01")
    page.locator("#window button[type=submit]").click()
    expect(page.locator("#status")).to_contain_text("allowed are up to 400 days")


def test_the_page_speaks_spanish_with_every_word(desk: Desk, seen: Seen, boss: str) -> None:
    page = seen.page
    _open(desk, page, boss)
    page.select_option("#language", "es")
    expect(page.locator("#kpi-aht h3")).to_have_text("Tiempo medio de gestión")
    for key in "123456":
        page.keyboard.press(key)
        assert "undefined" not in page.locator("main").inner_text()
    paths = page.evaluate(
        """async () => {
          const { WORDS } = await import("/console/insight_words.js");
          return JSON.stringify([Object.keys(WORDS.en).sort(), Object.keys(WORDS.es).sort()]);
        }"""
    )
    english, spanish = json.loads(paths)
    assert english == spanish


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_view_shuts_anybody_out(
    desk: Desk, seen: Seen, boss: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = seen.page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    _open(desk, page, boss)
    found = {}
    for view in VIEWS:
        page.locator(f"#tab-{view}").click()
        if view == "coaching":
            page.select_option("#agent", "Marcus")
            expect(page.locator("#coaching-figures")).to_be_visible()
        found[view] = axe.Axe().run(page)
        assert page.evaluate("document.documentElement.scrollWidth") == width, view
    report = {view: result.generate_report() for view, result in found.items() if result.violations_count}
    assert report == {}


def test_the_pages_call_nobody_but_the_service(desk: Desk, seen: Seen, boss: str) -> None:
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    _open(desk, seen.page, boss)
    assert {re.match(r"\w+://[^/]+", url).group() for url in asked if not url.startswith("blob:")} == {desk.url}  # type: ignore[union-attr]
    assert httpx2.get(f"{desk.url}/insight").headers["cross-origin-opener-policy"] == "same-origin"
