"""What the demo page makes of the events of a running call, in a real browser."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from copilot.service import create_app
from copilot.settings import Settings
from copilot.store import Tokens
from copilot.wiring import open_parts
from knowledge.pack import PACKS
from tests.copilot.calls.records_desk import ASKS_BALANCE, records_pack
from tests.copilot.service.conftest import DemoServer, Seen

pytestmark = pytest.mark.browser

CALIFORNIA = next(
    call
    for call in map(json.loads, (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines())
    if call["call_id"] == "demo-21-cancel-california"
)
DISCLOSURE = "You may complete the cancellation at any time by saying so."
NO_SCRIPT: dict[str, Any] = {"doc_id": None, "steps": [], "also_open": []}
WORK: dict[str, Any] = {"agent": "", "caller": {}, "cases": [], "routes": [], "channels": [], "news": []}
NOTE = {"text": "Reason: a test", "language": "en", "reason": {"text": "A test", "turn_ids": []}}

Told = tuple[str, dict[str, Any]]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[TestClient]:
    pack = records_pack(tmp_path / "pack")
    parts = open_parts(Settings(data_dir=tmp_path / "data", embedder="none", pack=str(pack)), with_vectors=False)
    headers = {"Authorization": f"Bearer {Tokens(parts.engine).create('agent')}"}
    yield TestClient(create_app(parts), headers=headers)
    parts.close()


def tell(
    page: Page, url: str, told: str, *, call: Mapping[str, Any] | None = None, script: Any = NO_SCRIPT
) -> Callable[[str], None]:
    """Open the page on a call of which it is told this; what comes back tells it more, when it asks again."""
    waiting = [told]
    headers = {"content-type": "text/event-stream"}
    events = "**/v1/calls/told/events"
    page.route(events, lambda route: route.fulfill(headers=headers, body=waiting.pop(0) if waiting else ": ping\n\n"))
    page.route("**/v1/calls/told", lambda route: route.fulfill(json=call or {"save_attempts": None, "missing": []}))
    page.route("**/v1/calls/told/work", lambda route: route.fulfill(json=WORK))
    page.route("**/v1/calls/told/script", lambda route: route.fulfill(json=script))
    page.goto(f"{url}/demo#call=told")
    return waiting.append


def stream(events: Iterable[Told], first: int = 1) -> str:
    numbered = [{"seq": seq, "type": name, "body": body} for seq, (name, body) in enumerate(events, start=first)]
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in numbered)


def opened(*events: Told) -> str:
    return stream([("call.started", {"channel": "voice", "language": "en"}), *events])


def turn(turn_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"turn_id": turn_id, "speaker": "customer", "text": text, "t_ms": 1000, **more}


def test_a_partial_is_replaced_by_its_next_and_by_its_final(demo: DemoServer, seen: Seen) -> None:
    demo.announce("partial", language="en")
    seen.page.goto(f"{demo.url}/demo#call=partial")
    said = seen.page.locator(".turn .said")
    for text in ("I want to", "I want to keep my"):
        demo.send("partial", turn("t1", text), final=False)
        expect(said).to_have_text([text])
        expect(seen.page.locator(".turn.partial")).to_have_css("font-style", "italic")
    demo.send("partial", turn("t1", "I want to keep my number"))
    expect(said).to_have_text(["I want to keep my number"])
    assert seen.page.locator(".turn.partial").count() == 0
    assert seen.complaints == []


def test_a_partial_that_goes_by_its_stream_is_replaced_by_the_final_that_names_it(demo: DemoServer, seen: Seen) -> None:
    partials = [
        ("turn.partial", turn(track, text, stream=track, number=2)) for track, text in (("in", "a"), ("out", "b"))
    ]
    tell(seen.page, demo.url, opened(*partials, ("turn.final", turn("in-2", "done", stream="in", number=2))))
    expect(seen.page.locator(".turn .said")).to_have_text(["done", "b"])
    expect(seen.page.locator(".turn .number")).to_have_text(["1"])


def test_a_corrected_turn_is_shown_as_it_shall_stand_and_marked(demo: DemoServer, seen: Seen) -> None:
    demo.announce("corrected", language="en")
    demo.say("corrected", "I want to sell my internet")
    demo.send("corrected", turn("t1", "I want to spell my name"), corrects=True)
    seen.page.goto(f"{demo.url}/demo#call=corrected")
    expect(seen.page.locator(".turn .said")).to_have_text(["I want to spell my name"])
    expect(seen.page.locator(".turn.corrected .tag")).to_have_text("corrected")


def test_a_hidden_card_says_what_it_needs_and_opens_when_the_caller_is_verified(
    demo: DemoServer, seen: Seen, records: TestClient
) -> None:
    records.post("/v1/calls", json={"call_id": "told", "language": "en", "customer_id": "C-1"})
    records.post("/v1/calls/told/turns", json={"turns": [turn("t1", ASKS_BALANCE)]})
    records.post("/v1/calls/told/auth", json={"level": "password", "method": "pin"})
    records.post("/v1/calls/told/end")
    hidden, verified = records.get("/v1/calls/told/events").text.split("event: auth.changed")
    tell_more = tell(seen.page, demo.url, hidden)
    card = seen.page.locator(".card.passage")
    expect(card).to_contain_text("needs: Verified")
    assert "zanzibar" not in seen.text()
    tell_more(f"event: auth.changed{verified}")
    expect(card).to_contain_text("48217 in zanzibar credits")
    expect(card).to_have_count(1)
    expect(seen.page.locator("[data-chip=verification]")).to_contain_text("Verified by password")


def test_an_answer_hidden_without_an_id_makes_room_for_the_one_that_reveals_it(demo: DemoServer, seen: Seen) -> None:
    hidden = {"kind": "answer", "hidden": True, "needs": "authenticated", "title": "Hidden", "next_step": "Verify."}
    whole = {"kind": "answer", "answer_id": "a-1", "question": "How much?", "text": "It is 5.", "reveals": 2}
    tell(seen.page, demo.url, opened(("answer.ready", hidden), ("answer.ready", whole)))
    expect(seen.page.locator(".card")).to_have_count(1)
    expect(seen.page.locator(".card.answer")).to_contain_text("It is 5.")


def test_lines_of_the_script_are_ticked_off_and_the_save_attempts_are_counted(demo: DemoServer, seen: Seen) -> None:
    demo.announce("california", language="en", customer_id=CALIFORNIA["customer_id"])
    seen.page.goto(f"{demo.url}/demo#call=california")
    for said in CALIFORNIA["turns"][:4]:
        demo.send("california", said)
    script = seen.page.locator(".card.script").first
    expect(script.locator(".line")).to_have_count(4)
    assert script.locator(".line.said").count() == 0
    gate = seen.page.locator(".alert", has_text="California automatic renewal law")
    expect(gate).to_contain_text(f"Say first: “{DISCLOSURE}”")
    for said in CALIFORNIA["turns"][4:6]:
        demo.send("california", said)
    expect(script.locator(".line.said blockquote")).to_have_text([DISCLOSURE])
    expect(script.locator(".line.skipped .tick")).to_contain_text("left out")
    expect(seen.page.locator("[data-chip=save]")).to_contain_text("Save attempts: 1 left")
    assert seen.complaints == []


def test_a_refused_recording_is_said_in_words(demo: DemoServer, seen: Seen) -> None:
    demo.announce("refused", language="en")
    demo.say("refused", "please do not record this call")
    seen.page.goto(f"{demo.url}/demo#call=refused")
    expect(seen.page.locator("[data-chip=recording]")).to_contain_text("Recording refused")
    expect(seen.page.locator("[data-chip=capture]")).to_contain_text("Capture paused: what is said now is not stored")


def test_the_summary_is_replaced_loses_what_was_corrected_and_goes_with_the_note(demo: DemoServer, seen: Seen) -> None:
    def summary(*texts: str) -> Told:
        sentences = [{"text": text, "turn_ids": [f"t{n}"]} for n, text in enumerate(texts, start=1)]
        return "answer.ready", {
            "answer_id": "summary",
            "kind": "summary",
            "sentences": sentences,
            "provider": "openai:x",
        }

    begun = opened(
        ("turn.final", turn("t1", "a")), ("turn.final", turn("t2", "b")), summary("Old."), summary("A.", "B.")
    )
    tell_more = tell(seen.page, demo.url, begun)
    lines = seen.page.locator("#summary .statement > span")
    expect(lines).to_have_text(["A.", "B."])
    expect(seen.page.locator("#summary")).to_contain_text("worded by openai:x")
    tell_more(stream([("turn.corrected", turn("t2", "c"))], first=6))
    expect(lines).to_have_text(["A."])
    tell_more(stream([("call.ended", {})], first=7))
    expect(seen.page.locator("#summary")).to_be_hidden()


def test_how_an_offer_was_decided_unfolds_by_key_and_by_button(demo: DemoServer, seen: Seen) -> None:
    rules = [
        {"rule": "tenure", "holds": True, "says": "24 months are at least 12"},
        {"rule": "r2", "holds": False, "says": "no"},
    ]
    offer = {"price": "65.00", "terms": {"months": 6}, "derivation": rules}
    card = {"card_id": "c1", "kind": "offer", "title": "Ten off", "body": "I can take ten off.", "offer": offer}
    tell(seen.page, demo.url, opened(("card.shown", card)))
    offered = seen.page.locator(".card.offer")
    expect(offered.locator("dd")).to_have_text(["65.00", "months 6"])
    expect(offered.locator(".rule").first).to_be_hidden()
    seen.page.keyboard.press("d")
    expect(offered.locator(".rule")).to_have_text(["✓ holds24 months are at least 12tenure", "✕ does not holdnor2"])
    expect(offered.locator(".rule").first).to_be_visible()
    offered.locator("summary").click()
    expect(offered.locator(".rule").first).to_be_hidden()
    seen.page.keyboard.press("?")
    seen.page.get_by_label("Single keys are on").uncheck()
    seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("d")
    expect(offered.locator(".rule").first).to_be_hidden()


def test_a_note_says_who_edited_and_signed_it_and_when_promises_are_due(demo: DemoServer, seen: Seen) -> None:
    follow_up = {"promise": {"text": "Call back", "turn_ids": []}, "owner": "Kim", "due": "by Friday"}
    due = {"due_at": "2026-11-27T17:00:00-05:00", "due_precision": "window", "channel": "call"}
    marks = {
        "edited_by": "agent",
        "edit_reason": "wrong sum",
        "signed_by": "Kim Lee",
        "worded_by": "openai:x",
        "version": 3,
    }
    note = {**NOTE, **marks, "follow_ups": [{**follow_up, **due}]}
    tell(seen.page, demo.url, opened(("call.ended", {}), ("note.updated", note)))
    tags = seen.page.locator(".note-head .tag")
    expect(tags).to_have_text(["signed by Kim Lee", "edited by agent (wrong sum)", "worded by openai:x", "version 3"])
    when = "Kim, due “by Friday” = Friday, November 27 at 5:00 PM at the latest, by phone"
    expect(seen.page.locator(".note .more")).to_have_text(when)


def test_what_the_note_lacks_is_told_while_the_call_runs(demo: DemoServer, seen: Seen) -> None:
    demo.announce("lacking", language="en")
    demo.say("lacking", "I want to cancel my internet", "okay bye")
    seen.page.goto(f"{demo.url}/demo#call=lacking")
    expect(seen.page.locator("#missing summary")).to_contain_text("The note still lacks")
    demo.end("lacking")
    seen.state("ended")
    expect(seen.page.locator("#missing")).to_be_hidden()
    expect(seen.page.locator("#note .missing").first).to_be_visible()


def hostile_events(words: Iterator[str]) -> list[Told]:
    """Every kind of event, with a hostile text of its own in every field that is shown."""

    def card(kind: str, number: int, **more: Any) -> Told:
        body = {"card_id": f"c{number}", "kind": kind, "title": next(words), "reason": next(words)}
        return "card.shown", {**body, "about": f"about {number}", "turn_ids": ["t1"], "citations": [], **more}

    def statement(**more: Any) -> dict[str, Any]:
        return {"text": next(words), "turn_ids": ["t1"], **more}

    rule = {"rule": next(words), "holds": True, "says": next(words)}
    offer = {"price": next(words), "parts": {"deep": next(words)}, "list": [next(words)], "derivation": [rule]}
    source = {"doc_id": next(words), "heading": next(words), "passage_id": "p1", "effective_from": next(words)}
    cited = {"doc_id": next(words), "heading": next(words), "effective_from": next(words), "effective_to": next(words)}
    sentences = [{"text": next(words), "citations": ["p1"]}]
    answer = {"question": next(words), "provider": next(words), "conflicts": [next(words)], "withheld": [next(words)]}
    hidden = {"card_id": "c9", "kind": "passage", "hidden": True, "needs": next(words), "title": next(words)}
    marks = {"edited_by": next(words), "edit_reason": next(words), "signed_by": next(words), "worded_by": next(words)}
    refused = {"outcome": next(words), "refusal_reason": statement(), "price": [next(words)], "duration": next(words)}
    follow_up = {"promise": statement(), "owner": next(words), "due": next(words), "due_at": "<b>", "channel": "call"}
    note = {
        **NOTE,
        **marks,
        "text": next(words),
        "reason": statement(edited=True),
        "verification": {"result": next(words), "level": next(words), "method": next(words), "turn_ids": []},
        "actions": [
            statement(**{"from": next(words), "to": next(words), "amount": next(words), "system": next(words)})
        ],
        "offers": [{"presented": statement(), **refused}],
        "follow_ups": [follow_up],
        "missing": [{"part": next(words), "why": next(words), "ask": next(words)}],
        "fields": [{"name": next(words), "value": next(words), "turn_ids": ["t1"]}],
    }
    return [
        ("turn.final", turn("t1", next(words))),
        ("turn.partial", turn("t2", next(words))),
        ("alert.raised", {"flag": next(words), "severity": "high", "route": next(words), "turn_id": "t1"}),
        card("alert", 1, body=next(words)),
        card("next_step", 2, body=next(words)),
        card("offer", 3, body=next(words), offer=offer),
        card("passage", 4, citations=[{**cited, "quote": next(words)}]),
        ("card.shown", {**hidden, "next_step": next(words)}),
        ("answer.ready", {"kind": "answer", "answer_id": "a1", **answer, "sentences": sentences, "sources": [source]}),
        ("answer.ready", {"kind": "summary", "sentences": [statement()], "provider": next(words)}),
        ("auth.changed", {"level": next(words), "result": "passed", "method": next(words)}),
        ("consent.changed", {"kind": next(words), "given": True}),
        ("offer.outcome", {"attempt": 1, "outcome": next(words)}),
        ("capture.paused", {"reason": next(words)}),
        ("note.updated", note),
    ]


def test_hostile_words_in_every_field_are_shown_as_words(demo: DemoServer, seen: Seen) -> None:
    made: list[str] = []

    def hostile() -> Iterator[str]:
        while True:
            made.append(f"<img src=x onerror=alert({len(made)})>")
            yield made[-1]

    words = hostile()
    events = opened(*hostile_events(words))
    script_card = {"card_id": "c8", "kind": "script", "title": next(words), "citations": [{"doc_id": "s"}]}
    lines = [{"text": next(words), "status": "<b>unknown</b>", "turn_id": "t1", "near": None}]
    steps = [{"number": 1, "title": next(words), "must_say": lines}]
    also = [{"title": next(words), "missing": [next(words)]}]
    view = {"doc_id": "s", "current": 1, "steps": steps, "also_open": also}
    save = {"left": 1, "rule_id": next(words), "may_offer": False, "why_not": [next(words)]}
    lacking = [{"part": next(words), "why": next(words), "ask": next(words)}]
    seen.page.set_viewport_size({"width": 320, "height": 640})
    told = events + stream([("card.shown", script_card)], 40)
    tell(seen.page, demo.url, told, call={"save_attempts": save, "missing": lacking, "stage": "closing"}, script=view)
    expect(seen.page.locator(".script-step")).to_have_count(1)
    shown = seen.text()
    assert [text for text in made if text not in shown] == []
    assert seen.page.locator("main img, main b").count() == 0
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 320
    assert seen.complaints == []


def test_an_answer_is_drafted_for_the_channel_that_is_chosen(demo: DemoServer, seen: Seen) -> None:
    demo.announce("drafting", language="en")
    seen.page.goto(f"{demo.url}/demo#call=drafting")
    seen.state("playing")
    seen.page.keyboard.press("r")
    seen.page.keyboard.type("I was charged twice for October. Please refund.")
    seen.page.select_option("#draft [name=channel]", "email")
    seen.page.click("#draft .main")
    expect(seen.page.locator("#draft .note-text")).to_contain_text("you were charged twice")
    assert seen.complaints == []


def test_what_is_new_in_the_policies_is_told_with_its_first_day(demo: DemoServer, seen: Seen) -> None:
    news = [{"doc_id": "policies/refunds", "title": "Refunds", "kind": "policy", "effective_from": "2026-11-20"}]
    tell(seen.page, demo.url, opened())
    seen.page.route("**/v1/calls/told/work", lambda route: route.fulfill(json={**WORK, "news": news}))
    seen.page.reload()
    seen.page.locator("#news summary").click()
    expect(seen.page.locator("#news .statement")).to_have_text("Refundspolicies/refunds · from 2026-11-20")
