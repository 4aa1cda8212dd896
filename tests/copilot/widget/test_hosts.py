"""The example apps for helpdesks, run as they are, with the helpdesk's own side played by the test."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.copilot.widget.calls import call_named
from tests.copilot.widget.conftest import Desk, Widget

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).parents[3] / "docs" / "embedding"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}

# What Zendesk's script gives an app: the settings, the ticket, a proxy that puts the secret in, and the reply box.
ZENDESK = """
window.appended = [];
window.ZAFClient = { init: () => ({
  metadata: async () => ({ settings: { copilot_url: "$copilot", call_field: "ticket.externalId" } }),
  get: async () => ({ "ticket.externalId": "$call", currentUser: { name: "Kim Lee" } }),
  invoke: async (name, text) => window.appended.push([name, text]),
  request: async ({ url, type, headers, data, secure }) => {
    if (!secure || !headers.Authorization.includes("{{setting.copilot_token}}")) throw new Error("not by the proxy");
    const authorization = headers.Authorization.replace("{{setting.copilot_token}}", "$token");
    const typed = { Authorization: authorization, "Content-Type": "application/json" };
    return (await fetch(url, { method: type, body: data, headers: typed })).json();
  },
}) };
"""
CHATWOOT = """
<!doctype html><title>A helpdesk</title><iframe id="app" src="$app" style="width: 600px; height: 700px"></iframe>
<script>
  window.addEventListener("message", ({ data, origin, source }) => {
    if (data !== "chatwoot-dashboard-app:fetch-info") return;
    const context = { conversation: { id: 7 }, contact: {}, currentAgent: { name: "Kim Lee" } };
    source.postMessage(JSON.stringify({ event: "appContext", data: context }), "*");
  });
</script>
"""


def serve(page: Page, desk: Desk, folder: str, replaced: dict[str, str]) -> None:
    """Give out the files of an example below the host's origin, with the addresses of this test in them."""

    def answer(route: Route) -> None:
        file = EXAMPLES / folder / urlsplit(route.request.url).path.removeprefix(f"/{folder}/")
        text = file.read_text("utf-8")
        for written, real in replaced.items():
            text = text.replace(written, real)
        route.fulfill(body=text, content_type=TYPES[file.suffix])

    page.route(f"{desk.host}/{folder}/**", answer)


def test_the_zendesk_app_shows_the_call_of_the_ticket_and_puts_the_signed_note_into_the_reply(
    desk: Desk, widget: Widget
) -> None:
    page = widget.page
    desk.play(call_named("demo-01-price-save", "zendesk-call"), end=True)
    serve(page, desk, "zendesk", {})
    token = desk.headers["Authorization"].removeprefix("Bearer ")
    script = ZENDESK.replace("$copilot", desk.url).replace("$call", "zendesk-call").replace("$token", token)
    page.route("https://static.zdassets.com/**", lambda route: route.fulfill(body=script, content_type=TYPES[".js"]))
    page.goto(f"{desk.host}/zendesk/assets/iframe.html")
    widget.state("ended")
    widget.find(".sign .main").click()
    expect(widget.find(".signed")).to_have_text("signed by Kim Lee")
    ((name, text),) = page.evaluate("window.appended")
    assert name == "comment.appendText"
    assert text.startswith("Reason: Cancellation.")
    assert widget.complaints == []


def test_the_chatwoot_app_shows_the_conversation_its_parent_names_and_listens_to_nobody_else(
    desk: Desk, widget: Widget
) -> None:
    page = widget.page
    desk.play(call_named("demo-21-cancel-california", "chatwoot-7"), slice(0, 4))
    chatwoot = "https://app.chatwoot.example"
    serve(page, desk, "chatwoot", {"https://copilot.example.com": desk.url})
    app = f"{desk.host}/chatwoot/index.html"
    outside = CHATWOOT.replace("$app", app)
    page.route(f"{chatwoot}/**", lambda route: route.fulfill(body=outside, content_type="text/html"))
    page.goto(f"{chatwoot}/app")
    inner = page.frame_locator("#app")
    expect(inner.locator(".alert").first).to_contain_text("California")
    frame = next(each for each in page.frames if each.url == app)
    told = json.dumps({"event": "appContext", "data": {"conversation": {"id": 8}}})
    frame.evaluate("(told) => window.postMessage(told, '*')", told)
    page.wait_for_timeout(200)
    assert frame.evaluate("document.querySelector('retention-copilot').getAttribute('call')") == "chatwoot-7"


def test_the_manifest_of_the_zendesk_app_names_files_that_are_there() -> None:
    manifest = json.loads((EXAMPLES / "zendesk" / "manifest.json").read_text("utf-8"))
    assert (EXAMPLES / "zendesk" / manifest["location"]["support"]["ticket_sidebar"]["url"]).is_file()
    words = json.loads((EXAMPLES / "zendesk" / "translations" / "en.json").read_text("utf-8"))
    assert set(words["app"]["parameters"]) == {each["name"] for each in manifest["parameters"]}
    assert {each["name"] for each in manifest["parameters"] if each.get("secure")} == {"copilot_token"}
