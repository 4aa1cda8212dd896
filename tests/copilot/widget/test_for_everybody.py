"""The widget for everybody: no violation that axe-core finds, both themes, narrow, zoomed, in two languages, still."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.copilot.service.conftest import Seen, seen
from tests.copilot.widget.calls import call_named
from tests.copilot.widget.conftest import Desk, Widget

__all__ = ["seen"]

pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page: rule, and where."""
    page.evaluate(f"() => {{ const exports = undefined; const module = undefined; {AXE} }}")
    found = page.evaluate(
        """async () => (await axe.run()).violations.map(
            ({ id, nodes }) => [id, nodes.map(({ target }) => target.join(" "))],
        )"""
    )
    return [f"{rule}: {places[:3]}" for rule, places in found]


def everything_open(desk: Desk, widget: Widget, told_as: str) -> None:
    """A call in its middle with everything unfolded that can be."""
    desk.play(call_named("demo-01-price-save", told_as), slice(0, 24))
    widget.open(told_as)
    expect(widget.find(".card.offer")).to_be_visible()
    widget.find(".card.offer [data-key=x]").click()
    for part in ("growing", "search", "money", "work"):
        widget.find(f"#{part} > summary").click()
    widget.find("[name=past_due]").fill("120.50")
    widget.find(".money .main").click()
    expect(widget.find(".money output")).to_be_visible()
    expect(widget.find("#work [name=route]")).to_be_visible()
    widget.page.keyboard.press("d")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_while_a_call_runs_and_after_it(desk: Desk, widget: Widget, theme: str) -> None:
    widget.page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
    everything_open(desk, widget, f"axe-{theme}")
    widget.set(theme=theme)
    assert violations(widget.page) == []
    desk.end(f"axe-{theme}")
    widget.state("ended")
    widget.find("#edit-note").click()
    assert violations(widget.page) == []
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("?")
    expect(widget.find("dialog")).to_be_visible()
    assert violations(widget.page) == []
    assert [line for line in widget.complaints if "409" not in line] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_demo_and_the_frame(desk: Desk, seen: Seen, theme: str) -> None:
    seen.page.emulate_media(reduced_motion="reduce", color_scheme="dark" if theme == "dark" else "light")
    seen.page.goto(f"{desk.url}/demo")
    seen.play("demo-12-legal-threat")
    seen.state("ended")
    assert violations(seen.page) == []
    seen.page.goto(f"{desk.url}/widget")
    expect(seen.page.locator(".state")).to_have_text("No call is open.")
    assert violations(seen.page) == []


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways_when_narrow_or_zoomed(desk: Desk, widget: Widget, width: int) -> None:
    """640 pixels at twice the size of letters stand for 200 % zoom of 1280."""
    widget.page.set_viewport_size({"width": width, "height": 640})
    if width == 640:
        widget.page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; })"
        )
    everything_open(desk, widget, f"narrow-{width}")
    assert widget.page.evaluate("document.documentElement.scrollWidth") == width
    too_wide = widget.find(".scroller").evaluate(
        """(box) => {
            const edge = box.getBoundingClientRect().right + 1;
            const wide = (each) => each.getBoundingClientRect().right > edge && !each.closest(".table");
            return [...box.querySelectorAll("*")].filter(wide).map((each) => each.className || each.localName);
        }"""
    )
    assert too_wide == []


def test_theme_density_and_language_follow_the_attributes_and_the_keys(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-21-cancel-california", "looks"), slice(0, 4))
    widget.page.emulate_media(color_scheme="light")
    widget.open("looks")
    ground = "(widget) => getComputedStyle(widget.shadowRoot.querySelector('.box')).backgroundColor"
    light = widget.page.locator("retention-copilot").evaluate(ground)
    widget.find("#sidebar-scroller").focus()
    widget.page.keyboard.press("l")
    assert widget.page.locator("retention-copilot").evaluate(ground) != light
    before = widget.find(".alert").first.bounding_box()
    widget.page.keyboard.press("v")
    after = widget.find(".alert").first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] < before["height"]
    widget.set(lang="es")
    expect(widget.find(".state")).to_have_text("Siguiendo la llamada.")
    expect(widget.find("#money summary")).to_contain_text("Dinero")
    expect(widget.find(".box")).to_have_attribute("lang", "es")


def test_the_interface_speaks_the_language_of_the_call_unless_it_is_told_otherwise(desk: Desk, widget: Widget) -> None:
    desk.play(call_named("demo-06-disputa-es", "en-espanol"), end=True)
    widget.page.goto(f"{desk.host}/?call=en-espanol")
    widget.state("ended")
    expect(widget.find("#note-title")).to_have_text("Nota de la cuenta")
    expect(widget.find("#edit-note")).to_contain_text("Editar la nota")


def test_nothing_moves_for_those_who_want_it_still(desk: Desk, widget: Widget) -> None:
    widget.page.emulate_media(reduced_motion="reduce")
    desk.play(call_named("demo-21-cancel-california", "still"), slice(0, 4))
    widget.open("still")
    expect(widget.find(".alert").first).to_have_css("animation-name", "none")
    moving = widget.find(".state").evaluate("(line) => getComputedStyle(line, '::before').animationName")
    assert moving == "none"


def test_every_button_and_field_has_a_name(desk: Desk, widget: Widget) -> None:
    everything_open(desk, widget, "names")
    snapshot = widget.page.locator("retention-copilot").aria_snapshot()
    assert not re.search(r"- (button|textbox|searchbox|combobox|checkbox)(:|$)", snapshot, re.MULTILINE)
