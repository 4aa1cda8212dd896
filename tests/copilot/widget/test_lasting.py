"""What happens to the widget when the server dies, the line drops, the token ends, or the same call is open twice."""

import pytest
from playwright.sync_api import expect

from tests.copilot.widget.calls import call_named
from tests.copilot.widget.conftest import Desk, Widget

pytestmark = pytest.mark.browser


def card_ids(widget: Widget) -> list[str]:
    ids: list[str] = widget.find(".card").evaluate_all("cards => cards.map((card) => card.dataset.cardId)")
    return ids


def test_a_killed_server_costs_no_card_and_doubles_none(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-01-price-save", "killed")
    desk.play(call, slice(0, 9))
    widget.open("killed")
    expect(widget.find(".card").first).to_be_visible()
    desk.kill()
    widget.state("reconnecting")
    expect(widget.find(".state")).to_contain_text("What you see stays")
    widget.find(".acts [data-key=c]").first.click()
    expect(widget.find(".copy-said").first).to_have_text("Copied")
    desk.start()
    for said in call["turns"][9:]:
        desk.send("killed", said)
    desk.end("killed")
    widget.state("ended")
    seqs = [event["seq"] for event in widget.heard("event")]
    assert seqs == list(range(1, seqs[-1] + 1))
    assert len(card_ids(widget)) == len(set(card_ids(widget)))
    widget.page.reload()
    widget.state("ended")
    assert [event["seq"] for event in widget.heard("event")] == seqs


def test_a_line_that_drops_is_told_as_such_and_what_was_missed_comes(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-21-cancel-california", "offline")
    desk.play(call, slice(0, 1))
    widget.open("offline")
    widget.page.context.set_offline(True)
    widget.state("offline")
    expect(widget.find(".state")).to_contain_text("This computer is offline. What you see stays")
    for said in call["turns"][1:4]:
        desk.send("offline", said)
    widget.page.context.set_offline(False)
    widget.state("live")
    expect(widget.find(".alert").first).to_contain_text("California")
    seqs = [event["seq"] for event in widget.heard("event")]
    assert seqs == sorted(set(seqs))


def test_two_windows_show_the_same_and_what_one_does_the_other_takes_up(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-01-price-save", "twice"), slice(0, 14))
    widget.open("twice")
    other = Widget(widget.page.context.new_page(), desk).open("twice")
    expect(other.find(".card.offer")).to_be_visible()
    assert card_ids(widget) == card_ids(other)
    widget.find(".card.offer [data-key='+']").click()
    expect(other.find(".card.offer [data-key='+']")).to_have_attribute("aria-pressed", "true")
    other.find(".card.offer [data-key=x]").click()
    other.find(".whys [data-key='2']").click()
    expect(widget.find(".card.offer")).to_have_count(0)
    desk.end("twice")
    widget.state("ended")
    other.state("ended")
    widget.find("#edit-note").click()
    widget.find(".edit textarea").fill("Mine alone.")
    other.find(".sign .main").click()
    expect(other.find(".signed")).to_have_text("signed by Kim Lee")
    widget.find(".edit .main").click()
    expect(widget.find(".edit .weak-line")).to_contain_text("changed elsewhere meanwhile")
    assert widget.find(".edit textarea").input_value() == "Mine alone."
    widget.find(".edit").get_by_text("Cancel").click()
    expect(widget.find(".signed")).to_have_text("signed by Kim Lee")


def test_a_token_that_ends_is_replaced_by_the_host_and_nothing_is_lost(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-01-price-save", "renewed")
    desk.play(call, slice(0, 3))
    widget.open("renewed")
    expect(widget.page.locator("#told")).to_be_attached()
    widget.page.locator("retention-copilot").evaluate("(copilot) => { copilot.token = 'rcw_ended'; }")
    desk.kill()
    widget.state("reconnecting")
    desk.start()
    widget.page.wait_for_function(
        "() => window.heard.some(({ name, detail }) => name === 'error' && detail.status === 401)"
    )
    widget.state("live")
    desk.send("renewed", call["turns"][3])
    widget.page.wait_for_function("() => window.heard.some(({ detail }) => detail?.body?.turn_id === 't4')")
    seqs = [event["seq"] for event in widget.heard("event")]
    assert seqs == sorted(set(seqs))


def test_without_a_call_or_a_token_it_says_what_it_waits_for(desk: Desk, widget: Widget) -> None:
    desk.announce("waiting", language="en")
    widget.page.route("**/token", lambda route: route.abort())
    widget.page.goto(f"{desk.host}/?call=waiting")
    widget.state("waiting")
    expect(widget.find(".state")).to_have_text("Waiting to be signed in.")
    expect(widget.find("#no-cards")).to_contain_text("Cards come when the call needs them.")
    widget.page.locator("retention-copilot").evaluate("(copilot) => copilot.removeAttribute('call')")
    widget.state("idle")


def test_a_call_nobody_knows_is_said_so(desk: Desk, widget: Widget) -> None:
    token = desk.headers["Authorization"].removeprefix("Bearer ")
    widget.page.route("**/token", lambda route: route.fulfill(json={"token": token}))
    widget.page.goto(f"{desk.host}/?call=nobody")
    widget.state("error")
    expect(widget.find(".state")).to_contain_text("nobody")


def test_an_element_that_leaves_the_page_stops_listening_and_may_come_back(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-01-price-save", "leaving"), slice(0, 3))
    widget.open("leaving")
    cards = card_ids(widget)
    streams: list[str] = []
    widget.page.on("request", lambda asked: streams.append(asked.url) if asked.url.endswith("/events") else None)
    widget.page.locator("retention-copilot").evaluate(
        "(copilot) => { Object.assign(window, { kept: copilot, place: copilot.parentNode }); copilot.remove(); }"
    )
    desk.send("leaving", call_named("demo-01-price-save", "leaving")["turns"][3])
    widget.page.wait_for_timeout(300)
    assert streams == []
    widget.page.evaluate("() => window.place.append(window.kept)")
    widget.state("live")
    expect(widget.find(f".card[data-card-id='{cards[0]}']")).to_be_visible()
    assert len(streams) == 1


def test_a_shift_of_many_calls_leaves_nothing_behind(desk: Desk, widget: Widget) -> None:
    """Elements, listeners and memory after the twelfth call are those after the fourth, give or take a little."""
    names = [f"shift-{number}" for number in range(12)]
    for name in names:
        desk.play(call_named("demo-01-price-save", name), slice(0, 20), end=True)
    token = desk.headers["Authorization"].removeprefix("Bearer ")
    widget.page.route("**/token", lambda route: route.fulfill(json={"token": token}))
    widget.page.goto(f"{desk.host}/?call={names[0]}")
    meter = widget.page.context.new_cdp_session(widget.page)
    meter.send("Performance.enable")
    figures: list[dict[str, float]] = []
    for name in names:
        widget.set(call=name)
        widget.page.wait_for_function(
            """(call) => window.heard.some(
                ({ detail }) => detail?.type === "note.updated" && detail.body.call_id === call
            )""",
            arg=name,
        )
        widget.state("ended")
        widget.page.wait_for_timeout(400)
        widget.page.evaluate("() => { window.heard = []; }")
        meter.send("HeapProfiler.collectGarbage")
        told = meter.send("Performance.getMetrics")["metrics"]
        figures.append({each["name"]: each["value"] for each in told})
    early, late = figures[3], figures[-1]
    for what in ("Nodes", "JSEventListeners", "JSHeapUsedSize"):
        assert late[what] <= early[what] * 1.2, (what, [each[what] for each in figures])
