"""What other systems are to us: where customers are found, bills are read, and notes and changes are written.

A system is one file in `copilot/connect/systems`; what it cannot do, it refuses in the words of `System`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from copilot.customer import CustomerRecord, Invoice, Payment
from copilot.errors import CopilotError

FindBy = Literal["id", "phone", "email", "account"]
ObjectKind = Literal["customer", "ticket"]
FIND_BY: tuple[FindBy, ...] = get_args(FindBy)
OBJECTS: tuple[ObjectKind, ...] = get_args(ObjectKind)
NOTE = "note"
"""What the note itself is called where a field is named."""


class ConnectFailed(CopilotError):
    """Another system did not do what it was asked to do; `status` is its HTTP status, where it has one."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class NoSuchRecord(ConnectFailed):
    """It does not hold what was asked for."""


class Refused(ConnectFailed):
    """It will not do this, however often it is asked."""


class ChangedThere(ConnectFailed):
    """The value was changed there meanwhile; `found` is the present one, where it is known."""

    def __init__(self, message: str, found: str | None = None) -> None:
        super().__init__(message)
        self.found = found


class BadSignature(ConnectFailed):
    """An event does not come from the system it names, or was signed too long ago."""


class Unavailable(ConnectFailed):
    """It did not answer, or not in time, or not now.

    Attributes:
        retry_after_s: how long it asks to be left alone; 0 when it says nothing.
        may_have_written: whether what was asked may have been done all the same.
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after_s: float = 0.0, may_have_written: bool = True
    ) -> None:
        super().__init__(message, status=status)
        self.retry_after_s = retry_after_s
        self.may_have_written = may_have_written


class RateLimited(Unavailable):
    """It asks to be left alone for `retry_after_s` seconds; nothing was written."""

    def __init__(self, message: str, retry_after_s: float, *, status: int | None = None) -> None:
        super().__init__(message, status=status, retry_after_s=retry_after_s, may_have_written=False)


@dataclass(frozen=True)
class Capabilities:
    """What a system can do.

    Attributes:
        idempotent: a write with the same key is done once, however often it is sent.
        finds_notes: a note can be looked up again by its key.
    """

    customers: bool = False
    notes: bool = False
    fields: bool = False
    billing: bool = False
    idempotent: bool = False
    finds_notes: bool = False

    def may_repeat(self, *, is_note: bool) -> bool:
        """Whether a write whose outcome is unknown may be tried again; a field is read before every write."""
        return self.idempotent or self.finds_notes or not is_note


@dataclass(frozen=True)
class Found:
    """A customer there: the id to write to, the record in our form, and the plain fields as that system names them."""

    object_id: str
    record: CustomerRecord
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subscription:
    """A recurring service as a billing system tells it; `status` in its own words (active, past_due, unpaid …)."""

    subscription_id: str
    status: str
    cancels_at_period_end: bool = False


@dataclass(frozen=True)
class Billing:
    """What a billing system holds of a customer.

    `currency_of` gives the currency (ISO 4217, upper case) of each invoice id; `problems` names what could not be read.
    """

    invoices: Sequence[Invoice] = ()
    payments: Sequence[Payment] = ()
    subscriptions: Sequence[Subscription] = ()
    currency_of: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()


class System:
    """Another system; a file in `systems` overrides what it can do."""

    can = Capabilities()

    def __init__(self, name: str) -> None:
        self.name = name

    def check(self) -> Sequence[str]:
        """Ask it something harmless; what is wrong with single rows, if anything.

        Raises:
            ConnectFailed: it cannot be used.
        """
        return ()

    def find(self, by: FindBy, value: str) -> Sequence[Found]:
        """The customers that fit; none is an empty list.

        Raises:
            ConnectFailed: it did not answer, or cannot be asked this.
        """
        raise self.cannot(f"find a customer by {by}")

    def billing(self, customer_id: str) -> Billing:
        """Invoices, payments with decline codes, and subscriptions of a customer there.

        Raises:
            ConnectFailed: as `find`; NoSuchRecord for an unknown customer.
        """
        raise self.cannot("give bills")

    def current(self, kind: ObjectKind, object_id: str, field_name: str) -> str | None:
        """The present value of a field as a text; None when it is empty.

        Raises:
            ConnectFailed: as `find`; Refused for a field it does not have.
        """
        raise self.cannot(f"read fields of a {kind}")

    def write_field(self, key: str, kind: ObjectKind, object_id: str, field_name: str, value: str) -> Mapping[str, Any]:
        """Write one field, and say what shows it.

        Raises:
            ConnectFailed: it was not written, or (Unavailable) nobody can tell.
        """
        raise self.cannot(f"write fields of a {kind}")

    def add_note(self, key: str, kind: ObjectKind, object_id: str, text: str) -> Mapping[str, Any]:
        """Add an internal note that carries `key`, and say what shows it.

        Raises:
            ConnectFailed: as `write_field`.
        """
        raise self.cannot(f"take a note at a {kind}")

    def has_note(self, key: str, kind: ObjectKind, object_id: str) -> bool:
        """Whether a note with this key is there already."""
        return False

    def changed(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[tuple[ObjectKind, str]]:
        """The objects that an event of the system says were changed there, by kind and id; others are passed over.

        `headers` have lower-case names; `body` is as it came.

        Raises:
            BadSignature: it is not signed by the system, or too long ago.
            Refused: no secret is configured, or the system sends none.
        """
        raise self.cannot("send events here; no secret for them is set")

    def cannot(self, what: str) -> Refused:
        """The refusal of what it cannot do."""
        return Refused(f"The system {self.name!r} cannot {what}. `copilot connect check` lists what each can do.")


def note_mark(key: str) -> str:
    """The line by which a note is known again where the system has no key of its own."""
    return f"(ref {key})"


def as_field(value: object) -> str | None:
    """A value of another system as the text it is compared by; None when it is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
