"""A whole call with the keyboard alone, in a page of another origin that lets no foreign style or markup in."""

import re

import pytest
from playwright.sync_api import expect

from tests.copilot.widget.calls import call_named
from tests.copilot.widget.conftest import Desk, Widget

pytestmark = pytest.mark.browser


def test_a_whole_call_by_keyboard_from_the_first_alert_to_the_signed_note(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-01-price-save", "by-keyboard")
    desk.play(call, slice(0, 14))
    widget.open("by-keyboard")
    press = widget.page.keyboard.press
    expect(widget.find(".card.offer")).to_contain_text("price lock")
    widget.find("#sidebar-scroller").focus()
    press("a")
    assert widget.focused() == "alerts"
    press("d")
    expect(widget.find(".offer .rule").first).to_contain_text("holds")
    assert "derivation" in str(widget.find(".offer details[open]").first.get_attribute("class"))
    press("s")
    press("c")
    expect(widget.find(".offer .copy-said")).to_have_text("Copied")
    assert widget.page.evaluate("navigator.clipboard.readText()").startswith("I can lock your price of $85.00 a month")
    for said in call["turns"][14:]:
        desk.send("by-keyboard", said)
    expect(widget.find("[data-chip=save]")).to_contain_text("attempt 1: accepted")
    desk.end("by-keyboard")
    widget.state("ended")
    press("n")
    assert widget.focused() == "note"
    press("e")
    expect(widget.find(".edit textarea")).to_be_focused()
    press("Control+End")
    widget.page.keyboard.type("\nCalled back: no.")
    press("Control+Enter")
    expect(widget.find(".note-text").first).to_contain_text("Called back: no.")
    expect(widget.find(".note-head")).to_contain_text("edited by Kim Lee")
    press("g")
    expect(widget.find("#sign-name")).to_have_value("Kim Lee")
    press("Enter")
    expect(widget.find(".signed")).to_have_text("signed by Kim Lee")
    expect(widget.page.locator("#told")).to_have_text(re.compile("Signed by Kim Lee: RET_CANCEL/SAVED"))
    assert [told["name"] for told in widget.heard("signed")] == ["Kim Lee"]
    assert widget.complaints == []


def test_a_card_is_pinned_rated_and_dismissed_with_a_reason_by_key(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-01-price-save", "keys"), slice(0, 14))
    widget.open("keys")
    offer = widget.find(".card.offer")
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("j")
    while "alert" in widget.focused():
        widget.page.keyboard.press("j")
    assert "offer" in widget.focused()
    widget.page.keyboard.press("p")
    expect(offer).to_have_class(re.compile("pinned"))
    widget.page.keyboard.press("+")
    expect(offer.locator('[data-key="+"]')).to_have_attribute("aria-pressed", "true")
    widget.page.keyboard.press("x")
    expect(offer.locator(".whys button").first).to_be_focused()
    widget.page.keyboard.press("3")
    expect(offer).to_have_count(0)
    (dismissed,) = widget.heard("dismissed")
    assert (dismissed["verdict"], dismissed["reason"]) == ("dismissed", "Said already")
    assert widget.complaints == []


def test_the_money_panel_is_filled_and_computed_from_the_number_pad(desk: Desk, widget: Widget) -> None:
    desk.announce("money", language="en")
    widget.open("money")
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("b")
    expect(widget.find("[name=past_due]")).to_be_focused()
    widget.page.keyboard.type("120,50")
    widget.page.keyboard.press("NumpadEnter")
    expect(widget.find(".money output")).to_have_text("$120.50")
    expect(widget.find(".money .to-say")).to_have_text("The total to restore the service is $120.50.")
    widget.find("#money [role=tab]").nth(2).click()
    for name, value in (("price", "80"), ("days", "10"), ("days_in_period", "30")):
        expect(widget.find(f"[name={name}]")).to_be_visible()
        widget.find(f"[name={name}]").focus() if name == "price" else None
        widget.page.keyboard.type(value)
        widget.page.keyboard.press("Enter")
    expect(widget.find(".money output")).to_have_text("$26.67")
    widget.find("#money [role=tab]").nth(1).click()
    widget.find("[name=total]").fill("not money")
    widget.find("[name=instalments]").fill("3")
    widget.page.keyboard.press("Enter")
    expect(widget.find(".money .weak-line")).to_contain_text("total")
    assert [line for line in widget.complaints if "422" not in line] == []


def test_keys_are_told_on_demand_can_be_switched_off_and_leave_typing_alone(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-21-cancel-california", "told-keys"), slice(0, 4))
    widget.open("told-keys")
    expect(widget.find(".alert").first).to_be_visible()
    widget.page.locator("#typing").focus()
    widget.page.keyboard.type("add x?")
    assert widget.page.locator("#typing").input_value() == "add x?"
    expect(widget.find("dialog")).to_be_hidden()
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("?")
    expect(widget.find("dialog")).to_contain_text("to the alerts")
    widget.page.get_by_label("Single keys are on").uncheck()
    widget.page.keyboard.press("Escape")
    widget.page.keyboard.press("a")
    assert widget.focused() != "alerts"


def test_nothing_takes_the_focus_from_the_page_while_a_call_goes_on(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-21-cancel-california", "no-theft")
    desk.play(call, slice(0, 2))
    widget.open("no-theft")
    widget.page.locator("#typing").focus()
    for said in call["turns"][2:]:
        desk.send("no-theft", said)
    desk.end("no-theft")
    widget.state("ended")
    expect(widget.find("#note")).to_be_visible()
    assert widget.focused() == "typing"
    expect(widget.find("#alerts")).to_have_attribute("aria-live", "polite")


def test_a_turn_brings_at_most_one_open_card(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-01-price-save", "one-a-turn")
    desk.announce("one-a-turn", language="en", customer_id="C-1001")
    widget.open("one-a-turn")
    most = 0
    shown = widget.find(".card:not(.second):not(:has(> .folded))")
    for said in call["turns"]:
        before = set(shown.evaluate_all("cards => cards.map((card) => card.dataset.cardId)"))
        desk.send("one-a-turn", said)
        expect(widget.page.locator("body")).to_be_visible()
        widget.page.wait_for_function(
            "(id) => window.heard.some(({ name, detail }) => name === 'event' && detail.body.turn_id === id)",
            arg=said["turn_id"],
        )
        fresh = set(shown.evaluate_all("cards => cards.map((card) => card.dataset.cardId)")) - before
        most = max(most, len(fresh))
    assert most == 1


def test_muted_cards_wait_and_alerts_still_come(desk: Desk, widget: Widget) -> None:
    call = call_named("demo-21-cancel-california", "muted")
    desk.play(call, slice(0, 1))
    widget.open("muted")
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("m")
    desk.send("muted", call["turns"][1])
    expect(widget.find(".alert").first).to_be_visible()
    expect(widget.find(".card").first).to_be_hidden()
    expect(widget.find(".muted-note")).to_contain_text("Muted")
    widget.page.keyboard.press("m")
    expect(widget.find(".card").first).to_be_visible()


def test_search_packet_and_follow_ups_are_at_hand(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-01-price-save", "at-hand"), slice(0, 28))
    widget.open("at-hand")
    expect(widget.find("#open")).to_contain_text("by email within the hour")
    expect(widget.find(".who")).to_have_text("Denise Okafor · C-1001")
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("/")
    widget.page.keyboard.type("what does restoring cost")
    widget.page.keyboard.press("Enter")
    expect(widget.find("#search .found").first).to_contain_text("valid from 20")
    desk.end("at-hand")
    widget.state("ended")
    widget.find("#work summary").first.click()
    widget.find("[name=route]").select_option("finance")
    widget.find("#work form button.main").click()
    expect(widget.find("#work .figures")).to_contain_text("I have the customer for you, verified.")
