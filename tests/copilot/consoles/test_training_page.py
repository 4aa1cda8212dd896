"""The training page in a real browser: a quiz taken by keyboard, and the supervisor's view of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.copilot.consoles.conftest import Desk
from tests.copilot.service.conftest import Seen

pytestmark = pytest.mark.browser


def test_an_agent_takes_a_quiz_and_sees_the_sources(desk: Desk, seen: Seen, second: Page) -> None:
    page = seen.page
    desk.sign_in(page, "/training", desk.token("agent"))
    expect(page.locator("#tab-results")).to_be_hidden()
    expect(page.locator("#changes-view")).to_be_visible()
    page.keyboard.press("2")
    page.locator("#quiz-begin").press("Enter")
    expect(page.locator("#quiz-form fieldset")).to_have_count(5)
    expect(page.locator("#quiz-form input").first).to_be_focused()
    page.keyboard.press("Space")  # the first option of the first question; the others stay open
    page.locator("#quiz-form button[type=submit]").press("Enter")
    expect(page.locator("#status")).to_contain_text("of 5 right")
    expect(page.locator("#quiz-view blockquote")).to_have_count(5)
    page.select_option("#language", "es")
    expect(page.locator("#tab-quiz")).to_have_text("Cuestionario")
    desk.sign_in(second, "/training", desk.token("supervisor"))
    second.locator("#tab-results").click()
    expect(second.locator("#results-view tbody tr").first).to_contain_text("/5")
