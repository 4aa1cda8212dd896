"""Chatwoot: contacts are found, private notes added to conversations, attributes of both written.

A ticket is a conversation, by the number that people see. Written from the Application API and the source of Chatwoot;
docs/connect.md says against what it ran.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import Field

from copilot.connect.http import Http, Query, segment
from copilot.connect.matching import same_phone, same_text
from copilot.connect.protocol import (
    Capabilities,
    FindBy,
    Found,
    NoSuchRecord,
    ObjectKind,
    Refused,
    System,
    as_field,
    note_mark,
)
from copilot.connect.rest_mapping import Variable
from copilot.connect.shape import flat_fields, nested, objects_at, value_at
from copilot.connect.signatures import is_from_chatwoot
from copilot.connect.systems import SystemConfig, parse_config, secret_of
from copilot.connect.systems._events import Event, signed_data
from copilot.customer import CustomerRecord

CONTACTS_A_PAGE = 15
MESSAGES_A_PAGE = 20
NEWEST_MESSAGES = 400  # more than come while a write is tried again
_ATTRIBUTES = "custom_attributes."
_OF_CONTACT = frozenset({"name", "email", "phone_number", "identifier"})
_KIND_OF_EVENT: Mapping[str, ObjectKind] = {"contact": "customer", "conversation": "ticket"}


class ChatwootConfig(SystemConfig):
    """The installation, the number of the account in it, and the variable with a user's or bot's access token."""

    url: str
    account_id: int = Field(ge=1)
    token_variable: Variable
    webhook_variable: Variable | None = None
    allow_http: bool = False
    timeout_s: float = Field(default=20.0, gt=0, le=30)


def build(name: str, entry: Mapping[str, Any], *, base: Path, environ: Mapping[str, str]) -> System:
    """The account that an entry names; nothing is asked yet."""
    config = parse_config(ChatwootConfig, name, entry)
    headers = {"api_access_token": secret_of(config.token_variable, name, environ)}
    url = f"{config.url.rstrip('/')}/api/v1/accounts/{config.account_id}"
    secret = secret_of(config.webhook_variable, name, environ) if config.webhook_variable else ""
    http = Http(name, url, headers, timeout_s=config.timeout_s, allow_http=config.allow_http)
    return ChatwootSystem(name, http, secret)


class ChatwootSystem(System):
    """One account of an installation."""

    can = Capabilities(customers=True, notes=True, fields=True, finds_notes=True)

    def __init__(self, name: str, http: Http, webhook_secret: str = "") -> None:
        super().__init__(name)
        self._http, self._webhook_secret = http, webhook_secret

    def check(self) -> Sequence[str]:
        """Ask for the first contacts."""
        self._http.get("contacts", (("page", "1"),))
        return []

    def find(self, by: FindBy, value: str) -> Sequence[Found]:
        """The contacts that fit; an account number is their identifier. Its own search also finds parts of words."""
        if by == "id":
            try:
                data = self._http.get(f"contacts/{segment(value)}")
            except NoSuchRecord:
                return []
            return [_found(contact) for contact in objects_at(data, "payload")]
        asked = value.strip()
        return [_found(contact) for contact in self._search(asked) if _fits(by, asked, contact)] if asked else []

    def current(self, kind: ObjectKind, object_id: str, field_name: str) -> str | None:
        """A field of the contact (`phone_number`, `custom_attributes.plan`) or an attribute of the conversation."""
        value = value_at(self._read(kind, object_id), field_name)
        if isinstance(value, Mapping | list):
            raise Refused(f"{self.name}: {field_name!r} is no plain value. Correct `fields`.")
        return as_field(value)

    def write_field(self, key: str, kind: ObjectKind, object_id: str, field_name: str, value: str) -> Mapping[str, Any]:
        """Write the field; attributes that stand beside it stay."""
        is_attribute = field_name.startswith(_ATTRIBUTES)
        if kind == "customer" and (is_attribute or field_name in _OF_CONTACT):
            path = f"contacts/{segment(object_id)}"
            answer = self._http.call("PUT", path, body=nested({field_name: value}))
        elif kind == "ticket" and is_attribute:
            # what is sent replaces all attributes of a conversation
            present = value_at(self._read(kind, object_id), "custom_attributes")
            whole = {**(present if isinstance(present, Mapping) else {}), field_name.removeprefix(_ATTRIBUTES): value}
            path = f"conversations/{segment(object_id)}/custom_attributes"
            answer = self._http.call("POST", path, body={"custom_attributes": whole})
        else:
            raise self.cannot(f"write {field_name!r} of a {kind}")
        return {"status": answer.status, "key": key}

    def add_note(self, key: str, kind: ObjectKind, object_id: str, text: str) -> Mapping[str, Any]:
        """Add a private note to the conversation, with the key in its last line."""
        if kind != "ticket":
            raise self.cannot("take a note at a customer; notes are messages of a conversation")
        message = {"content": f"{text}\n\n{note_mark(key)}", "message_type": "outgoing", "private": True}
        answer = self._http.call("POST", f"conversations/{segment(object_id)}/messages", body=message)
        return {"status": answer.status, "key": key, "message_id": as_field(value_at(answer.data, "id"))}

    def has_note(self, key: str, kind: ObjectKind, object_id: str) -> bool:
        """Whether one of the newest messages of the conversation has the key in it."""
        if kind != "ticket":
            return False
        mark, newest = note_mark(key), islice(self._messages(object_id), NEWEST_MESSAGES)
        return any(mark in str(one.get("content")) for one in newest)

    def changed(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[tuple[ObjectKind, str]]:
        """The contact or conversation that an event (`contact_updated`, `conversation_updated` …) tells of."""
        data = signed_data(self, self._webhook_secret, is_from_chatwoot, Event(headers, body, now))
        kind = _KIND_OF_EVENT.get(str(value_at(data, "event")).partition("_")[0])
        object_id = as_field(value_at(data, "id"))
        return [(kind, object_id)] if kind is not None and object_id is not None else []

    def _read(self, kind: ObjectKind, object_id: str) -> Mapping[str, Any]:
        is_contact = kind == "customer"
        data = self._http.get(f"{'contacts' if is_contact else 'conversations'}/{segment(object_id)}")
        there = value_at(data, "payload") if is_contact else data
        if not isinstance(there, Mapping):
            raise Refused(f"{self.name} answered with no {'contact' if is_contact else 'conversation'}.")
        return there

    def _search(self, value: str) -> Iterator[Mapping[str, Any]]:
        def following(data: Any) -> Query | None:
            page, count, more = (value_at(data, f"meta.{name}") for name in ("current_page", "count", "has_more"))
            page = int(page) if str(page).isdecimal() else 1
            if more is None:  # older installations tell how many there are in all
                more = isinstance(count, int) and count > page * CONTACTS_A_PAGE
            return [("q", value), ("page", str(page + 1))] if more is True else None

        for data in self._http.pages("contacts/search", [("q", value), ("page", "1")], following):
            yield from objects_at(data, "payload")

    def _messages(self, object_id: str) -> Iterator[Mapping[str, Any]]:
        def following(data: Any) -> Query | None:
            ids = [one["id"] for one in objects_at(data, "payload") if isinstance(one.get("id"), int)]
            return [("before", str(min(ids)))] if len(ids) >= MESSAGES_A_PAGE else None

        for data in self._http.pages(f"conversations/{segment(object_id)}/messages", (), following):
            yield from objects_at(data, "payload")


def _found(contact: Mapping[str, Any]) -> Found:
    object_id = as_field(contact.get("id")) or ""
    record = CustomerRecord(
        customer_id=as_field(contact.get("identifier")) or object_id or "unknown",
        name=str(contact.get("name") or ""),
        language=str(value_at(contact, "additional_attributes.language") or "en")[:2].lower(),
    )
    return Found(object_id, record, flat_fields(contact))


def _fits(by: FindBy, value: str, contact: Mapping[str, Any]) -> bool:
    if by == "phone":
        return same_phone(value, contact.get("phone_number"))
    return same_text(value, contact.get("email" if by == "email" else "identifier"))
