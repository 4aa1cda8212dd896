"""The event log: the truth about every call. What is appended is never changed, but for digits found secret later."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sqlalchemy import Engine, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict, NotFound
from copilot.store.tables import calls, events

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Call:
    """One conversation, as it was announced."""

    call_id: str
    channel: str = "voice"
    language: str | None = None
    started_at: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True)
class NewEvent:
    """An event before it has a place in the log."""

    type: str
    body: Body
    at: str


@dataclass(frozen=True)
class Event:
    """An event in the log; `seq` counts from 1 within the call, without gaps."""

    call_id: str
    seq: int
    at: str
    type: str
    body: Body


class MovedOn(Conflict):
    """Somebody else appended to the call in between."""


class EventLog:
    """Calls and their events, of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant
        # SQLite lets writers sleep and try again, for seconds under load; before a lock they wait in line.
        self._writing = Lock()

    def create_call(self, call: Call) -> bool:
        """Store a call; False when a call of this id is there already (it stays as it was)."""
        row = {"tenant": self._tenant, "created_at": datetime.now(UTC), **vars(call)}
        try:
            with self._writing, self._engine.begin() as connection:
                connection.execute(insert(calls).values(row))
        except IntegrityError:
            return False
        return True

    def call(self, call_id: str) -> Call:
        """The call of this id.

        Raises:
            NotFound: there is none.
        """
        wanted = [calls.c[name] for name in ("call_id", "channel", "language", "started_at", "customer_id")]
        with self._reader.connect() as connection:
            row = connection.execute(
                select(*wanted).where(calls.c.tenant == self._tenant, calls.c.call_id == call_id)
            ).first()
        if row is None:
            raise NotFound(f"No call {call_id!r}. Create it with POST /v1/calls first.")
        return Call(*row)

    def append(
        self, call_id: str, after: int, new: Sequence[NewEvent], rewritten: Mapping[int, Body] | None = None
    ) -> int:
        """Append events behind number `after`, in one transaction, and return the last number.

        Args:
            call_id: the call.
            after: the number of the last event the caller knows.
            new: what happened, in order.
            rewritten: bodies that replace those of earlier events, because a later turn showed a secret in them.

        Raises:
            MovedOn: somebody else appended in between; read on and try again.
        """
        rows = [
            {"tenant": self._tenant, "call_id": call_id, "seq": after + place, **vars(event)}
            for place, event in enumerate(new, start=1)
        ]
        try:
            with self._writing, self._engine.begin() as connection:
                if rows:
                    connection.execute(insert(events), rows)
                for seq, body in (rewritten or {}).items():
                    connection.execute(update(events).where(*self._at(call_id), events.c.seq == seq).values(body=body))
        except IntegrityError as error:
            raise MovedOn(f"Call {call_id!r} has moved on since event {after}. Read on and try again.") from error
        if rewritten:
            self._forget_old_pages()
        return after + len(rows)

    def read(self, call_id: str, after: int = 0) -> list[Event]:
        """The events of a call behind number `after`, in order; empty when there are none."""
        columns = (events.c.call_id, events.c.seq, events.c.at, events.c.type, events.c.body)
        query = select(*columns).where(*self._at(call_id), events.c.seq > after).order_by(events.c.seq)
        with self._reader.connect() as connection:
            return [Event(*row) for row in connection.execute(query)]

    def ended_since(self, day: datetime) -> list[str]:
        """The calls that were announced since then and have ended."""
        query = (
            select(events.c.call_id)
            .join(calls, and_(calls.c.tenant == events.c.tenant, calls.c.call_id == events.c.call_id))
            .where(events.c.tenant == self._tenant, events.c.type == "call.ended", calls.c.created_at >= day)
        )
        with self._reader.connect() as connection:
            return list(connection.execute(query).scalars())

    def _at(self, call_id: str) -> tuple[Any, Any]:
        return events.c.tenant == self._tenant, events.c.call_id == call_id

    def _forget_old_pages(self) -> None:
        if self._engine.dialect.name == "sqlite":  # the write-ahead log still holds the page as it was
            with self._writing, closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
