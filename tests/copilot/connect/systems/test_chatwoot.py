from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copilot.connect.protocol import BadSignature, ConnectFailed, NoSuchRecord, Refused
from copilot.connect.signatures import _seal
from copilot.connect.systems.chatwoot import ChatwootSystem, build
from copilot.errors import ConfigError
from tests.copilot.connect.systems.serving import Asked, FakeSystem, Mishap, Told, serving

ENVIRON = {"CHATWOOT_TOKEN": "cw-token", "CHATWOOT_HOOK": "cw-secret"}
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Chatwoot(FakeSystem):
    """Contacts (pages of 15), conversations and messages (20 at once) as the Application API tells them."""

    def __init__(self, *, tells_has_more: bool = True) -> None:
        super().__init__()
        self._tells_has_more = tells_has_more
        self.contacts: dict[str, dict[str, Any]] = {
            str(number): {
                "id": number,
                "name": f"Customer {number}",
                "email": f"c{number}@example.org",
                "phone_number": f"+155501001{number:02}",
                "identifier": f"C-10{number:02}",
                "custom_attributes": {"plan": "Fiber 300", "seats": 3},
                "additional_attributes": {"language": "es"},
            }
            for number in range(1, 41)
        }
        self.conversation: dict[str, Any] = {
            "id": 12,
            "status": "open",
            "custom_attributes": {"reason": "price", "vip": True},
        }
        self.messages: list[dict[str, Any]] = [
            {"id": number, "content": f"message {number}", "private": False} for number in range(1, 46)
        ]

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("api_access_token") != "cw-token":
            return Told({"error": "Invalid Access Token"}, 401)
        kind, *rest = asked.path.removeprefix("/api/v1/accounts/3/").split("/")
        if kind == "contacts" and rest in ([], ["search"]):
            return self._search(asked)
        return self._contact(asked, rest[0]) if kind == "contacts" else self._conversation(asked, rest)

    def _conversation(self, asked: Asked, rest: list[str]) -> Told:
        if rest[0] != "12":
            return Told({"error": "Resource could not be found"}, 404)
        if rest[1:] == ["custom_attributes"]:
            self.conversation["custom_attributes"] = asked.json["custom_attributes"]  # replaced as a whole
            return Told({"custom_attributes": self.conversation["custom_attributes"]})
        if rest[1:] == ["messages"]:
            return self._messages(asked)
        return Told(self.conversation)

    def _search(self, asked: Asked) -> Told:
        wanted, page = asked.query.get("q", ""), int(asked.query["page"])
        hits = [one for one in self.contacts.values() if any(wanted in str(value) for value in one.values())]
        rows = hits[page * 15 - 15 : page * 15]
        meta: dict[str, Any] = {"count": len(hits), "current_page": str(page)}
        if self._tells_has_more:
            meta = {"count": len(rows), "current_page": page, "has_more": bool(hits[page * 15 :])}
        return Told({"meta": meta, "payload": rows})

    def _contact(self, asked: Asked, number: str) -> Told:
        contact = self.contacts.get(number)
        if contact is None:
            return Told({"error": "Resource could not be found"}, 404)
        if asked.method == "PUT":
            for name, value in asked.json.items():
                contact[name] = {**contact[name], **value} if isinstance(value, dict) else value
        return Told({"payload": contact})

    def _messages(self, asked: Asked) -> Told:
        if asked.method == "POST":
            self.messages.append({"id": self.messages[-1]["id"] + 1, **asked.json})
            return Told(self.messages[-1])
        before = int(asked.query.get("before", 10**9))
        return Told({"meta": {}, "payload": [one for one in self.messages if int(str(one["id"])) < before][-20:]})


def chatwoot(at: str, /, **changed: Any) -> ChatwootSystem:
    told = {
        "kind": "chatwoot",
        "url": at,
        "account_id": 3,
        "token_variable": "CHATWOOT_TOKEN",
        "timeout_s": 5,
        **changed,
    }
    entry = {name: part for name, part in told.items() if part is not None}
    system = build("chat", entry, base=Path(), environ=ENVIRON)
    assert isinstance(system, ChatwootSystem)
    return system


@pytest.mark.parametrize("tells_has_more", [True, False], ids=["newer", "older"])
def test_contacts_are_found_beyond_the_first_page_and_only_those_that_fit(tells_has_more: bool) -> None:
    fake = Chatwoot(tells_has_more=tells_has_more)
    fake.contacts["40"]["email"] = "c1@example.org"
    with serving(fake) as url:
        system = chatwoot(url)
        assert [found.object_id for found in system.find("email", "c1@example.org")] == ["1", "40"]
        assert [found.object_id for found in system.find("email", "example.org")] == []
        assert [found.object_id for found in system.find("phone", "+15550100107")] == ["7"]
        assert [found.object_id for found in system.find("account", "C-1009")] == ["9"]
        (one,) = system.find("id", "9")
        assert [system.find("id", "99"), system.find("email", "  ")] == [[], []]
    assert (one.record.customer_id, one.record.name, one.record.language) == ("C-1009", "Customer 9", "es")
    assert len([asked for asked in fake.asked if asked.query.get("q") == "example.org"]) == 3


def test_a_note_is_private_and_is_found_again_among_many_messages() -> None:
    fake = Chatwoot()
    with serving(fake) as url:
        system = chatwoot(url)
        receipt = system.add_note("wb-1", "ticket", "12", "Wants a call")
        fake.messages.extend({"id": number, "content": "later", "private": False} for number in range(100, 150))
        assert system.has_note("wb-1", "ticket", "12")
        assert not system.has_note("wb-2", "ticket", "12")
        assert not system.has_note("wb-1", "customer", "9")
        with pytest.raises(Refused, match="customer"):
            system.add_note("wb-1", "customer", "9", "text")
        with pytest.raises(NoSuchRecord):
            system.add_note("wb-1", "ticket", "13", "text")
    note = next(one for one in fake.messages if one["id"] == 46)
    assert (note["content"], note["private"], note["message_type"]) == ("Wants a call\n\n(ref wb-1)", True, "outgoing")
    assert receipt["message_id"] == "46"


def test_a_written_attribute_leaves_those_beside_it() -> None:
    fake = Chatwoot()
    with serving(fake) as url:
        system = chatwoot(url)
        assert system.current("ticket", "12", "custom_attributes.reason") == "price"
        system.write_field("k", "ticket", "12", "custom_attributes.reason", "moving")
        assert system.current("customer", "9", "custom_attributes.seats") == "3"
        system.write_field("k", "customer", "9", "custom_attributes.plan", "Fiber 100")
        system.write_field("k", "customer", "9", "phone_number", "+15550100999")
        for kind, field in (("ticket", "status"), ("customer", "id"), ("customer", "blocked")):
            with pytest.raises(Refused):
                system.write_field("k", kind, "12", field, "x")  # type: ignore[arg-type]
        with pytest.raises(Refused):
            system.current("customer", "9", "custom_attributes")
    assert fake.conversation["custom_attributes"] == {"reason": "moving", "vip": True}
    assert fake.contacts["9"]["custom_attributes"] == {"plan": "Fiber 100", "seats": 3}
    assert fake.contacts["9"]["phone_number"] == "+15550100999"


def test_check_names_a_wrong_token() -> None:
    with serving(Chatwoot()) as url:
        assert chatwoot(url).check() == []
        wrong = {"kind": "chatwoot", "url": url, "account_id": 3, "token_variable": "CHATWOOT_TOKEN"}
        with pytest.raises(Refused, match="401"):
            build("chat", wrong, base=Path(), environ={"CHATWOOT_TOKEN": "x"}).check()


@pytest.mark.parametrize(
    "data", [None, [], "text", {"payload": 5}, {"payload": [1, None]}, {"payload": {}, "meta": []}]
)
def test_an_answer_of_another_form_is_nobody_or_an_error_of_ours(data: Any) -> None:
    fake = Chatwoot()
    fake.mishaps.extend([Mishap(data=data)] * 3)
    with serving(fake) as url:
        assert chatwoot(url).find("email", "c1@example.org") == []
        assert not chatwoot(url).has_note("wb-1", "ticket", "12")
        assert chatwoot(url).find("account", "C-1") == []
        fake.mishaps.append(Mishap(data=[]))
        with pytest.raises(ConnectFailed):
            chatwoot(url).current("customer", "9", "name")


def test_an_event_must_be_signed_by_chatwoot_and_be_fresh() -> None:
    body = b'{"event":"contact_updated","id":9,"name":"x"}'
    stamp = str(int(NOW.timestamp()) - 100)

    def headers(stamp: str = stamp, secret: str = "cw-secret", signed: bytes = body) -> dict[str, str]:
        seal = _seal(secret, f"{stamp}.".encode() + signed).hex()
        return {"x-chatwoot-signature": f"sha256={seal}", "x-chatwoot-timestamp": stamp}

    system = chatwoot("http://127.0.0.1:9", webhook_variable="CHATWOOT_HOOK")
    assert system.changed(headers(), body, NOW) == [("customer", "9")]
    old = str(int(NOW.timestamp()) - 301)
    wrong = [
        {},
        headers(old),
        headers(secret="x"),
        headers(signed=b"{}"),
        headers("٣"),
        headers("9" * 30),
        headers("-5"),
    ]
    for each in wrong:
        with pytest.raises(BadSignature):
            system.changed(each, body, NOW)
    for other in (b"no", b"5", b'{"event":"message_created","id":1}', b'{"event":"contact_updated"}'):
        assert system.changed(headers(signed=other), other, NOW) == []
    with pytest.raises(Refused, match="webhook_variable"):
        chatwoot("http://127.0.0.1:9").changed(headers(), body, NOW)


def test_a_conversation_of_thousands_of_messages_still_takes_a_note() -> None:
    fake = Chatwoot()
    fake.messages = [{"id": number, "content": "hello", "private": False} for number in range(1, 3000)]
    with serving(fake) as url:
        assert not chatwoot(url).has_note("wb-1", "ticket", "12")
    assert len(fake.asked) <= 21


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"account_id": 0}, "account_id"),
        ({"account_id": None}, "account_id"),
        ({"url": "http://chat.example"}, "https"),
    ],
)
def test_a_wrong_entry_is_named(changed: dict[str, Any], names: str) -> None:
    with pytest.raises(ConfigError, match=names):
        chatwoot("http://127.0.0.1:9", **changed)
