"""Any REST system that speaks JSON, told by a mapping: its addresses, its log-in, and where in its JSON what stands.

`copilot/connect/rest_mapping.py` has the form of the mapping; docs/connect.md shows a whole one.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from copilot.connect.http import Http
from copilot.connect.protocol import (
    Billing,
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
)
from copilot.connect.rest_mapping import Listing, RestConfig, filled, filled_path
from copilot.connect.shape import flat_fields, nested, objects_at, value_at
from copilot.connect.systems import parse_config, secret_of
from copilot.customer import Invoice, Payment, Record, customer_record
from copilot.errors import BadInput

CHANGED_STATUS = 412
R = TypeVar("R", bound=Record)


def build(name: str, entry: Mapping[str, Any], *, base: Path, environ: Mapping[str, str]) -> System:
    """The system that an entry describes; nothing is asked yet."""
    config = parse_config(RestConfig, name, entry)
    headers = dict(config.headers)
    if config.auth is not None:
        headers[config.auth.header] = config.auth.prefix + secret_of(config.auth.variable, name, environ)
    http = Http(name, config.url, headers, timeout_s=config.timeout_s, allow_http=config.allow_http)
    return RestSystem(name, config, http)


class RestSystem(System):
    """A system as its mapping tells it."""

    def __init__(self, name: str, config: RestConfig, http: Http) -> None:
        super().__init__(name)
        self._config, self._http = config, http
        self._last_read = threading.local()  # `tags`: the entity tag by kind and id; a thread reads, then writes
        self.can = Capabilities(
            customers=bool(config.find),
            notes=bool(config.notes),
            fields=bool(config.write),
            billing=config.invoices is not None or config.payments is not None,
            idempotent=config.idempotency_header is not None,
            finds_notes=bool(config.notes) and all(note.existing is not None for note in config.notes.values()),
        )

    def check(self) -> Sequence[str]:
        """Ask the address that is named for it."""
        if self._config.check is None:
            return ["`check` names no address; nothing was asked"]
        self._http.get(self._config.check)
        return []

    def find(self, by: FindBy, value: str) -> Sequence[Found]:
        """The customers at the address for this way of asking."""
        listing, shape = self._config.find.get(by), self._config.customer
        if listing is None or shape is None:
            raise self.cannot(f"find a customer by {by}")
        found: list[Found] = []
        try:
            found.extend(self._found(raw, shape.id, shape.record) for raw in self._items(listing, value=value))
        except NoSuchRecord:
            if found:  # a page is missing, not the customer
                raise
        return found

    def billing(self, customer_id: str) -> Billing:
        """Invoices and payments as far as the mapping tells where they are; rows of another form are named."""
        if not self.can.billing:
            raise self.cannot("give bills")
        problems: list[str] = []
        currency_of: dict[str, str] = {}
        invoices: list[Invoice] = []
        for raw, invoice in self._records(self._config.invoices, Invoice, customer_id, problems):
            invoices.append(invoice)
            currency = value_at(raw, self._config.currency) if self._config.currency else None
            if isinstance(currency, str):
                currency_of[invoice.invoice_id] = currency.upper()
        payments = [payment for _, payment in self._records(self._config.payments, Payment, customer_id, problems)]
        return Billing(tuple(invoices), tuple(payments), (), currency_of, tuple(problems))

    def current(self, kind: ObjectKind, object_id: str, field_name: str) -> str | None:
        """The value at the field's path in the object."""
        read = self._config.read.get(kind)
        if read is None:
            raise self.cannot(f"read fields of a {kind}")
        answer = self._http.call("GET", filled_path(read.get, id=object_id))
        self._last_read.tags = {(kind, object_id): answer.etag}
        there = value_at(answer.data, read.at)
        if not isinstance(there, Mapping):
            raise Refused(f"{self.name} answered with no {kind} at {read.at or 'the top'!r}. Correct `read.{kind}.at`.")
        value = value_at(there, field_name)
        if isinstance(value, Mapping | list):
            raise Refused(f"{self.name}: {field_name!r} is no plain value of a {kind}. Correct `fields`.")
        return as_field(value)

    def write_field(self, key: str, kind: ObjectKind, object_id: str, field_name: str, value: str) -> Mapping[str, Any]:
        """Send the one field; with If-Match, where the object was read with an entity tag."""
        write = self._config.write.get(kind)
        if write is None:
            raise self.cannot(f"write fields of a {kind}")
        place = f"{write.at}.{field_name}" if write.at else field_name
        headers = self._key(key)
        tag = getattr(self._last_read, "tags", {}).pop((kind, object_id), "")
        if tag:
            headers["If-Match"] = tag
        body = nested({place: self._typed(field_name, value)})
        try:
            answer = self._http.call(write.method, filled_path(write.path, id=object_id), body=body, headers=headers)
        except ConnectFailed as error:
            if error.status == CHANGED_STATUS:
                raise ChangedThere(
                    f"{self.name}: the {kind} was changed there meanwhile; nothing was written."
                ) from None
            raise
        return {"status": answer.status, "key": key}

    def add_note(self, key: str, kind: ObjectKind, object_id: str, text: str) -> Mapping[str, Any]:
        """Send the note in the form of the mapping."""
        note = self._config.notes.get(kind)
        if note is None:
            raise self.cannot(f"take a note at a {kind}")
        body = nested({place: filled(form, text=text, key=key, id=object_id) for place, form in note.body.items()})
        path = filled_path(note.path, id=object_id, key=key)
        answer = self._http.call(note.method, path, body=body, headers=self._key(key))
        return {"status": answer.status, "key": key}

    def has_note(self, key: str, kind: ObjectKind, object_id: str) -> bool:
        """Whether a note holds the key at the place that `existing` tells."""
        existing = self._config.notes[kind].existing if kind in self._config.notes else None
        if existing is None:
            return False
        return any(key in str(value_at(raw, existing.key)) for raw in self._items(existing, id=object_id, key=key))

    def _items(self, listing: Listing, **values: str) -> Iterator[Mapping[str, Any]]:
        def following(data: Any) -> str | None:
            link = value_at(data, listing.next) if listing.next else None
            return link if isinstance(link, str) and link else None

        for data in self._http.pages(filled_path(listing.get, **values), (), following):
            yield from objects_at(data, listing.items)

    def _found(self, raw: Mapping[str, Any], id_path: str, record: Mapping[str, str]) -> Found:
        object_id = as_field(value_at(raw, id_path))
        if object_id is None:
            raise Refused(f"{self.name}: a customer has nothing at {id_path!r}. Correct `customer.id`.")
        try:
            ours = customer_record(nested({place: value_at(raw, theirs) for place, theirs in record.items()}))
        except BadInput as error:
            raise Refused(f"{self.name}: {error}") from None
        return Found(object_id, ours, flat_fields(raw))

    def _records(
        self, listing: Listing | None, form: type[R], customer_id: str, problems: list[str]
    ) -> Iterator[tuple[Mapping[str, Any], R]]:
        for place, raw in enumerate(self._items(listing, id=customer_id) if listing else (), start=1):
            values = nested(
                {ours: value_at(raw, theirs) for ours, theirs in (listing.fields if listing else {}).items()}
            )
            try:
                yield raw, form.model_validate(values)
            except ValidationError as error:
                where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
                problems.append(f"{form.__name__.lower()} {place}: {where} has another form")

    def _typed(self, field_name: str, value: str) -> object:
        kind = self._config.types.get(field_name, "text")
        if kind == "boolean":
            if value.casefold() not in ("true", "false"):
                raise Refused(f"{self.name}: {field_name!r} is true or false, and the value is neither.")
            return value.casefold() == "true"
        if kind == "number":
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = Decimal("NaN")
            if not number.is_finite():
                raise Refused(f"{self.name}: {field_name!r} is a number, and the value is none.")
            return number
        return value

    def _key(self, key: str) -> dict[str, str]:
        header = self._config.idempotency_header
        return {header: key} if header else {}
