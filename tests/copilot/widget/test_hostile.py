"""Words of callers and documents are words: markup, directions, very long ones, and the pages around the widget."""

import pytest
from playwright.sync_api import expect

from tests.copilot.widget.calls import call_named
from tests.copilot.widget.conftest import Desk, Widget

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=\"document.title='taken'\"> I want to cancel my internet, it is too expensive",
    "</p><script>document.title = 'taken'</script> my attorney will call you",
    "\u202eI want to cancel\u202c שלום مرحبا, I will sue you",
    "👩‍👩‍👧‍👦🏳️‍🌈 I will file a complaint with the FCC 🤬",
    "I filed bankruptcy, talk to my attorney " + "w" * 10_000,
)


def test_hostile_words_are_shown_as_words_at_320_pixels(desk: Desk, widget: Widget) -> None:
    desk.announce("hostile", language="en", customer_id="C-1001")
    desk.say("hostile", *HOSTILE)
    widget.page.set_viewport_size({"width": 320, "height": 640})
    widget.open("hostile")
    expect(widget.find(".alert").first).to_be_visible()
    desk.end("hostile")
    widget.state("ended")
    for alert in widget.find(".alert summary").all():
        alert.click()
    for link in widget.find(".alert .turn-link").all():
        link.click()
    heard = " ".join(widget.find(".heard").all_text_contents())
    assert [said for said in HOSTILE if said not in heard] == []
    inside = "(widget) => [...widget.shadowRoot.querySelectorAll('img, script, iframe, object, link, style')].length"
    assert widget.page.locator("retention-copilot").evaluate(inside) == 0
    assert widget.page.title() == "A desk with the copilot"
    assert widget.page.evaluate("document.documentElement.scrollWidth") == 320
    assert widget.find(".scroller").evaluate("(box) => box.scrollWidth - box.clientWidth") <= 0
    assert widget.complaints == []


def test_the_style_of_the_page_does_not_reach_in_and_that_of_the_widget_not_out(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-21-cancel-california", "style"), slice(0, 4))
    widget.open("style")
    expect(widget.find(".alert").first).to_be_visible()
    widget.page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("* { color: rgb(255, 0, 0) !important; font-size: 40px } p { display: none !important }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    expect(widget.find(".alert .kind").first).to_be_visible()
    expect(widget.find(".state")).not_to_have_css("color", "rgb(255, 0, 0)")
    expect(widget.page.locator("main")).not_to_have_css("display", "grid")


def test_a_frame_takes_its_call_from_its_parent_alone(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-21-cancel-california", "framed"), slice(0, 4))
    page = widget.page
    page.goto(f"{desk.host}/frame.html?call=framed")
    frame = page.frame_locator("#copilot")
    expect(frame.locator(".alert").first).to_contain_text("California")
    expect(frame.locator(".box")).to_have_attribute("data-state", "live")
    inner = next(each for each in page.frames if each.url.startswith(desk.url))
    assert "token" not in inner.url
    inner.evaluate("window.postMessage({ type: 'copilot-open', call: 'other', token: 'x' }, '*')")  # from itself
    page.wait_for_timeout(200)
    assert inner.evaluate("document.querySelector('retention-copilot').getAttribute('call')") == "framed"
    desk.end("framed")
    frame.locator(".sign .main").click()
    expect(page.locator("#told")).to_have_text("Signed by Kim Lee")


def test_a_page_of_another_origin_may_not_frame_it_nor_call(desk: Desk, widget: Widget) -> None:
    desk.announce("foreign", language="en")
    page = widget.page
    foreign = desk.host.replace("127.0.0.1", "localhost")  # the same server by another name: another origin
    page.goto(f"{foreign}/frame.html?call=foreign")
    page.wait_for_timeout(500)
    assert page.frame_locator("#copilot").locator("retention-copilot").count() == 0
    assert any("frame-ancestors" in line for line in widget.complaints)
    page.goto(f"{foreign}/?call=foreign")
    expect(widget.find(".box")).to_have_attribute("data-state", "reconnecting")


def test_a_token_behind_the_number_sign_is_wiped_from_the_address(desk: Desk, widget: Widget) -> None:
    desk.announce("fragment", language="en")
    token = desk.headers["Authorization"].removeprefix("Bearer ")
    widget.page.goto(f"{desk.url}/widget?call=fragment#token={token}")
    widget.state("live")
    assert token not in widget.page.url
    assert token not in widget.page.content()


def test_patterns_of_origins_match_whole_names(desk: Desk, widget: Widget) -> None:
    widget.page.goto(f"{desk.url}/widget")
    found = widget.page.evaluate(
        """async () => {
            const { isAllowed } = await import("/widget/frame.js");
            const patterns = ["https://a.example", "https://*.b.example"];
            return ["https://a.example", "https://x.b.example", "https://b.example", "https://evilb.example",
                    "http://x.b.example", "https://a.example.evil.example", "null"]
                .map((origin) => isAllowed(origin, patterns));
        }"""
    )
    assert found == [True, True, False, False, False, False, False]
