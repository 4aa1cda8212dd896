"""The audit log: append-only, each entry sealed with the hash of the one before, so that no change goes unseen.

hash = SHA-256 over the canonical JSON of tenant, seq, at, actor, action, subject, body and prev_hash. The head
stands in a row of its own, so that a tail that was cut off is missed. Whoever can write the database file can also
compute hashes: keep the head's hash elsewhere from time to time (`head`) and give it to `verify` as an anchor; then a
chain that was written anew does not pass either.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, cast, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from copilot.store.review_tables import audit, audit_heads

GENESIS = "0" * 64
_FIELDS = ("seq", "at", "actor", "action", "subject", "body", "prev_hash", "hash")


@dataclass(frozen=True)
class AuditEntry:
    """One entry; `body` is canonical JSON, `hash` seals all of it and the entry before."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    body: str
    prev_hash: str
    hash: str

    def sealed(self, tenant: str) -> str:
        """The hash that this entry must have."""
        fields = [tenant, self.seq, self.at, self.actor, self.action, self.subject, self.body, self.prev_hash]
        return hashlib.sha256(_canonical(fields).encode()).hexdigest()


@dataclass(frozen=True)
class Verified:
    """What the verifier found: whether all is whole, how many entries, the head's hash, and the first thing wrong."""

    whole: bool
    entries: int
    head: str
    problem: str = ""


class AuditLog:
    """The audit log of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def append(
        self, connection: Connection, *, at: datetime, actor: str, action: str, subject: str, body: Mapping[str, Any]
    ) -> AuditEntry:
        """Append in the transaction of what it tells of: both are there, or neither."""
        last_seq, prev = self._locked_head(connection)
        seq = last_seq + 1
        open_entry = AuditEntry(seq, at.isoformat(), actor, action, subject, _canonical(body), prev, "")
        entry = AuditEntry(**{**vars(open_entry), "hash": open_entry.sealed(self._tenant)})
        connection.execute(insert(audit).values(tenant=self._tenant, **vars(entry)))
        mine, head = audit_heads.c.tenant == self._tenant, {"seq": seq, "hash": entry.hash}
        connection.execute(update(audit_heads).where(mine).values(**head))
        return entry

    def entries(self, subject: str | None = None) -> list[AuditEntry]:
        """The entries in order; of one subject, if it is given."""
        with self._reader.connect() as connection:
            return list(self._read(connection, subject))

    def head(self) -> str:
        """The hash of the last entry: what to keep elsewhere."""
        entries = self.entries()
        return entries[-1].hash if entries else GENESIS

    def verify(self, *, anchor: str | None = None) -> Verified:
        """Look at every entry, and name the first one that is altered, missing or out of order.

        Args:
            anchor: a hash kept elsewhere; some entry must still have it.
        """
        with self._reader.connect() as connection:
            try:
                entries, kept = list(self._read(connection, None)), self._head(connection)
            except DBAPIError as error:  # the file is broken below the entries; its text may hold customers' words
                return Verified(False, 0, GENESIS, f"the log cannot be read: {type(error.orig or error).__name__}")
        problem = first_problem(entries, self._tenant)
        head = entries[-1].hash if entries else GENESIS
        if not problem and (kept or (0, GENESIS)) != (len(entries), head):
            last = kept[0] if kept else 0
            problem = f"the last entry is {len(entries)}, and the head says {last}: entries were cut off or added"
        if not problem and anchor is not None and anchor not in {GENESIS, *(entry.hash for entry in entries)}:
            problem = f"no entry has the anchor {anchor[:12]}…: entries were cut off, or the chain was written anew"
        return Verified(not problem, len(entries), head, problem)

    def _head(self, connection: Connection, *, lock: bool = False) -> tuple[int, str] | None:
        query = select(audit_heads.c.seq, audit_heads.c.hash).where(audit_heads.c.tenant == self._tenant)
        row = connection.execute(query.with_for_update() if lock else query).first()
        return (row[0], row[1]) if row else None

    def _locked_head(self, connection: Connection) -> tuple[int, str]:
        """The head, which nobody else can lock until this transaction is over; SQLite lets only one write anyway."""
        head = self._head(connection, lock=True)
        if head is not None:
            return head
        with suppress(IntegrityError), connection.begin_nested():  # else another one has begun the log just now
            connection.execute(insert(audit_heads).values(tenant=self._tenant, seq=0, hash=GENESIS))
        return self._head(connection, lock=True) or (0, GENESIS)

    def _read(self, connection: Connection, subject: str | None) -> Iterator[AuditEntry]:
        # As bytes where the database would refuse to give us a text that is no UTF-8 any more.
        is_sqlite = connection.dialect.name == "sqlite"
        texts = [cast(audit.c[name], LargeBinary) if is_sqlite else audit.c[name] for name in _FIELDS[1:]]
        query = select(audit.c.seq, *texts).where(audit.c.tenant == self._tenant)
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        for row in connection.execute(query.order_by(audit.c.seq)):
            yield AuditEntry(row[0], *(_text(value) for value in row[1:]))


def first_problem(entries: Sequence[AuditEntry], tenant: str) -> str:
    """What is wrong with the first entry that does not fit; empty when all do."""
    prev = GENESIS
    for place, entry in enumerate(entries, start=1):
        if entry.seq != place:
            return f"entry {place} is missing: entry {entry.seq} stands in its place"
        if entry.prev_hash != prev:
            return f"entry {place} does not follow the one before it"
        if entry.hash != entry.sealed(tenant):
            return f"entry {place} was altered"
        prev = entry.hash
    return ""


def _text(value: object) -> str:
    return value.decode("utf-8", errors="backslashreplace") if isinstance(value, bytes) else str(value)


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
