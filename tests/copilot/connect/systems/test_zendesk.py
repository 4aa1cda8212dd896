import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copilot.connect.protocol import BadSignature, ChangedThere, ConnectFailed, NoSuchRecord, RateLimited, Refused
from copilot.connect.signatures import _seal
from copilot.connect.systems.zendesk import ZendeskSystem, build
from copilot.errors import ConfigError
from tests.copilot.connect.systems.serving import Asked, FakeSystem, Mishap, Told, serving

ENVIRON = {"ZENDESK_TOKEN": "zd-token", "ZENDESK_HOOK": "zd-secret"}
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LOG_IN = "Basic " + base64.b64encode(b"bot@meridell.example/token:zd-token").decode()


class Zendesk(FakeSystem):
    """Users, tickets and comments as the Ticketing API (v2) tells them; pages of two."""

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, dict[str, Any]] = {
            "901": {
                "id": 901,
                "name": "Dana Whitfield",
                "email": "dana@example.org",
                "phone": "+1 555 010 0142",
                "external_id": "C-1001",
                "locale": "es-419",
                "user_fields": {"plan": "Fiber 300", "seats": 3, "paperless": False},
            },
            "902": {
                "id": 902,
                "name": "Danas Friend",
                "email": "xdana@example.org",
                "phone": None,
                "external_id": None,
            },
            "903": {"id": 903, "name": "Other Dana", "email": "dana@example.org", "phone": None, "external_id": None},
        }
        self.ticket: dict[str, Any] = {
            "id": 35436,
            "updated_at": "2026-11-25T10:00:00Z",
            "priority": "normal",
            "custom_fields": [{"id": 360001, "value": "price"}, {"id": 360002, "value": None}],
        }
        self.comments: list[dict[str, Any]] = [
            {"id": place, "body": f"comment {place}", "plain_body": f"comment {place}", "public": True}
            for place in range(3)
        ]

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != LOG_IN:
            return Told({"error": "Couldn't authenticate you"}, 401)
        path = asked.path.removeprefix("/api/v2/").removesuffix(".json")
        if path == "users/me":
            return Told({"user": {"id": 7, "role": "agent"}})
        return self._search(asked) if path == "users/search" else self._one(asked, path)

    def _one(self, asked: Asked, path: str) -> Told:
        kind, number, *rest = path.split("/")
        there = {"users": self.users, "tickets": {"35436": self.ticket}}[kind].get(number)
        if there is None:
            return Told({"error": "RecordNotFound"}, 404)
        if rest == ["comments"]:
            return self._comments(asked)
        if asked.method == "PUT":
            return self._put(asked, kind, there)
        return Told({kind[:-1]: there})

    def _search(self, asked: Asked) -> Told:
        wanted = asked.query.get("external_id") or asked.query["query"].partition(":")[2].strip('"')
        hits = [one for one in self.users.values() if any(wanted in str(value) for value in one.values())]
        start = int(asked.query.get("page", 1)) * 2 - 2
        link = f"{self.url}{asked.path}?query=email%3A%22{wanted}%22&page={start // 2 + 2}"
        return Told({"users": hits[start : start + 2], "next_page": link if hits[start + 2 :] else None})

    def _comments(self, asked: Asked) -> Told:
        start = int(asked.query.get("page[after]", 0))
        more = bool(self.comments[start + 2 :])
        meta = {"has_more": more, "after_cursor": str(start + 2)}
        return Told({"comments": self.comments[start : start + 2], "meta": meta, "links": {}})

    def _put(self, asked: Asked, kind: str, there: dict[str, Any]) -> Told:
        change = asked.json[kind[:-1]]
        if change.pop("safe_update", False) and change.pop("updated_stamp") != there["updated_at"]:
            return Told({"error": "UpdateConflict"}, 409)
        if "comment" in change:
            comment = change.pop("comment")
            self.comments.append({"id": 99, **comment, "plain_body": comment["body"]})
        for one in change.pop("custom_fields", []):
            next(each for each in there["custom_fields"] if each["id"] == one["id"])["value"] = one["value"]
        for name, value in change.items():
            there[name] = {**there[name], **value} if isinstance(value, dict) else value
        return Told({kind[:-1]: there, "audit": {"id": 4711}})


def entry(at: str, /, **changed: Any) -> dict[str, Any]:
    told = {
        "kind": "zendesk",
        "url": at,
        "email": "bot@meridell.example",
        "token_variable": "ZENDESK_TOKEN",
        "webhook_variable": "ZENDESK_HOOK",
        "timeout_s": 5,
        **changed,
    }
    return {name: part for name, part in told.items() if part is not None}


def zendesk(at: str, /, **changed: Any) -> ZendeskSystem:
    system = build("helpdesk", entry(at, **changed), base=Path(), environ=ENVIRON)
    assert isinstance(system, ZendeskSystem)
    return system


def test_users_are_found_over_all_pages_and_what_only_looks_like_it_is_left_out() -> None:
    with serving(Zendesk()) as url:
        system = zendesk(url)
        (one,) = system.find("id", "901")
        assert [found.object_id for found in system.find("email", "Dana@example.org")] == []
        assert [found.object_id for found in system.find("email", "dana@example.org")] == ["901", "903"]
        assert [found.object_id for found in system.find("phone", "(555) 010-0142")] == []
        assert [found.object_id for found in system.find("phone", "+1 555 010 0142")] == ["901"]
        assert [found.object_id for found in system.find("account", "C-1001")] == ["901"]
        assert system.find("id", "999") == system.find("email", ' " ') == []
    assert (one.record.customer_id, one.record.name, one.record.language) == ("C-1001", "Dana Whitfield", "es")
    assert one.fields["user_fields.plan"] == "Fiber 300"


def test_a_search_cannot_be_widened_by_what_is_searched_for() -> None:
    fake = Zendesk()
    with serving(fake) as url:
        zendesk(url).find("email", 'x" OR role:admin "')
    assert fake.asked[0].query["query"] == 'email:"x OR role:admin "'


def test_a_note_is_an_internal_comment_and_is_found_again_on_the_last_page() -> None:
    fake = Zendesk()
    with serving(fake) as url:
        system = zendesk(url)
        assert not system.has_note("wb-1", "ticket", "35436")
        receipt = system.add_note("wb-1", "ticket", "35436", "Wants <b>a call</b>")
        assert system.has_note("wb-1", "ticket", "35436")
        assert not system.has_note("wb-2", "ticket", "35436")
        with pytest.raises(Refused, match="customer"):
            system.add_note("wb-1", "customer", "901", "text")
        with pytest.raises(NoSuchRecord):
            system.add_note("wb-1", "ticket", "1", "text")
    assert fake.comments[-1]["public"] is False
    assert fake.comments[-1]["body"] == "Wants <b>a call</b>\n\n(ref wb-1)"
    assert fake.writes[0].headers["idempotency-key"] == "wb-1"
    assert receipt["audit_id"] == "4711"


def test_fields_of_users_and_tickets_are_read_and_written() -> None:
    fake = Zendesk()
    with serving(fake) as url:
        system = zendesk(url)
        assert system.current("customer", "901", "user_fields.seats") == "3"
        system.write_field("k", "customer", "901", "user_fields.plan", "Fiber 100")
        assert system.current("ticket", "35436", "custom_fields.360001") == "price"
        system.write_field("k", "ticket", "35436", "custom_fields.360001", "moving")
        assert system.current("ticket", "35436", "custom_fields.360002") is None
        system.write_field("k", "ticket", "35436", "priority", "high")
        for field in ("custom_fields.1", "custom_fields"):
            with pytest.raises(Refused):
                system.current("ticket", "35436", field)
        with pytest.raises(Refused):
            system.write_field("k", "ticket", "35436", "updated_at", "2026-01-01")
    assert fake.users["901"]["user_fields"] == {"plan": "Fiber 100", "seats": 3, "paperless": False}
    assert (fake.ticket["custom_fields"][0]["value"], fake.ticket["priority"]) == ("moving", "high")


def test_a_ticket_that_was_changed_since_it_was_read_is_not_written() -> None:
    fake = Zendesk()
    with serving(fake) as url:
        system = zendesk(url)
        system.current("ticket", "35436", "priority")
        fake.ticket["updated_at"] = "2026-11-25T10:00:01Z"
        with pytest.raises(ChangedThere):
            system.write_field("k", "ticket", "35436", "priority", "high")
    assert fake.ticket["priority"] == "normal"


def test_too_many_calls_say_how_long_to_wait() -> None:
    fake = Zendesk()
    fake.mishaps.append(Mishap(429, {"Retry-After": "93"}))
    with serving(fake) as url, pytest.raises(RateLimited) as caught:
        zendesk(url).find("id", "901")
    assert caught.value.retry_after_s == 93


def test_a_log_in_that_is_nobodys_is_named() -> None:
    fake = Zendesk()
    fake.mishaps.append(Mishap(data={"user": {"id": None, "name": "Anonymous user"}}))
    with serving(fake) as url:
        with pytest.raises(Refused, match="log-in"):
            zendesk(url).check()
        assert zendesk(url).check() == []
        with pytest.raises(Refused, match="401"):
            build("helpdesk", entry(url), base=Path(), environ={**ENVIRON, "ZENDESK_TOKEN": "x"}).check()


@pytest.mark.parametrize("data", [None, [], "text", {"user": []}, {"user": 5}, {"users": {}}])
def test_an_answer_of_another_form_finds_nobody_and_reads_nothing(data: Any) -> None:
    fake = Zendesk()
    fake.mishaps.extend([Mishap(data=data)] * 3)
    with serving(fake) as url:
        assert zendesk(url).find("id", "901") == []
        assert zendesk(url).find("email", "dana@example.org") == []
        with pytest.raises(ConnectFailed):
            zendesk(url).current("customer", "901", "phone")


def test_cursors_that_never_end_are_given_up() -> None:
    fake = Zendesk()
    fake.mishaps.extend([Mishap(data={"comments": [], "meta": {"has_more": True, "after_cursor": "x"}})] * 60)
    with serving(fake) as url, pytest.raises(Refused, match="50 pages"):
        zendesk(url).has_note("wb-1", "ticket", "35436")


def test_an_event_must_be_signed_by_zendesk_and_be_fresh() -> None:
    body = b'{"type":"zen:event-type:ticket.updated","subject":"zen:ticket:35436","detail":{"id":"35436"}}'

    def headers(stamp: str, secret: str = "zd-secret", signed: bytes = body) -> dict[str, str]:
        seal = base64.b64encode(_seal(secret, stamp.encode() + signed)).decode()
        return {"x-zendesk-webhook-signature": seal, "x-zendesk-webhook-signature-timestamp": stamp}

    system = zendesk("http://127.0.0.1:9")
    assert system.changed(headers("2026-11-25T11:58:00Z"), body, NOW) == [("ticket", "35436")]
    wrong = [
        {},
        headers("2026-11-25T11:50:00Z"),
        headers("2026-11-25T11:58:00Z", secret="other"),
        headers("2026-11-25T11:58:00Z", signed=body + b" "),
        headers("2026-11-25T11:58:00"),
        headers("soon"),
        {**headers("2026-11-25T11:58:00Z"), "x-zendesk-webhook-signature": "ñ"},
    ]
    for each in wrong:
        with pytest.raises(BadSignature):
            system.changed(each, body, NOW)
    for other in (b"", b"no json", b"[]", b'{"subject":"zen:shoe:1"}', b'{"subject":null}'):
        assert system.changed(headers("2026-11-25T11:58:00Z", signed=other), other, NOW) == []
    with pytest.raises(Refused, match="webhook_variable"):
        zendesk("http://127.0.0.1:9", webhook_variable=None).changed({}, body, NOW)


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"subdomain": "meridell"}, "subdomain or url"),
        ({"url": None}, "subdomain or url"),
        ({"url": None, "subdomain": "evil.example/"}, "subdomain"),
        ({"token_variable": None}, "token_variable"),
        ({"token_variable": "UNSET"}, "UNSET"),
        ({"url": "http://helpdesk.example"}, "https"),
    ],
)
def test_a_wrong_entry_is_named(changed: dict[str, Any], names: str) -> None:
    with pytest.raises(ConfigError, match=names):
        zendesk("http://127.0.0.1:9", **changed)
