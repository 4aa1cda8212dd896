"""The demo page in a real browser over a real server: it plays, it survives, and it shows words as words."""

import json
import re

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Route, expect

from copilot.service import create_app
from copilot.wiring import Parts
from knowledge.pack import PACKS
from tests.copilot.service.conftest import DemoServer, Seen

CALLS = [json.loads(line) for line in (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def local(parts: Parts) -> TestClient:
    return TestClient(create_app(parts, is_demo=True), base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_the_page_lets_no_foreign_script_run_and_its_token_is_not_kept(local: TestClient) -> None:
    headers = local.get("/demo").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert (policy["connect-src"], policy["frame-ancestors"]) == ("'self'", "'none'")
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_a_foreign_name_that_points_at_this_machine_gets_no_token(local: TestClient) -> None:
    answer = local.get("/demo", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert "rc_" not in answer.text


def test_only_the_files_of_the_page_are_served(local: TestClient) -> None:
    assert local.get("/demo/assets/demo.js").headers["x-content-type-options"] == "nosniff"
    assert [local.get(f"/demo/assets/{name}").status_code for name in ("demo.html", "..%2fdemo.py", "x")] == [404] * 3


def test_calls_are_listed_by_the_titles_of_the_pack(local: TestClient) -> None:
    assert [call["title"] for call in local.get("/demo/calls").json()] == [call["title"] for call in CALLS]


@pytest.mark.browser
def test_the_page_loads_without_complaint_and_says_what_to_do(demo: DemoServer, seen: Seen) -> None:
    seen.page.goto(f"{demo.url}/demo")
    seen.state("empty")
    expect(seen.page.locator("#status")).to_have_text("Choose a call and press Play.")
    expect(seen.page.locator("#call option")).to_have_count(len(CALLS))
    assert seen.complaints == []


@pytest.mark.browser
def test_a_whole_call_plays_with_alert_script_and_note(demo: DemoServer, seen: Seen) -> None:
    call = next(call for call in CALLS if call["call_id"] == "demo-12-legal-threat")
    seen.page.goto(f"{demo.url}/demo")
    seen.play(call["call_id"])
    seen.state("ended")
    assert seen.turn_ids() == [turn["turn_id"] for turn in call["turns"]]
    expect(seen.page.locator("#alerts .alert").first).to_contain_text("Alert: Critical")
    expect(seen.page.locator("#cards .card.script blockquote").first).not_to_be_empty()
    expect(seen.page.locator("#note .note-text")).to_contain_text("Reason:")
    assert seen.complaints == []


@pytest.mark.browser
def test_a_statement_of_the_note_sets_off_the_turns_it_names(demo: DemoServer, seen: Seen) -> None:
    seen.page.goto(f"{demo.url}/demo")
    seen.play("demo-12-legal-threat")
    seen.state("ended")
    link = seen.page.locator("#note .statement .turn-link").first
    link.focus()
    named = re.findall(r"\d+", link.inner_text())
    marked = seen.page.locator(".turn.marked .number").all_inner_texts()
    assert named
    assert marked == sorted(named, key=int)


@pytest.mark.browser
def test_a_spanish_call_has_spanish_labels(demo: DemoServer, seen: Seen) -> None:
    seen.page.goto(f"{demo.url}/demo")
    seen.play("demo-06-disputa-es")
    seen.state("ended")
    expect(seen.page.locator(".turn.customer .speaker").first).to_have_text("Cliente")
    expect(seen.page.locator("#note-title")).to_have_text("Nota de la cuenta")
    assert seen.complaints == []


@pytest.mark.browser
def test_hostile_words_are_shown_as_words_and_break_no_layout(demo: DemoServer, seen: Seen) -> None:
    hostile = [
        "<img src=x onerror=alert(1)> I want to cancel my internet",
        "</p></main><script>document.title = 'taken'</script>",
        "\u202eI want to leave\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
        "w" * 10_000,
    ]
    demo.announce("hostile", language="en")
    demo.say("hostile", *hostile)
    demo.end("hostile")
    seen.page.set_viewport_size({"width": 320, "height": 640})
    seen.page.goto(f"{demo.url}/demo#call=hostile")
    seen.state("ended")
    assert seen.page.locator(".turn .said").all_text_contents() == hostile
    assert seen.page.locator("main img, main script").count() == 0
    assert seen.page.title() == "Retention Copilot – demo"
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 320
    assert seen.complaints == []


@pytest.mark.browser
def test_a_killed_and_restarted_server_loses_and_doubles_nothing(demo: DemoServer, seen: Seen) -> None:
    demo.announce("cut", language="en")
    demo.say("cut", "hello", "I want to cancel my internet", "and my card is 4111 1111 1111 1111")
    seen.page.goto(f"{demo.url}/demo#call=cut")
    expect(seen.page.locator(".turn")).to_have_count(3)
    cards = seen.page.locator(".card").count()
    demo.kill()
    seen.state("reconnecting")
    demo.start()
    demo.say("cut", "are you still there", "good", first=4)
    seen.state("playing")
    demo.end("cut")
    seen.state("ended")
    assert seen.turn_ids() == ["t1", "t2", "t3", "t4", "t5"]
    expect(seen.page.locator(".mask").first).to_have_text("[CARD]")
    card_ids = seen.page.locator(".card").evaluate_all("cards => cards.map(card => card.dataset.cardId)")
    assert len(card_ids) == len(set(card_ids)) >= cards >= 1


@pytest.mark.browser
def test_a_reader_who_has_scrolled_back_is_left_where_they_are(demo: DemoServer, seen: Seen) -> None:
    demo.announce("long", language="en")
    demo.say("long", *(f"this is line {number} of a long story" for number in range(1, 31)))
    seen.page.goto(f"{demo.url}/demo#call=long")
    expect(seen.page.locator(".turn").last).to_be_in_viewport()
    seen.page.locator("#turns-scroller").evaluate("scroller => { scroller.scrollTop = 0; }")
    demo.say("long", "and this is the last line", first=31)
    expect(seen.page.locator("#to-end")).to_be_visible()
    assert seen.page.locator("#turns-scroller").evaluate("scroller => scroller.scrollTop") == 0
    seen.page.click("#to-end")
    expect(seen.page.locator(".turn").last).to_be_in_viewport()


@pytest.mark.browser
def test_a_call_nobody_knows_is_said_so(demo: DemoServer, seen: Seen) -> None:
    seen.page.goto(f"{demo.url}/demo#call=nobody")
    seen.state("error")
    expect(seen.page.locator("#status")).to_contain_text("The server does not know this call.")


@pytest.mark.browser
def test_a_token_that_holds_no_longer_asks_for_a_reload(demo: DemoServer, seen: Seen) -> None:
    def with_old_token(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"rc_[\w-]+", "rc_old", answer.text()))

    seen.page.route("**/demo", with_old_token)
    seen.page.goto(f"{demo.url}/demo")
    seen.play("demo-12-legal-threat")
    seen.state("error")
    expect(seen.page.locator("#status")).to_contain_text("Reload the page")
    expect(seen.page.locator("#retry")).to_have_text("Reload")


@pytest.mark.browser
def test_events_cut_anywhere_are_put_together_again(demo: DemoServer, seen: Seen) -> None:
    seen.page.goto(f"{demo.url}/demo")
    whole = ': ping\n\nevent: a\ndata: {"seq":1}\nid: 1\n\nevent: b\r\ndata: {"seq":\r\ndata: 2}\r\nid: 2\r\n\r\n'
    stream = whole + 'data: {"seq"'
    found = seen.page.evaluate(
        """async (stream) => {
            const { EventParser } = await import("/demo/assets/stream.js");
            return Array.from({ length: stream.length + 1 }, (_, cut) => {
                const seen = [];
                const parser = new EventParser((event) => seen.push(event.seq));
                parser.feed(stream.slice(0, cut));
                parser.feed(stream.slice(cut));
                return seen;
            });
        }""",
        stream,
    )
    assert found == [[1, 2]] * (len(stream) + 1)
