"""The review console in a real browser over a real server: by keyboard, in company, with hostile words."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.copilot.consoles.conftest import HOSTILE, Desk
from tests.copilot.service.conftest import Seen

pytestmark = pytest.mark.browser

BETTER = "We are sorry that you have had no service. Please send us a direct message; our care team answers today."
POST = "My internet has been down for three days and nobody answers. I am done with you."


def _open(page: Page, draft_id: str) -> None:
    page.locator(f'.row[data-draft="{draft_id}"]').click()
    expect(page.locator("#pane-draft .letter")).to_be_visible()


def _item(desk: Desk, token: str, draft_id: str) -> Any:
    return desk.ask("GET", f"/v1/reviews/{draft_id}", token)


def test_a_wrong_token_is_told_and_nothing_is_shown(desk: Desk, seen: Seen) -> None:
    seen.page.goto(f"{desk.url}/review")
    seen.page.fill("#token", "rc_not-a-token")
    seen.page.press("#token", "Enter")
    expect(seen.page.locator("#status")).to_contain_text("not known")
    expect(seen.page.locator("#queue-view")).to_be_hidden()


def test_an_agent_is_told_that_it_takes_a_reviewer(desk: Desk, seen: Seen) -> None:
    seen.page.goto(f"{desk.url}/review")
    seen.page.fill("#token", desk.token("agent"))
    seen.page.press("#token", "Enter")
    expect(seen.page.locator("#status")).to_contain_text("it takes 'reviewer'")


def test_a_complaint_is_edited_with_live_checks_and_approved_by_keyboard(desk: Desk, seen: Seen) -> None:
    token, page = desk.token("reviewer"), seen.page
    first = desk.draft("K-1", POST, channel="x")
    second = desk.draft("K-2", "Your app lost my bill again.", channel="google_play", rating=2)
    desk.sign_in(page, "/review", token)
    page.keyboard.press("j")
    expect(page.locator(".row[aria-current]")).to_have_count(1)
    for _ in range(10):
        if page.locator(f'.row[data-draft="{first}"][aria-current]').count():
            break
        page.keyboard.press("j")
        page.wait_for_timeout(300)
    expect(page.locator(f'.row[data-draft="{first}"]')).to_have_attribute("aria-current", "true")

    page.keyboard.press("e")
    box = page.locator("#edit-text")
    expect(box).to_be_focused()
    expect(page.locator("#edit-count")).to_contain_text("of 280 weighted characters")
    box.fill(box.input_value() + " " + "a" * 300)
    expect(page.locator("#edit-count")).to_contain_text("too many")
    expect(page.locator("#pane-checks .blocking")).to_contain_text(["Fits the channel"])
    box.fill(BETTER)
    expect(page.locator("#edit-count")).not_to_contain_text("too many")
    expect(page.locator("#changes ins").first).to_be_attached()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#edit-problem")).to_have_text("Choose at least one reason.")
    page.locator("[name=edit-reason][value=tone]").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("Saved as version 2")

    page.keyboard.press("a")
    expect(page.locator("#status")).to_contain_text("Approved and on its way.")
    item = _item(desk, token, first)
    assert item["status"] in ("approved", "sent")
    assert [each["action"] for each in item["decisions"]] == ["edit", "approve"]
    assert item["text"].startswith("We are sorry that you have had no service.")
    expect(page.locator(f'.row[data-draft="{first}"]')).to_have_count(0)
    expect(page.locator(".row[aria-current]")).to_have_count(1)  # the next one is open already
    assert _item(desk, token, second)["status"] == "waiting"
    assert seen.complaints == []


def test_of_two_reviewers_who_want_the_same_draft_one_is_told(desk: Desk, seen: Seen, second: Page) -> None:
    draft_id = desk.draft("C-1", "You promised a call back and nothing happened.", channel="facebook")
    desk.sign_in(seen.page, "/review", desk.token("reviewer"))
    desk.sign_in(second, "/review", desk.token("reviewer"))
    _open(seen.page, draft_id)
    _open(second, draft_id)
    seen.page.keyboard.press("c")
    expect(seen.page.locator("#status")).to_contain_text("You hold it until")
    second.keyboard.press("c")
    expect(second.locator("#status")).to_contain_text("holds it")
    second.keyboard.press("a")
    expect(second.locator("#status")).to_contain_text("held by reviewer")


def test_a_draft_is_rejected_with_a_reason_and_escalated_to_somebody(desk: Desk, seen: Seen) -> None:
    token, page = desk.token("reviewer"), seen.page
    rejected = desk.draft("J-1", "Terrible service, I want an answer.", channel="facebook")
    escalated = desk.draft("J-2", "Nobody came to the appointment.", channel="facebook")
    desk.sign_in(page, "/review", token)
    _open(page, rejected)
    page.keyboard.press("r")
    page.locator("#choice-go").click()
    expect(page.locator("#choice-problem")).to_have_text("Choose at least one reason.")
    page.locator("[name=reason][value=issue_missed]").check()
    page.locator("#choice-go").click()
    expect(page.locator("#status")).to_contain_text("Rejected.")
    _open(page, escalated)
    page.keyboard.press("x")
    page.select_option("[name=to]", "fraud")
    page.locator("#choice-go").click()
    expect(page.locator("#status")).to_contain_text("Escalated.")
    assert _item(desk, token, rejected)["decisions"][0]["body"]["reasons"] == ["issue_missed"]
    assert _item(desk, token, escalated)["decisions"][0]["body"]["to"] == "fraud"


def test_a_sentence_lights_up_with_its_sources_and_the_history_is_there(desk: Desk, seen: Seen) -> None:
    draft_id = desk.draft("S-1", "You charged me a late fee of $10 twice in October.", channel="FCC", reference="78-1")
    desk.sign_in(seen.page, "/review", desk.token("reviewer"))
    _open(seen.page, draft_id)
    cited = seen.page.locator(".sentence.cited").first
    cited.click()
    lit = seen.page.locator(".source.lit")
    expect(lit.first).to_be_visible()
    name = cited.get_attribute("data-sentence")
    assert all(name in (each.get_attribute("data-sentences") or "").split() for each in lit.all())
    seen.page.keyboard.press("]")
    expect(seen.page.locator(".sentence.lit")).to_have_count(1)
    seen.page.keyboard.press("h")
    expect(seen.page.locator("#history tbody tr").first).to_contain_text("drafted")


def test_a_lost_answer_to_an_approval_sends_nothing_twice(desk: Desk, seen: Seen) -> None:
    token, page = desk.token("reviewer"), seen.page
    draft_id = desk.draft("L-1", "The technician was late and left early.", channel="facebook")
    desk.sign_in(page, "/review", token)
    _open(page, draft_id)
    asked: list[str] = []

    def lose_the_first(route: Any) -> None:
        asked.append(route.request.post_data_json["decision_id"])
        if len(asked) == 1:
            route.fetch()  # the server takes it, the answer is lost
            route.abort()
        else:
            route.continue_()

    page.route("**/decision", lose_the_first)
    page.keyboard.press("a")
    expect(page.locator("#status")).to_contain_text("does not answer")
    page.keyboard.press("a")
    expect(page.locator("#status")).to_contain_text("Approved and on its way.")
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert len(_item(desk, token, draft_id)["decisions"]) == 1


def test_a_key_that_is_held_or_pressed_twice_approves_no_draft_that_nobody_has_seen(desk: Desk, seen: Seen) -> None:
    token, page = desk.token("reviewer"), seen.page
    ids = [desk.draft(f"T-{n}", f"Number {n}: nobody answers.", channel="instagram") for n in (1, 2, 3)]
    desk.sign_in(page, "/review", token)
    page.select_option("#filter-channel", "instagram")
    expect(page.locator(".row")).to_have_count(3)
    page.locator(".row").first.click()
    expect(page.locator("#pane-draft .letter")).to_be_visible()
    for _ in range(4):
        page.keyboard.down("a")  # from the second on they are repeats
    page.keyboard.up("a")
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#status")).to_contain_text("Next:")
    page.keyboard.press("a")
    expect(page.locator("#status")).to_contain_text("Look at it first.")
    assert sorted(_item(desk, token, each)["status"] in ("approved", "sent") for each in ids) == [False, False, True]


def test_hostile_words_are_shown_as_words_at_every_width(desk: Desk, seen: Seen) -> None:
    token, page = desk.token("reviewer"), seen.page
    draft_id = desk.draft("<b>H-1</b>", HOSTILE, channel="facebook", author="<i>Ana</i>")
    text = f"Sorry. {HOSTILE}"
    edit = {
        "decision_id": "h-1",
        "version": 1,
        "action": "edit",
        "text": text,
        "reasons": ["tone"],
        "comment": "<u>x</u>",
    }
    desk.ask("POST", f"/v1/reviews/{draft_id}/decision", token, edit)
    page.set_viewport_size({"width": 320, "height": 700})
    desk.sign_in(page, "/review", token)
    _open(page, draft_id)
    assert page.locator("#pane-draft .letter").text_content() == text
    assert page.locator("#pane-item blockquote").text_content() == _item(desk, token, draft_id)["given"]["text"]
    expect(page.locator("#changes ins").first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#history")).to_contain_text("<u>x</u>")
    assert page.locator("main img, main script, main b, main i, main u").count() == 0
    assert page.title() == "Retention Copilot – review"
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert seen.complaints == []


def test_the_console_speaks_spanish_with_every_word(desk: Desk, seen: Seen) -> None:
    draft_id = desk.draft("ES-1", "Me cobraron dos veces y nadie me llamó.", channel="facebook", language="es")
    desk.sign_in(seen.page, "/review", desk.token("reviewer"))
    seen.page.select_option("#language", "es")
    _open(seen.page, draft_id)
    expect(seen.page.locator("#approve")).to_have_text("Aprobar y seguir (a)")
    assert seen.page.evaluate("document.documentElement.lang") == "es"
    paths = seen.page.evaluate(
        """async () => {
          const { WORDS } = await import("/console/review_words.js");
          const paths = (words, before) => Object.entries(words).flatMap(([key, value]) =>
            typeof value === "object" ? paths(value, `${before}${key}.`) : [`${before}${key}`]);
          return JSON.stringify([paths(WORDS.en, "").sort(), paths(WORDS.es, "").sort()]);
        }"""
    )
    english, spanish = json.loads(paths)
    assert english == spanish
    assert "undefined" not in seen.page.locator("body").inner_text()


def mark_all(page: Page, form: str) -> None:
    """Full marks for every item that always applies."""
    required = ".mark-line select[required]"
    for select in page.locator(f"#{form}-view {required}, #{form}-form {required}").all():
        select.select_option("1")


def test_a_score_is_given_with_proposals_taken_over(desk: Desk, seen: Seen) -> None:
    token, page = desk.token("reviewer"), seen.page
    draft_id = desk.draft("Q-1", "No answer for a week.", channel="facebook")
    approved = desk.draft("Q-2", "No answer for a month.", channel="facebook")
    approve = {"decision_id": "q-2", "version": 1, "action": "approve"}
    desk.ask("POST", f"/v1/reviews/{approved}/decision", token, approve)
    desk.sign_in(page, "/review", token)
    _open(page, draft_id)
    page.keyboard.press("s")
    expect(page.locator("#score-id")).to_have_value(draft_id)
    page.locator(".proposal button").first.click()
    page.locator("#score-agent").fill("agent 12345678")
    mark_all(page, "score")
    page.locator("#score-plain-words").select_option("0.5")
    page.locator("#score-plain-words-evidence").fill("per our policy")
    page.locator("#score-form button[type=submit]").click()
    expect(page.locator("#status")).to_contain_text("Score saved")
    expect(page.locator("#score-list tbody tr").first).to_contain_text("agent 12345678")
    page.locator("#score-edits summary").click()
    expect(page.locator("#score-edits")).to_contain_text("Words changed")


def test_calibration_reports_once_two_have_marked(desk: Desk, seen: Seen) -> None:
    page = seen.page
    desk.sign_in(page, "/review", desk.token("supervisor"))
    page.locator("#tab-calibration").click()
    names = page.eval_on_selector_all("#calibration-view .mark-line select", "all => all.map((one) => one.id)")
    marks = [{"item_id": name.removeprefix("calibration-"), "mark": 1} for name in names]
    for call in ("call-7", "call-8"):
        body = {"subject": "call", "subject_id": call, "marks": marks}
        desk.ask("POST", "/v1/quality/sessions/week-48/marks", desk.token("reviewer"), body)
    page.fill("#calibration-session", "week-48")
    page.locator("#calibration-report-button").click()
    expect(page.locator("#status")).to_contain_text("not closed")
    page.fill("#calibration-id", "call-7")
    mark_all(page, "calibration")
    page.locator("#calibration-view button[type=submit]").click()
    expect(page.locator("#status")).to_contain_text("Your marks are in")
    page.locator("#calibration-close-button").click()
    expect(page.locator("#calibration-report")).to_contain_text("too few")
    page.locator("#calibration-all-button").click()
    expect(page.locator("#calibration-report h2")).to_contain_text("All closed sessions")
