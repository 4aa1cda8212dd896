"""Zendesk Support: users are found, internal comments added to tickets, fields of users and tickets written.

Written from the documentation of the Ticketing API (v2); docs/connect.md says against what it ran.
"""

import base64
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from copilot.connect.http import Http, Query, segment
from copilot.connect.matching import same_phone, same_text
from copilot.connect.protocol import (
    Capabilities,
    ChangedThere,
    ConnectFailed,
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
from copilot.connect.signatures import is_from_zendesk
from copilot.connect.systems import SystemConfig, parse_config, secret_of
from copilot.connect.systems._events import Event, signed_data
from copilot.customer import CustomerRecord

CONFLICT = 409
_PATHS: Mapping[ObjectKind, tuple[str, str]] = {"customer": ("users", "user"), "ticket": ("tickets", "ticket")}
_CUSTOM = "custom_fields."
_READ_ONLY = frozenset({"id", "url", "created_at", "updated_at"})


class ZendeskConfig(SystemConfig):
    """`subdomain` (or a whole `url`), and the log-in: `email` with an API token, or an OAuth token alone."""

    subdomain: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    url: str = ""
    email: str = Field(default="", pattern=r"^[^:\s]*$")
    token_variable: Variable
    webhook_variable: Variable | None = None
    timeout_s: float = Field(default=20.0, gt=0, le=30)

    @model_validator(mode="after")
    def _has_one_address(self) -> "ZendeskConfig":
        if bool(self.subdomain) == bool(self.url):
            raise ValueError("give subdomain or url, one of them")
        return self


def build(name: str, entry: Mapping[str, Any], *, base: Path, environ: Mapping[str, str]) -> System:
    """The account that an entry names; nothing is asked yet."""
    config = parse_config(ZendeskConfig, name, entry)
    token = secret_of(config.token_variable, name, environ)
    basic = base64.b64encode(f"{config.email}/token:{token}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}" if config.email else f"Bearer {token}"}
    url = config.url or f"https://{config.subdomain}.zendesk.com"
    secret = secret_of(config.webhook_variable, name, environ) if config.webhook_variable else ""
    return ZendeskSystem(name, Http(name, f"{url.rstrip('/')}/api/v2", headers, timeout_s=config.timeout_s), secret)


class ZendeskSystem(System):
    """One Zendesk account."""

    can = Capabilities(customers=True, notes=True, fields=True, finds_notes=True)

    def __init__(self, name: str, http: Http, webhook_secret: str = "") -> None:
        super().__init__(name)
        self._http, self._webhook_secret = http, webhook_secret
        self._last_read = threading.local()  # `stamps`: updated_at by ticket; a thread reads, then writes

    def check(self) -> Sequence[str]:
        """Ask who we are: without a log-in Zendesk answers too, with nobody."""
        if as_field(value_at(self._http.get("users/me.json"), "user.id")) is None:
            raise Refused(f"{self.name}: the log-in is wrong. Correct email and token_variable.", status=401)
        return []

    def find(self, by: FindBy, value: str) -> Sequence[Found]:
        """The users that fit; an account number is their external_id."""
        if by == "id":
            try:
                data = self._http.get(f"users/{segment(value)}.json")
            except NoSuchRecord:
                return []
            return [_found(user) for user in objects_at(data, "user")]
        plain = value.strip().replace('"', "").replace("\\", "")
        asked: Query = [("external_id", plain)] if by == "account" else [("query", f'{by}:"{plain}"')]
        users = self._all("users/search.json", asked, "users") if plain else ()
        return [_found(user) for user in users if _fits(by, plain, user)]

    def current(self, kind: ObjectKind, object_id: str, field_name: str) -> str | None:
        """A field of the user (`phone`, `user_fields.plan`) or the ticket (`priority`, `custom_fields.360001`)."""
        there = self._read(kind, object_id)
        if kind == "ticket":
            self._last_read.stamps = {object_id: str(there.get("updated_at") or "")}
        if kind == "ticket" and field_name.startswith(_CUSTOM):
            wanted = field_name.removeprefix(_CUSTOM)
            fields = objects_at(there, "custom_fields")
            found = next((one for one in fields if as_field(one.get("id")) == wanted), None)
            if found is None:
                raise Refused(f"{self.name}: tickets have no custom field {wanted!r}. Correct `fields`.")
            return _plain(self, field_name, found.get("value"))
        return _plain(self, field_name, value_at(there, field_name))

    def write_field(self, key: str, kind: ObjectKind, object_id: str, field_name: str, value: str) -> Mapping[str, Any]:
        """Write the field; a ticket only while it is as it was when it was read (safe_update)."""
        if field_name in _READ_ONLY:
            raise Refused(f"{self.name}: {field_name!r} is not written from outside.")
        change: dict[str, Any] = nested({field_name: value})
        if kind == "ticket" and field_name.startswith(_CUSTOM):
            number = field_name.removeprefix(_CUSTOM)
            change = {"custom_fields": [{"id": int(number) if number.isdecimal() else number, "value": value}]}
        stamp = getattr(self._last_read, "stamps", {}).pop(object_id, "") if kind == "ticket" else ""
        if stamp:
            change |= {"safe_update": True, "updated_stamp": stamp}
        return self._write(key, kind, object_id, change)

    def add_note(self, key: str, kind: ObjectKind, object_id: str, text: str) -> Mapping[str, Any]:
        """Add an internal comment to the ticket, with the key in its last line."""
        if kind != "ticket":
            raise self.cannot("take a note at a customer; notes are comments of a ticket")
        comment = {"body": f"{text}\n\n{note_mark(key)}", "public": False}
        return self._write(key, kind, object_id, {"comment": comment})

    def has_note(self, key: str, kind: ObjectKind, object_id: str) -> bool:
        """Whether a comment of the ticket has the key in it."""
        if kind != "ticket":
            return False
        comments = self._all(f"tickets/{segment(object_id)}/comments.json", (("page[size]", "100"),), "comments")
        mark = note_mark(key)
        return any(mark in str(one.get("plain_body")) or mark in str(one.get("body")) for one in comments)

    def changed(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[tuple[ObjectKind, str]]:
        """The user or ticket in the `subject` of an event (`zen:ticket:35436`)."""
        data = signed_data(self, self._webhook_secret, is_from_zendesk, Event(headers, body, now))
        subject = str(value_at(data, "subject")).split(":")
        kinds: Mapping[str, ObjectKind] = {"user": "customer", "ticket": "ticket"}
        return [(kinds[subject[1]], subject[2])] if len(subject) == 3 and subject[1] in kinds else []

    def _read(self, kind: ObjectKind, object_id: str) -> Mapping[str, Any]:
        path, wrapped = _PATHS[kind]
        there = value_at(self._http.get(f"{path}/{segment(object_id)}.json"), wrapped)
        if not isinstance(there, Mapping):
            raise Refused(f"{self.name} answered with no {wrapped}.")
        return there

    def _write(self, key: str, kind: ObjectKind, object_id: str, change: Mapping[str, Any]) -> Mapping[str, Any]:
        path, wrapped = _PATHS[kind]
        try:
            answer = self._http.call(
                "PUT",
                f"{path}/{segment(object_id)}.json",
                body={wrapped: change},
                # documented for new tickets only; harmless here, where reading back is what counts
                headers={"Idempotency-Key": key},
            )
        except ConnectFailed as error:
            if error.status == CONFLICT and "safe_update" in change:
                raise ChangedThere(
                    f"{self.name}: the ticket was changed there meanwhile; nothing was written."
                ) from None
            raise
        return {"status": answer.status, "key": key, "audit_id": as_field(value_at(answer.data, "audit.id"))}

    def _all(self, path: str, query: Query, name: str) -> Iterator[Mapping[str, Any]]:
        """All pages: by cursor where the endpoint has them, else by next_page."""

        def following(data: Any) -> Query | str | None:
            cursor = value_at(data, "meta.after_cursor")
            if value_at(data, "meta.has_more") is True and isinstance(cursor, str):
                return [*query, ("page[after]", cursor)]
            link = value_at(data, "next_page")
            return link if isinstance(link, str) and link else None

        for data in self._http.pages(path, query, following):
            yield from objects_at(data, name)


def _found(user: Mapping[str, Any]) -> Found:
    object_id = as_field(user.get("id")) or ""
    record = CustomerRecord(
        customer_id=as_field(user.get("external_id")) or object_id or "unknown",
        name=str(user.get("name") or ""),
        language=str(user.get("locale") or "en")[:2].lower(),
    )
    return Found(object_id, record, flat_fields(user))


def _fits(by: FindBy, value: str, user: Mapping[str, Any]) -> bool:
    if by == "phone":
        return same_phone(value, user.get("phone"))
    return same_text(value, user.get("email" if by == "email" else "external_id"))


def _plain(system: System, field_name: str, value: object) -> str | None:
    if isinstance(value, Mapping | list):
        raise Refused(f"{system.name}: {field_name!r} is no plain value. Correct `fields`.")
    return as_field(value)
