"""The form of the mapping that tells a REST system, checked as a whole before anything is asked."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from copilot.connect.http import segment
from copilot.connect.protocol import FindBy, ObjectKind
from copilot.connect.systems import SystemConfig
from copilot.customer import CustomerRecord, Invoice, Payment

_HOLE = re.compile(r"\{([a-z]*)\}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def filled(form: str, **values: str) -> str:
    """The form with its holes (`{text}`) filled; what is filled in is not looked at again."""
    return _HOLE.sub(lambda hole: values[hole[1]], form)


def filled_path(form: str, **values: str) -> str:
    """An address with its holes filled, each value quoted so that it stays where it stands."""
    path, mark, query = form.partition("?")
    in_path = filled(path, **{name: segment(value) for name, value in values.items() if f"{{{name}}}" in path})
    return in_path + mark + filled(query, **{name: quote(value, safe="") for name, value in values.items()})


def _with_holes(*names: str) -> AfterValidator:
    def check(form: str) -> str:
        unknown = [hole for hole in _HOLE.findall(form) if hole not in names]
        if unknown or "{" in _HOLE.sub("", form) or "}" in _HOLE.sub("", form):
            allowed = ", ".join(f"{{{name}}}" for name in names) or "none"
            raise ValueError(f"{form!r} has a hole that is not known here; there are: {allowed}")
        return form

    return AfterValidator(check)


def _header(name: str) -> str:
    if not _HEADER.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a header")
    return name


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise ValueError("it is the name of an environment variable, never the secret itself")
    return name


Header = Annotated[str, AfterValidator(_header)]
Variable = Annotated[str, AfterValidator(_variable)]
Plain = Annotated[str, _with_holes()]
OfObject = Annotated[str, _with_holes("id")]
OfNote = Annotated[str, _with_holes("id", "key")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Auth(_Part):
    """The log-in: a header, and the environment variable that holds its secret."""

    header: Header = "Authorization"
    variable: Variable
    prefix: str = "Bearer "


class Listing(_Part):
    """Objects at an address: `items` is the path to the list, `next` the path to the next page's address."""

    get: str
    items: str = ""
    next: str = ""
    fields: Mapping[str, str] = {}
    key: str = ""


class Search(Listing):
    """Customers; `{value}` is what they are looked for by."""

    get: Annotated[str, _with_holes("value")]


class OfCustomer(Listing):
    """Rows of a customer `{id}`; `fields`: which of their paths is which of our fields."""

    get: OfObject


class Existing(Listing):
    """The notes of an object; `key` is the path to the text that holds the key."""

    get: OfNote
    key: str = Field(min_length=1)


class Customer(_Part):
    """A customer: the path to the id, and which of their paths is which field of our record."""

    id: str
    record: Mapping[str, str]

    @model_validator(mode="after")
    def _has_known_fields(self) -> "Customer":
        _check_fields(self.record, set(CustomerRecord.model_fields), {"customer_id"})
        return self


class Read(_Part):
    """Where an object is read; `at` is the path to it in the answer."""

    get: OfObject
    at: str = ""


class Write(_Part):
    """Where one field of an object is written; `at` is what the body wraps it in."""

    method: Literal["PATCH", "PUT", "POST"] = "PATCH"
    path: OfObject
    at: str = ""


class Note(_Part):
    """Where a note is added: `body` by path, with `{text}`, `{key}`, `{id}`; `existing`: where to find it."""

    method: Literal["POST", "PUT"] = "POST"
    path: OfNote
    body: Mapping[str, Annotated[str, _with_holes("text", "key", "id")]]
    existing: Existing | None = None

    @model_validator(mode="after")
    def _carries_what_it_must(self) -> "Note":
        whole = " ".join(self.body.values())
        if "{text}" not in whole:
            raise ValueError("body holds no {text}")
        if self.existing is not None and "{key}" not in whole + self.path:
            raise ValueError("existing looks for the key, and body holds no {key}")
        return self


class RestConfig(SystemConfig):
    """A whole mapping; docs/connect.md shows one."""

    url: str
    auth: Auth | None = None
    headers: Mapping[Header, str] = {}
    allow_http: bool = False
    timeout_s: float = Field(default=20.0, gt=0, le=30)
    check: Plain | None = None
    idempotency_header: Header | None = None
    find: Mapping[FindBy, Search] = {}
    customer: Customer | None = None
    read: Mapping[ObjectKind, Read] = {}
    write: Mapping[ObjectKind, Write] = {}
    notes: Mapping[ObjectKind, Note] = {}
    types: Mapping[str, Literal["text", "number", "boolean"]] = {}
    invoices: OfCustomer | None = None
    payments: OfCustomer | None = None
    currency: str = ""

    @model_validator(mode="after")
    def _fits_together(self) -> "RestConfig":
        if self.find and self.customer is None:
            raise ValueError("find needs customer: where id and fields stand")
        unread = sorted(set(self.write) - set(self.read))
        if unread:
            raise ValueError(f"write.{unread[0]} needs read.{unread[0]}: nothing is written that was not read before")
        if self.invoices is not None:
            needed = {"invoice_id", "bill_date", "due_date", "total"}
            _check_fields(self.invoices.fields, set(Invoice.model_fields), needed)
        if self.payments is not None:
            _check_fields(self.payments.fields, set(Payment.model_fields), {"paid_on", "amount"})
        return self


def _check_fields(given: Mapping[str, str], known: set[str], needed: set[str]) -> None:
    unknown = sorted(name for name in given if name.split(".")[0] not in known)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no field of ours; there are: {', '.join(sorted(known))}")
    missing = sorted(needed - set(given))
    if missing:
        raise ValueError(f"it does not tell where {missing[0]!r} stands")
