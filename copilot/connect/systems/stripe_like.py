"""Subscription billing in the form of Stripe: customers, invoices, charges with decline codes, subscriptions.

Written from its API reference; docs/connect.md says against what it ran.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from copilot.connect.http import Http, Query, segment
from copilot.connect.protocol import (
    Billing,
    Capabilities,
    FindBy,
    Found,
    NoSuchRecord,
    ObjectKind,
    Refused,
    System,
    as_field,
)
from copilot.connect.rest_mapping import Variable
from copilot.connect.shape import flat_fields, objects_at, value_at
from copilot.connect.signatures import is_from_stripe
from copilot.connect.stripe_shapes import declines_of, invoice_of, payment_of, payments_of_intents, subscription_of
from copilot.connect.systems import SystemConfig, parse_config, secret_of
from copilot.connect.systems._events import Event, signed_data
from copilot.customer import CustomerRecord, Invoice, Payment

PAGE = 100
_OF_CUSTOMER = frozenset({"name", "email", "phone", "description"})
_METADATA = re.compile(r"metadata\.(\w{1,40})")


class StripeConfig(SystemConfig):
    """The variable with the (restricted) key; `account_field` is where its metadata hold our account number."""

    url: str = "https://api.stripe.com"
    key_variable: Variable
    webhook_variable: Variable | None = None
    version: str = Field(default="", pattern=r"^[\w.-]*$")
    account_field: str = Field(default="account_id", pattern=r"^\w+$")
    timeout_s: float = Field(default=20.0, gt=0, le=30)


def build(name: str, entry: Mapping[str, Any], *, base: Path, environ: Mapping[str, str]) -> System:
    """The account whose key an entry names; nothing is asked yet."""
    config = parse_config(StripeConfig, name, entry)
    headers = {"Authorization": f"Bearer {secret_of(config.key_variable, name, environ)}"}
    if config.version:
        headers["Stripe-Version"] = config.version
    secret = secret_of(config.webhook_variable, name, environ) if config.webhook_variable else ""
    http = Http(name, f"{config.url.rstrip('/')}/v1", headers, timeout_s=config.timeout_s)
    return StripeSystem(name, http, config.account_field, secret)


class StripeSystem(System):
    """One account; it takes changes of a customer's own fields, and no notes."""

    can = Capabilities(customers=True, fields=True, billing=True, idempotent=True)

    def __init__(self, name: str, http: Http, account_field: str = "account_id", webhook_secret: str = "") -> None:
        super().__init__(name)
        self._http, self._account_field, self._webhook_secret = http, account_field, webhook_secret

    def check(self) -> Sequence[str]:
        """Ask for one customer."""
        self._http.get("customers", (("limit", "1"),))
        return []

    def find(self, by: FindBy, value: str) -> Sequence[Found]:
        """The customers that fit; phone and account number by its search, which lags behind by a minute or so."""
        asked = value.strip()
        if not asked:
            return []
        if by == "id":
            try:
                return [_found(self._customer(asked))]
            except NoSuchRecord:
                return []
        if by == "email":
            return [_found(one) for one in self._list("customers", [("email", asked)])]
        name = "phone" if by == "phone" else f"metadata['{self._account_field}']"
        quoted = asked.replace("\\", "\\\\").replace("'", "\\'")
        return [_found(one) for one in self._search("customers/search", f"{name}:'{quoted}'")]

    def billing(self, customer_id: str) -> Billing:
        """Invoices with their lines, all attempts to pay with decline codes, and subscriptions, ended ones too."""
        self._customer(customer_id)
        of_customer = [("customer", customer_id)]
        problems: list[str] = []
        invoices: list[Invoice] = []
        currency_of: dict[str, str] = {}
        for raw in self._list("invoices", of_customer):
            try:
                invoices.append(invoice_of(raw, self._lines(raw)))
                currency_of[invoices[-1].invoice_id] = str(raw.get("currency")).upper()
            except ValueError as error:
                problems.append(_problem("invoice", raw, error))
        payments = self._payments(of_customer, problems)
        subscriptions = self._list("subscriptions", [*of_customer, ("status", "all")])
        told = tuple(subscription_of(raw) for raw in subscriptions)
        return Billing(tuple(invoices), tuple(payments), told, currency_of, tuple(problems))

    def current(self, kind: ObjectKind, object_id: str, field_name: str) -> str | None:
        """A field of the customer: name, email, phone, description, or `metadata.NAME`."""
        self._check_field(kind, field_name)
        return as_field(value_at(self._customer(object_id), field_name))

    def write_field(self, key: str, kind: ObjectKind, object_id: str, field_name: str, value: str) -> Mapping[str, Any]:
        """Write the field, with the key as Idempotency-Key."""
        self._check_field(kind, field_name)
        name = _METADATA.sub(r"metadata[\1]", field_name)
        headers = {"Idempotency-Key": key}
        answer = self._http.call("POST", f"customers/{segment(object_id)}", form=[(name, value)], headers=headers)
        return {"status": answer.status, "key": key}

    def changed(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[tuple[ObjectKind, str]]:
        """The customer of a `customer.updated` event."""
        data = signed_data(self, self._webhook_secret, is_from_stripe, Event(headers, body, now))
        object_id = as_field(value_at(data, "data.object.id"))
        is_customer = value_at(data, "type") in ("customer.updated", "customer.deleted")
        return [("customer", object_id)] if is_customer and object_id else []

    def _check_field(self, kind: ObjectKind, field_name: str) -> None:
        if kind != "customer" or not (field_name in _OF_CUSTOMER or _METADATA.fullmatch(field_name)):
            raise self.cannot(f"write {field_name!r} of a {kind}")

    def _customer(self, customer_id: str) -> Mapping[str, Any]:
        raw = self._http.get(f"customers/{segment(customer_id)}")
        if not isinstance(raw, Mapping) or raw.get("deleted") is True:
            raise NoSuchRecord(f"{self.name} does not hold this customer any more.")
        return raw

    def _lines(self, raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if value_at(raw, "lines.has_more") is True:
            return list(self._list(f"invoices/{segment(str(raw.get('id')))}/lines", ()))
        return objects_at(raw, "lines.data")

    def _payments(self, of_customer: Query, problems: list[str]) -> list[Payment]:
        intents = list(self._list("payment_intents", of_customer))
        declines = declines_of(intents)
        payments: list[Payment] = []
        charges: set[str] = set()
        for raw in self._list("charges", of_customer):
            charges.add(str(raw.get("id")))
            try:
                payments.append(payment_of(raw, declines))
            except ValueError as error:
                problems.append(_problem("charge", raw, error))
        for raw in intents:
            try:
                payments.extend(payments_of_intents(raw, charges))
            except ValueError as error:
                problems.append(_problem("payment intent", raw, error))
        return payments

    def _list(self, path: str, query: Query) -> Iterator[Mapping[str, Any]]:
        asked: Query = [*query, ("limit", str(PAGE))]

        def following(data: Any) -> Query | None:
            rows = objects_at(data, "data")
            if value_at(data, "has_more") is not True:
                return None
            last = as_field(rows[-1].get("id")) if rows else None
            if last is None:
                raise Refused(f"{self.name} tells of more rows and gives none to go on from.")
            return [*asked, ("starting_after", last)]

        for data in self._http.pages(path, asked, following):
            yield from objects_at(data, "data")

    def _search(self, path: str, query: str) -> Iterator[Mapping[str, Any]]:
        asked: Query = [("query", query), ("limit", str(PAGE))]

        def following(data: Any) -> Query | None:
            page = value_at(data, "next_page")
            is_more = value_at(data, "has_more") is True and isinstance(page, str)
            return [*asked, ("page", page)] if is_more else None

        for data in self._http.pages(path, asked, following):
            yield from objects_at(data, "data")


def _found(raw: Mapping[str, Any]) -> Found:
    object_id = as_field(raw.get("id")) or ""
    languages = raw.get("preferred_locales")
    first = str(languages[0])[:2].lower() if isinstance(languages, list) and languages else "en"
    record = CustomerRecord(customer_id=object_id or "unknown", name=str(raw.get("name") or ""), language=first)
    return Found(object_id, record, flat_fields(raw))


def _problem(kind: str, raw: Mapping[str, Any], error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    why = ".".join(map(str, errors(include_input=False)[0]["loc"])) if errors else str(error)
    return f"{kind} {str(raw.get('id'))[:60]}: {why}"
