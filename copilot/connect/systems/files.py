"""A folder of CSV or JSONL files: `customers`, and `invoices`, `payments` where there are any; the default.

`columns.yaml` in it says which column holds what, where the names are not ours already:
`customers: {customer_id: "Acct No", balance.current_due: "Balance"}`. Notes go to `notes.jsonl`.
"""

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from copilot.connect.matching import same_phone, same_text
from copilot.connect.protocol import (
    Billing,
    Capabilities,
    FindBy,
    Found,
    NoSuchRecord,
    ObjectKind,
    Refused,
    System,
    Unavailable,
    as_field,
)
from copilot.connect.shape import flat_fields, nested, objects_at, value_at
from copilot.connect.systems import SystemConfig, parse_config
from copilot.connect.tables import BadRow, Row, append_line, change_row, read_rows
from copilot.customer import CustomerRecord, Invoice, Payment, customer_record
from copilot.errors import BadInput, ConfigError

SUFFIXES = (".csv", ".jsonl")
_PHONES = ("phone", "phone_number")


class FilesConfig(SystemConfig):
    """`folder` is taken from where the file stands that names it."""

    folder: str


def build(name: str, entry: Mapping[str, Any], *, base: Path, environ: Mapping[str, str]) -> System:
    """The folder that an entry names; it is made when something is written."""
    return FilesSystem(name, base / parse_config(FilesConfig, name, entry).folder)


class FilesSystem(System):
    """Customers and bills in files; changes are written into them."""

    can = Capabilities(customers=True, notes=True, fields=True, billing=True, finds_notes=True)

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name)
        self._folder = folder
        self._columns = _read_columns(folder / "columns.yaml")

    def check(self) -> Sequence[str]:
        """The rows that cannot be used, as file:line and why."""
        problems: list[str] = []
        for _ in self._customers(problems):
            pass
        return problems

    def find(self, by: FindBy, value: str) -> Sequence[Found]:
        """The customers that fit; phone numbers are compared by their last ten digits."""
        return [
            Found(record.customer_id, record, flat_fields(raw))
            for record, raw in self._customers([])
            if _fits(by, value, record, raw)
        ]

    def billing(self, customer_id: str) -> Billing:
        """What `invoices` and `payments` hold of a customer, with what the record itself holds."""
        found = self.find("id", customer_id)
        if not found:
            raise NoSuchRecord(f"No customer {customer_id!r} in {self._folder.name}.")
        problems: list[str] = []
        record = found[0].record
        invoices = [*record.invoices, *self._of(customer_id, "invoices", Invoice, problems)]
        payments = [*record.payments, *self._of(customer_id, "payments", Payment, problems)]
        return Billing(tuple(invoices), tuple(payments), problems=tuple(problems))

    def current(self, kind: ObjectKind, object_id: str, field_name: str) -> str | None:
        """The value in the customer's row."""
        raw = next((raw for record, raw in self._customers([]) if record.customer_id == object_id), None)
        if kind != "customer" or raw is None:
            raise NoSuchRecord(f"No {kind} {object_id!r} in {self._folder.name}.")
        return as_field(value_at(raw, field_name) if field_name not in raw else raw[field_name])

    def write_field(self, key: str, kind: ObjectKind, object_id: str, field_name: str, value: str) -> Mapping[str, Any]:
        """Change the customer's row; the rest of the file stays as it is."""
        path = self._file("customers")
        if kind != "customer" or path is None:
            raise NoSuchRecord(f"No {kind} {object_id!r} in {self._folder.name}.")
        names = self._columns.get("customers", {})
        id_column = names.get("customer_id", "customer_id")
        if field_name == "customer_id":
            raise Refused("The customer_id is what the row is known by; it is not changed from here.")
        try:
            with self._lock():
                is_there = change_row(path, id_column, object_id, names.get(field_name, field_name), value)
        except ValueError as error:  # it names columns, never values
            raise Refused(f"{path.name} is left as it is: {error}.") from None
        if not is_there:
            raise NoSuchRecord(f"No customer {object_id!r} in {path.name}.")
        return {"file": path.name, "key": key}

    def add_note(self, key: str, kind: ObjectKind, object_id: str, text: str) -> Mapping[str, Any]:
        """Append the note to notes.jsonl, whether or not `customers` holds whom it is about: tickets are elsewhere."""
        with self._lock():
            if not self.has_note(key, kind, object_id):
                note = {"key": key, "object": kind, "object_id": object_id, "text": text}
                append_line(self._folder / "notes.jsonl", note)
        return {"file": "notes.jsonl", "key": key}

    def has_note(self, key: str, kind: ObjectKind, object_id: str) -> bool:
        """Whether notes.jsonl holds the key."""
        rows = self._read(self._folder / "notes.jsonl")
        return any(isinstance(row, Row) and row.fields.get("key") == key for row in rows)

    def _customers(self, problems: list[str]) -> Iterator[tuple[CustomerRecord, Mapping[str, Any]]]:
        for where, row in self._rows("customers", problems):
            try:
                yield customer_record(nested(row)), row
            except (BadInput, ValueError) as error:
                problems.append(f"{where}: {error}")

    def _of(self, customer_id: str, table: str, form: Any, problems: list[str]) -> Iterator[Any]:
        for where, row in self._rows(table, problems):
            if str(row.get("customer_id")) != customer_id:
                continue
            try:
                yield form.model_validate(nested(row))
            except ValueError as error:
                problems.append(f"{where}: {type(error).__name__}, {_first_place(error)}")

    def _rows(self, table: str, problems: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        path = self._file(table)
        names = {theirs: ours for ours, theirs in self._columns.get(table, {}).items()}
        for row in self._read(path):
            where = f"{path.name if path else table}:{row.line}"
            if isinstance(row, BadRow):
                problems.append(f"{where}: {row.problem}")
            else:
                yield where, {names.get(column, column): cell for column, cell in row.fields.items() if cell != ""}

    def _file(self, table: str) -> Path | None:
        return next((path for end in SUFFIXES if (path := self._folder / f"{table}{end}").is_file()), None)

    def _read(self, path: Path | None) -> Iterator[Row | BadRow]:
        if path is None or not path.is_file():
            return
        try:
            yield from read_rows(path)
        except OSError as error:
            raise Unavailable(f"{path.name} cannot be read: {error.strerror}.", may_have_written=False) from None

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """No other writer of ours is at the folder; what goes wrong there was not written, or is found again."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / ".lock").open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise Unavailable(f"{self._folder.name} cannot be written: {error.strerror}.") from None


def _first_place(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    return ".".join(map(str, errors(include_input=False)[0]["loc"])) if errors else "wrong form"


def _read_columns(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
        return {str(table): {str(a): str(b) for a, b in names.items()} for table, names in (raw or {}).items()}
    except (AttributeError, ValueError, OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} cannot be read; write `customers: {{our_name: their column}}`.") from error


def _fits(by: FindBy, value: str, record: CustomerRecord, raw: Mapping[str, Any]) -> bool:
    if by == "id":
        return record.customer_id == value.strip()
    if by == "account":
        accounts = {account.account_id for account in record.accounts} | {str(raw.get("account_id", ""))}
        return bool(value.strip()) and value.strip() in accounts
    contacts = [raw, *objects_at(raw, "contacts")]
    if by == "email":
        return any(same_text(value, one.get("email")) for one in contacts)
    return any(same_phone(value, one.get(name)) for one in contacts for name in _PHONES)
