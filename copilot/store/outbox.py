"""What is to be sent: put up in the transaction that decided it, taken by one sender at a time, never forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Engine, and_, or_, select, update

from copilot.errors import Conflict
from copilot.store.audit import AuditLog
from copilot.store.review_tables import drafts, outbox

OutboxStatus = Literal["waiting", "sending", "sent", "dead", "unsure"]
DEFAULT_TENANT = "default"
_COLUMNS = "message_id draft_id adapter message status attempts next_at held_until detail receipt updated_at".split()


@dataclass(frozen=True)
class OutboxRow:
    """One message; `message_id` is the tenant's own number of it.

    `unsure`: it may have been sent, the adapter cannot tell, and a person must look before it goes out again.
    """

    message_id: str
    draft_id: str
    adapter: str
    message: Mapping[str, Any]
    status: OutboxStatus
    attempts: int
    next_at: datetime
    held_until: datetime | None
    detail: str
    receipt: Mapping[str, Any] | None
    updated_at: datetime


class Outbox:
    """The outgoing messages of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant
        self._audit = AuditLog(engine, tenant)

    def key(self, row: OutboxRow) -> str:
        """The idempotency key every adapter is given: over all tenants, for they may share a way out."""
        return row.message_id if self._tenant == DEFAULT_TENANT else f"{self._tenant}/{row.message_id}"

    def all(self, status: OutboxStatus | None = None) -> list[OutboxRow]:
        """The messages, of one status if it is given, oldest change first."""
        query = select(*(outbox.c[name] for name in _COLUMNS)).where(outbox.c.tenant == self._tenant)
        if status is not None:
            query = query.where(outbox.c.status == status)
        with self._reader.connect() as connection:
            return [OutboxRow(*row) for row in connection.execute(query.order_by(outbox.c.updated_at))]

    def take(self, *, now: datetime, hold: timedelta) -> OutboxRow | None:
        """The next message that is due, held so that no other sender takes it; None when there is none.

        One whose sender died comes again when its hold is over: the adapter is given the same key, and sends once.
        """
        due = and_(
            outbox.c.tenant == self._tenant,
            or_(
                and_(outbox.c.status == "waiting", outbox.c.next_at <= now),
                and_(outbox.c.status == "sending", outbox.c.held_until < now),
            ),
        )
        columns = [outbox.c[name] for name in _COLUMNS]
        with self._engine.begin() as connection:
            while True:
                found = connection.execute(select(*columns).where(due).order_by(outbox.c.next_at).limit(1)).first()
                if found is None:
                    return None
                row = OutboxRow(*found)
                held = {"status": "sending", "held_until": now + hold, "attempts": row.attempts + 1, "updated_at": now}
                # without the detail: if this sender dies, nobody can say that it was not sent
                taken = update(outbox).where(*self._as_read(row)).values(**held, detail="")
                if connection.execute(taken).rowcount:  # else another sender was faster: look for the next one
                    return replace(row, status="sending", attempts=row.attempts + 1)

    def sent(self, row: OutboxRow, receipt: Mapping[str, Any], *, now: datetime) -> None:
        """Record that it was sent."""
        # whoever has a receipt is right, even when another sender has taken the message since
        is_open = (self._at(row.message_id), outbox.c.status != "sent")
        self._settle(row, "sent", "", now, is_open, receipt=receipt, action="sent", draft_status="sent")

    def again(self, row: OutboxRow, detail: str, *, now: datetime, wait: timedelta) -> None:
        """Record that it failed, and is tried again; nothing happens when another sender has it by now."""
        with self._engine.begin() as connection:
            change = {"status": "waiting", "detail": detail[:400], "next_at": now + wait, "held_until": None}
            connection.execute(update(outbox).where(*self._as_read(row)).values(**change, updated_at=now))

    def give_up(self, row: OutboxRow, detail: str, *, now: datetime, unsure: bool = False) -> None:
        """Record that it failed for good (or that nobody can tell), where people see it.

        Nothing happens when another sender has it by now.
        """
        status: OutboxStatus = "unsure" if unsure else "dead"
        self._settle(row, status, detail, now, self._as_read(row), action=f"send_{status}", draft_status="failed")

    def requeue(self, message_id: str, by: str, *, now: datetime) -> None:
        """Let a person put a dead message up again.

        Raises:
            Conflict: it is not dead.
        """
        with self._engine.begin() as connection:
            dead = self._at(message_id), outbox.c.status.in_(("dead", "unsure"))
            change = {"status": "waiting", "attempts": 0, "next_at": now, "held_until": None, "updated_at": now}
            if not connection.execute(update(outbox).where(*dead).values(**change)).rowcount:
                raise Conflict(f"No dead message {message_id!r}. List them with `copilot review outbox`.")
            self._audit.append(connection, at=now, actor=by, action="requeued", subject=message_id, body={})

    def _settle(
        self,
        row: OutboxRow,
        status: OutboxStatus,
        detail: str,
        now: datetime,
        is_mine: Sequence[ColumnElement[bool]],
        *,
        action: str,
        draft_status: str,
        receipt: Mapping[str, Any] | None = None,
    ) -> None:
        with self._engine.begin() as connection:
            change = {
                "status": status,
                "detail": detail[:400],
                "receipt": receipt,
                "held_until": None,
                "updated_at": now,
            }
            if not connection.execute(update(outbox).where(*is_mine).values(**change)).rowcount:
                return
            mine = and_(drafts.c.tenant == self._tenant, drafts.c.draft_id == row.draft_id)
            connection.execute(update(drafts).where(mine).values(status=draft_status, updated_at=now))
            body = {"adapter": row.adapter, "attempts": row.attempts, "receipt": receipt, "detail": detail[:400]}
            self._audit.append(
                connection, at=now, actor=f"outbox {row.adapter}", action=action, subject=row.draft_id, body=body
            )

    def _as_read(self, row: OutboxRow) -> tuple[ColumnElement[bool], ...]:
        """That nobody has taken or settled it since: every taking counts the attempts up."""
        return self._at(row.message_id), outbox.c.status == row.status, outbox.c.attempts == row.attempts

    def _at(self, message_id: str) -> ColumnElement[bool]:
        return and_(outbox.c.tenant == self._tenant, outbox.c.message_id == message_id)
