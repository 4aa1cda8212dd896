"""Tokens of widgets open one call for a while and nothing else; pages call the API only where the operator says so."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from copilot.errors import ConfigError
from copilot.service import create_app
from copilot.service.beside import news_of
from copilot.service.widget_access import origin_pattern
from copilot.settings import Settings, load_settings
from copilot.store import Tokens, WidgetTokens
from copilot.store.widget_token_tables import widget_tokens
from copilot.wiring import Parts, open_parts
from knowledge.documents import Document

HOST = "https://desk.example"
SAID = [
    {"turn_id": "1", "speaker": "agent", "text": "Meridell, this call is recorded. How can I help?"},
    {"turn_id": "2", "speaker": "customer", "text": "I want to cancel my internet, it is too expensive."},
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"), embedder="none", frame_ancestors=f"{HOST} https://*.helpdesk.example"
    )
    parts = open_parts(settings, with_vectors=False)
    yield parts
    parts.close()


@pytest.fixture(scope="module")
def host(parts: Parts) -> TestClient:
    token = Tokens(parts.engine).create("agent")
    client = TestClient(create_app(parts), headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)
    for call_id in ("mine", "other"):
        client.post("/v1/calls", json={"call_id": call_id, "language": "en", "customer_id": "C-1001"})
        client.post(f"/v1/calls/{call_id}/turns", json={"turns": SAID})
    return client


def widget_of(host: TestClient, call_id: str = "mine", **more: object) -> TestClient:
    made = host.post("/v1/widget-tokens", json={"agent": "Kim Lee", "call_id": call_id, **more})
    assert made.status_code == 201, made.text
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    return TestClient(host.app, headers=headers, raise_server_exceptions=False)


def test_a_token_is_made_for_an_hour_and_only_its_hash_is_kept(host: TestClient, parts: Parts) -> None:
    made = host.post("/v1/widget-tokens", json={"agent": " Kim Lee ", "call_id": "mine"}).json()
    left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert (made["agent"], made["call_id"]) == ("Kim Lee", "mine")
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    with parts.engine.connect() as connection:
        stored = str(connection.execute(select(widget_tokens)).all())
    assert made["token"] not in stored
    assert made["token"].removeprefix("rcw_") not in stored


def test_a_call_nobody_announced_gets_no_token(host: TestClient) -> None:
    assert host.post("/v1/widget-tokens", json={"agent": "Kim", "call_id": "nobody"}).status_code == 404
    assert host.post("/v1/widget-tokens", json={"agent": "Kim", "call_id": "mine", "minutes": 721}).status_code == 422


def test_a_widget_reads_its_call_searches_for_it_and_computes(host: TestClient) -> None:
    widget = widget_of(host)
    paths = ("", "/script", "/note", "/note/history", "/work")
    assert [widget.get(f"/v1/calls/mine{path}").status_code for path in paths] == [200] * len(paths)
    assert widget.get("/v1/search", params={"q": "cancel", "call_id": "mine"}).status_code == 200
    sum_of = widget.post("/v1/billing/prorate", json={"price": "30.00", "days": 10, "days_in_period": 30})
    assert sum_of.json()["amount"] == "10.00"
    assert widget.post("/v1/calls/mine/packet", json={"route": "finance"}).json()["route"] == "finance"


FORBIDDEN = (
    ("GET", "/v1/calls/other"),
    ("GET", "/v1/calls/other/events"),
    ("GET", "/v1/calls/other/note"),
    ("GET", "/v1/calls/other/work"),
    ("POST", "/v1/calls/other/packet"),
    ("POST", "/v1/calls/mine/turns"),
    ("POST", "/v1/calls/mine/end"),
    ("POST", "/v1/calls/mine/auth"),
    ("POST", "/v1/calls/mine/consent"),
    ("POST", "/v1/calls"),
    ("GET", "/v1/search?q=cancel"),
    ("GET", "/v1/search?q=cancel&call_id=other"),
    ("GET", "/v1/search?q=cancel&call_id=mine&call_id=other"),
    ("POST", "/v1/widget-tokens"),
    ("GET", "/v1/cases"),
    ("POST", "/v1/cases/packets"),
    ("POST", "/v1/drafts"),
    ("POST", "/v1/offers/evaluate"),
)


@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_a_widget_opens_nothing_else(host: TestClient, method: str, path: str) -> None:
    refused = widget_of(host).request(method, path, json={} if method == "POST" else None)
    assert refused.status_code == 403, refused.text
    if not path.endswith("/events"):  # the host would listen until the call ends
        assert host.request(method, path, json={} if method == "POST" else None).status_code != 403


def test_every_route_is_closed_to_widgets_unless_it_is_listed(host: TestClient) -> None:
    """A room that is added later does not open itself."""
    widget = widget_of(host)
    described = host.get("/openapi.json").json()["paths"]
    opened = set()
    for path, methods in described.items():
        looks_at_no_token = path.startswith("/v1/feeds") or path == "/v1/session"  # signatures; the cookie of a log-in
        if not path.startswith("/v1/") or looks_at_no_token or path.endswith("/events"):
            continue
        concrete = re.sub(r"\{[^}]+\}", "x", path.replace("/v1/calls/{call_id}", "/v1/calls/mine"))
        for method in methods:
            answer = widget.request(method.upper(), concrete, json={} if method in ("post", "patch", "put") else None)
            if answer.status_code not in (401, 403, 405):
                opened.add(f"{method} {path}")
    call = "/v1/calls/{call_id}"
    assert opened == {
        f"get {call}",
        f"get {call}/script",
        f"get {call}/note",
        f"patch {call}/note",
        f"post {call}/note/sign",
        f"get {call}/note/history",
        f"post {call}/cards/{{card_id}}/feedback",
        f"get {call}/work",
        f"post {call}/packet",
        f"get {call}/decisions/{{decision_id}}",
        "post /v1/billing/restore",
        "post /v1/billing/arrange",
        "post /v1/billing/prorate",
    }


def test_a_widget_signs_by_the_name_it_is_for_and_by_no_other(host: TestClient) -> None:
    host.post("/v1/calls", json={"call_id": "signed"})
    host.post("/v1/calls/signed/turns", json={"turns": SAID})
    host.post("/v1/calls/signed/end")
    widget = widget_of(host, "signed")
    assert widget.get("/v1/calls/signed/work").json()["agent"] == "Kim Lee"
    assert widget.patch("/v1/calls/signed/note", json={"text": "Mine."}).json()["edited_by"] == "Kim Lee"
    assert widget.post("/v1/calls/signed/note/sign", json={"name": "Somebody Else"}).status_code == 403
    assert widget.post("/v1/calls/signed/note/sign", json={"name": "Kim Lee"}).json()["signed_by"] == "Kim Lee"


def test_a_token_whose_time_is_over_is_refused_also_when_it_was_good_a_moment_ago(
    host: TestClient, parts: Parts
) -> None:
    lifetime = timedelta(seconds=1)
    minted = {"tenant": "default", "agent": "Kim", "call_id": "mine", "minted_by": "test", "lifetime": lifetime}
    token, _ = WidgetTokens(parts.engine).mint(now=datetime.now(UTC), **minted)  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {token}"}
    assert host.get("/v1/calls/mine", headers=headers).status_code == 200
    time.sleep(1.1)
    assert host.get("/v1/calls/mine", headers=headers).status_code == 401


def test_a_stream_ends_with_the_time_of_its_token(host: TestClient, parts: Parts) -> None:
    lifetime = timedelta(seconds=1)
    minted = {"tenant": "default", "agent": "Kim", "call_id": "mine", "minted_by": "test", "lifetime": lifetime}
    token, _ = WidgetTokens(parts.engine).mint(now=datetime.now(UTC), **minted)  # type: ignore[arg-type]
    began = time.monotonic()
    stream = host.get("/v1/calls/mine/events", headers={"Authorization": f"Bearer {token}"})  # of a running call
    assert "event: call.started" in stream.text
    assert time.monotonic() - began < 10


def test_a_token_of_another_tenant_opens_no_call_here(host: TestClient, parts: Parts) -> None:
    token, _ = WidgetTokens(parts.engine).mint(
        tenant="rival",
        agent="Kim",
        call_id="mine",
        minted_by="test",
        now=datetime.now(UTC),
        lifetime=timedelta(hours=1),
    )
    assert host.get("/v1/calls/mine", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_the_name_of_the_caller_and_their_other_cases_come_with_verification(host: TestClient) -> None:
    host.post("/v1/calls", json={"call_id": "caller", "language": "en", "customer_id": "C-1001"})
    given = {"kind": "dispute", "case_id": "D-1", "customer_id": "C-1001", "title": "Charged twice", "reason": "x"}
    host.post("/v1/cases", json={**given, "amount": "10.00", "invoice_id": "IN-1", "symptom": "x"})
    before = host.get("/v1/calls/caller/work").json()
    assert before["caller"] == {"customer_id": "C-1001", "name": None}
    assert before["cases"] == []
    host.post("/v1/calls/caller/auth", json={"level": "password", "method": "pin"})
    after = host.get("/v1/calls/caller/work").json()
    assert after["caller"]["name"] == "Denise Okafor"


def test_a_decision_is_explained_only_where_it_was_shown(host: TestClient) -> None:
    assert host.get("/v1/calls/mine/decisions/never").status_code == 404


def test_news_are_what_began_to_hold_in_the_last_thirty_days_newest_first() -> None:
    today = datetime(2026, 11, 25, tzinfo=UTC).date()
    documents = [
        Document(name, name.title(), "", "", effective_from=today + timedelta(days=days))
        for name, days in (("old", -31), ("edge", -30), ("today", 0), ("coming", 1))
    ]
    assert [each["doc_id"] for each in news_of([*documents, Document("timeless", "", "", "")], today)] == [
        "today",
        "edge",
    ]


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        (HOST, True),
        ("https://acme.helpdesk.example", True),
        ("https://helpdesk.example", False),
        ("https://evilhelpdesk.example", False),
        ("https://desk.example.evil.example", False),
        ("http://desk.example", False),
        ("null", False),
    ],
)
def test_only_pages_of_the_origins_named_may_call(host: TestClient, origin: str, is_allowed: bool) -> None:
    wish = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = host.options("/v1/calls/mine/note/sign", headers=wish)
    assert (answer.headers.get("access-control-allow-origin") == origin) is is_allowed
    read = host.get("/v1/calls/mine", headers={"Origin": origin})
    assert (read.headers.get("access-control-allow-origin") == origin) is is_allowed
    assert "access-control-allow-credentials" not in read.headers


def test_the_frame_may_stand_only_in_pages_of_those_origins(host: TestClient) -> None:
    policy = host.get("/widget").headers["content-security-policy"]
    assert f"frame-ancestors {HOST} https://*.helpdesk.example;" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_without_the_setting_nobody_may_frame_or_call(tmp_path: Path) -> None:
    closed = open_parts(Settings(data_dir=tmp_path, embedder="none"), with_vectors=False)
    client = TestClient(create_app(closed))
    assert "frame-ancestors 'none';" in client.get("/widget").headers["content-security-policy"]
    assert "access-control-allow-origin" not in client.get("/v1/calls/x", headers={"Origin": HOST}).headers
    closed.close()


@pytest.mark.parametrize("wrong", ["*", "desk.example", "https://", "https://a.example/path", "https://a.example; x"])
def test_a_wrong_origin_stops_the_start_and_names_the_variable(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("COPILOT_FRAME_ANCESTORS", wrong)
    with pytest.raises(ConfigError, match="COPILOT_FRAME_ANCESTORS"):
        load_settings()


def test_a_pattern_matches_whole_origins() -> None:
    pattern = re.compile(origin_pattern(["https://a.example", "https://*.b.example:8443"]))
    assert pattern.fullmatch("https://x.y.b.example:8443")
    assert not pattern.fullmatch("https://axexample")
    assert not pattern.fullmatch("https://x.b.example")


def test_the_script_may_be_loaded_by_any_page_and_is_not_sent_twice(host: TestClient) -> None:
    first = host.get("/widget.js")
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert host.get("/widget.js", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert host.get("/widget.css").headers["content-type"].startswith("text/css")
    assert set(host.get("/widget.words.json").json()) == {"en", "es"}
