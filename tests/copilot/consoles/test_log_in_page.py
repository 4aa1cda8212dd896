"""Logging in at a browser with the user file, and what a page signed in by cookie may do."""

import subprocess

import pytest
from playwright.sync_api import Route, expect

from tests.copilot.consoles.conftest import Desk
from tests.copilot.service.conftest import Seen

pytestmark = pytest.mark.browser


def add_user(desk: Desk, name: str, role: str) -> str:
    command = desk._command("user", "add", name, "--role", role)
    made = subprocess.run(command, env=desk._environment, capture_output=True, text=True, check=True)
    return made.stdout.strip()


def test_a_reviewer_logs_in_by_name_claims_a_draft_and_logs_out(desk: Desk, seen: Seen) -> None:
    page, password = seen.page, add_user(desk, "rosa", "reviewer")
    draft_id = desk.draft("L-1", "Your technician came late and left early.", channel="google_play", rating=2)
    page.goto(f"{desk.url}/review")
    page.click("#log-in")
    page.fill("#name", "rosa")
    page.fill("#password", "not this")
    page.press("#password", "Enter")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    page.fill("#name", "rosa")
    page.fill("#password", password)
    page.press("#password", "Enter")
    expect(page.locator("body")).to_have_attribute("data-state", "signed-in")
    expect(page.locator("#me")).to_contain_text("rosa")
    page.locator(f'.row[data-draft="{draft_id}"]').click()
    expect(page.locator("#pane-draft .letter")).to_be_visible()
    page.keyboard.press("c")
    token = desk.token("reviewer")
    expect(page.locator(f'.row[data-draft="{draft_id}"]')).to_contain_text("held by you")
    assert desk.ask("GET", f"/v1/reviews/{draft_id}", token)["claimed_by"] == "rosa"
    page.click("#sign-out")
    expect(page.locator("#sign-in")).to_be_visible()
    page.reload()
    expect(page.locator("#sign-in")).to_be_visible()


def test_a_token_that_is_faster_than_the_question_for_a_cookie_is_not_thrown_away(desk: Desk, seen: Seen) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:  # playwright writes on its handlers: a method of a list takes none
        held.append(route)

    seen.page.route("**/v1/session", hold)
    desk.sign_in(seen.page, "/review", desk.token("reviewer"))
    with seen.page.expect_response("**/v1/session"):
        held[0].continue_()
    seen.page.keyboard.press("?")
    expect(seen.page.locator("#keys")).to_be_visible()
    expect(seen.page.locator("body")).to_have_attribute("data-state", "signed-in")
