"""What is to be written into other systems: proposed, confirmed by a person, written once, never forgotten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, and_, insert, or_, select, update

from copilot.errors import Conflict, NotFound
from copilot.store.audit import AuditLog
from copilot.store.writeback_tables import writebacks

WritebackStatus = Literal[
    "proposed", "superseded", "confirmed", "rejected", "writing", "written", "failed", "dead", "unsure"
]
WAITS_FOR_A_PERSON: tuple[WritebackStatus, ...] = ("failed", "dead", "unsure")
CHANGED = "The value was changed there since this was proposed; nothing was written."
"""The detail of a proposal whose value another system had changed meanwhile; `found` is what it has now."""
_COLUMNS = (
    "proposal_id call_id system object object_id field old new because status decided_by attempts next_at held_until "
    "detail found receipt updated_at"
).split()


@dataclass(frozen=True)
class NewProposal:
    """What is proposed: to add a note (`field` is "note") or to change a field from `old` to `new`.

    The same `proposal_id` is the same proposal; `because` are the turns it rests on. Texts are masked already.
    """

    proposal_id: str
    call_id: str
    system: str
    object: str
    object_id: str
    field: str
    old: str | None
    new: str
    because: Sequence[str]


@dataclass(frozen=True)
class Proposal(NewProposal):
    """A proposal as it stands; `found` is the value another system had instead of `old`.

    `superseded`: the same call says it otherwise by now. `failed`: the system refused, or the value was changed there.
    `dead`: tried often enough. `unsure`: it may be written, and the system cannot be asked. The last three wait for a
    person.
    """

    status: WritebackStatus
    decided_by: str | None
    attempts: int
    next_at: datetime
    held_until: datetime | None
    detail: str
    found: str | None
    receipt: Mapping[str, Any] | None
    updated_at: datetime

    def as_json(self) -> dict[str, Any]:
        """The proposal in JSON types; `from` and `to` are the values, times in ISO 8601."""
        fields = asdict(self)
        fields["from"], fields["to"] = fields.pop("old"), fields.pop("new")
        for name in ("next_at", "held_until", "updated_at"):
            fields[name] = fields[name].isoformat() if fields[name] else None
        return fields


@dataclass(frozen=True)
class Taken:
    """A proposal that this writer holds; `is_takeover`: another writer held it and died, and may have written it."""

    row: Proposal
    is_takeover: bool


class Writebacks:
    """The proposals of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant
        self._audit = AuditLog(engine, tenant)

    def propose(self, proposals: Sequence[NewProposal], *, now: datetime) -> int:
        """Keep what is proposed; how many were not known before. A repeat changes nothing that was decided.

        What the same call had proposed for the same place, and nobody has decided, gives way to the new one. What is
        proposed again starts from the value that is there now, and is no longer superseded.
        """
        fresh = 0
        with self._engine.begin() as connection:
            for proposal in proposals:
                known = select(writebacks.c.status).where(self._at(proposal.proposal_id))
                status = connection.execute(known).scalar_one_or_none()
                if status not in (None, "proposed", "superseded"):
                    continue
                self._supersede(connection, proposal, now)
                if status is not None:
                    again = {"status": "proposed", "old": proposal.old, "updated_at": now}
                    connection.execute(update(writebacks).where(self._at(proposal.proposal_id)).values(**again))
                    continue
                state = {"status": "proposed", "attempts": 0, "next_at": now, "detail": "", "updated_at": now}
                fields = {**asdict(proposal), "because": list(proposal.because)}
                connection.execute(insert(writebacks).values(tenant=self._tenant, **fields, **state))
                fresh += 1
        return fresh

    def all(self, *statuses: WritebackStatus, call_id: str | None = None, limit: int | None = None) -> list[Proposal]:
        """The proposals, of some statuses or of a call; those that changed last, up to `limit`, oldest change first."""
        query = select(*(writebacks.c[name] for name in _COLUMNS)).where(writebacks.c.tenant == self._tenant)
        if statuses:
            query = query.where(writebacks.c.status.in_(statuses))
        if call_id is not None:
            query = query.where(writebacks.c.call_id == call_id)
        newest_first = query.order_by(writebacks.c.updated_at.desc(), writebacks.c.proposal_id.desc()).limit(limit)
        with self._reader.connect() as connection:
            return [Proposal(*row) for row in connection.execute(newest_first)][::-1]

    def get(self, proposal_id: str) -> Proposal:
        """One proposal.

        Raises:
            NotFound: there is none of this id.
        """
        with self._reader.connect() as connection:
            return self._get(connection, proposal_id)

    def confirm(self, proposal_id: str, by: str, *, now: datetime) -> Proposal:
        """Let a person say that it is to be written.

        Raises:
            NotFound: no such proposal.
            Conflict: it is decided already.
        """
        return self._decide(proposal_id, "confirmed", by, now, "", ("proposed",))

    def reject(self, proposal_id: str, by: str, reason: str, *, now: datetime) -> Proposal:
        """Let a person say that it is not to be written, or not any more; errors as `confirm`."""
        return self._decide(proposal_id, "rejected", by, now, reason, ("proposed", *WAITS_FOR_A_PERSON))

    def take(self, *, now: datetime, hold: timedelta, without: Collection[str] = ()) -> Taken | None:
        """The next confirmed one that is due, held so that nobody else writes it; None when there is none.

        Those for systems in `without` are passed over. One whose writer died comes again when its hold is over; whoever
        takes it looks first whether it was written.
        """
        due = and_(
            writebacks.c.tenant == self._tenant,
            writebacks.c.system.not_in(without),
            or_(
                and_(writebacks.c.status == "confirmed", writebacks.c.next_at <= now),
                and_(writebacks.c.status == "writing", writebacks.c.held_until < now),
            ),
        )
        columns = [writebacks.c[name] for name in _COLUMNS]
        with self._engine.begin() as connection:
            while True:
                found = connection.execute(select(*columns).where(due).order_by(writebacks.c.next_at).limit(1)).first()
                if found is None:
                    return None
                row = Proposal(*found)
                held = {"status": "writing", "held_until": now + hold, "attempts": row.attempts + 1, "updated_at": now}
                # without the detail: if this writer dies, nobody can say that it was not written
                taken = update(writebacks).where(*self._as_read(row)).values(**held, detail="")
                if connection.execute(taken).rowcount:  # else another writer was faster: look for the next one
                    mine = replace(row, status="writing", attempts=row.attempts + 1, held_until=now + hold)
                    return Taken(mine, is_takeover=row.status == "writing")

    def hold_on(self, row: Proposal, *, now: datetime, hold: timedelta) -> bool:
        """Hold it for longer, just before it is written; whether it is still ours."""
        with self._engine.begin() as connection:
            held = update(writebacks).where(*self._as_read(row)).values(held_until=now + hold)
            return bool(connection.execute(held).rowcount)

    def postpone(self, system: str, until: datetime) -> None:
        """Leave a system alone until then, as it has asked."""
        due = writebacks.c.tenant == self._tenant, writebacks.c.system == system, writebacks.c.status == "confirmed"
        with self._engine.begin() as connection:
            later = update(writebacks).where(*due, writebacks.c.next_at < until).values(next_at=until)
            connection.execute(later)

    def written(self, row: Proposal, receipt: Mapping[str, Any], *, now: datetime) -> None:
        """Record that it is written there."""
        # whoever has a receipt is right, even when another writer has taken it since
        is_open = (self._at(row.proposal_id), writebacks.c.status.not_in(("written", "rejected")))
        self._settle(row, "written", now, is_open, detail="", receipt=dict(receipt), found=None)

    def again(self, row: Proposal, detail: str, *, now: datetime, wait: timedelta) -> None:
        """Record that it failed, and is tried again; nothing happens when another writer has it by now."""
        change = {"status": "confirmed", "detail": detail[:400], "next_at": now + wait, "held_until": None}
        with self._engine.begin() as connection:
            connection.execute(update(writebacks).where(*self._as_read(row)).values(**change, updated_at=now))

    def give_up(
        self, row: Proposal, status: WritebackStatus, detail: str, *, now: datetime, found: str | None = None
    ) -> None:
        """Record that it is failed, dead or unsure, where people see it; nothing when another writer has it by now."""
        self._settle(row, status, now, self._as_read(row), detail=detail, found=found)

    def requeue(self, proposal_id: str, by: str, *, now: datetime) -> Proposal:
        """Let a person put up again what failed, is dead or unsure.

        A dead or unsure one is confirmed by that. One that failed is proposed anew, from the value that was found
        there: it must be confirmed once more.

        Raises:
            NotFound: no such proposal.
            Conflict: it does not wait for a person.
        """
        with self._engine.begin() as connection:
            row = self._get(connection, proposal_id)
            change: dict[str, Any] = {"attempts": 0, "next_at": now, "held_until": None, "updated_at": now}
            if row.status == "failed":
                has_changed = row.detail == CHANGED
                change |= {"status": "proposed", "decided_by": None, "detail": "", "found": None}
                change |= {"old": row.found} if has_changed else {}
            else:
                change |= {"status": "confirmed", "decided_by": by, "detail": ""}
            waits = *self._as_read(row), writebacks.c.status.in_(WAITS_FOR_A_PERSON)
            if not connection.execute(update(writebacks).where(*waits).values(**change)).rowcount:
                raise Conflict(
                    f"The proposal {proposal_id!r} is {row.status}; put up again are only: "
                    f"{', '.join(WAITS_FOR_A_PERSON)}. See `copilot connect dead`."
                )
            self._log(connection, now, by, "writeback_requeued", proposal_id, {"was": row.status})
        return self.get(proposal_id)

    def _decide(
        self,
        proposal_id: str,
        status: WritebackStatus,
        by: str,
        now: datetime,
        reason: str,
        open_ones: Sequence[WritebackStatus],
    ) -> Proposal:
        with self._engine.begin() as connection:
            row = self._get(connection, proposal_id)
            is_open = *self._as_read(row), writebacks.c.status.in_(open_ones)
            change = {"status": status, "decided_by": by, "detail": reason[:400], "next_at": now, "updated_at": now}
            if not connection.execute(update(writebacks).where(*is_open).values(**change)).rowcount:
                raise Conflict(
                    f"The proposal {proposal_id!r} is {row.status}; this is decided only for: {', '.join(open_ones)}."
                )
            what = {"system": row.system, "object": row.object, "object_id": row.object_id, "field": row.field}
            self._log(connection, now, by, f"writeback_{status}", proposal_id, {**what, "reason": reason[:400]})
        return self.get(proposal_id)

    def _supersede(self, connection: Connection, newer: NewProposal, now: datetime) -> None:
        same = [writebacks.c[name] == getattr(newer, name) for name in ("call_id", "system", "object", "object_id")]
        other = writebacks.c.proposal_id != newer.proposal_id
        older = (writebacks.c.tenant == self._tenant, *same, writebacks.c.field == newer.field, other)
        change = {"status": "superseded", "updated_at": now}
        connection.execute(update(writebacks).where(*older, writebacks.c.status == "proposed").values(**change))

    def _settle(
        self,
        row: Proposal,
        status: WritebackStatus,
        now: datetime,
        is_mine: Sequence[ColumnElement[bool]],
        *,
        detail: str,
        **change: Any,
    ) -> None:
        with self._engine.begin() as connection:
            values = {"status": status, "held_until": None, "updated_at": now, "detail": detail[:400], **change}
            if not connection.execute(update(writebacks).where(*is_mine).values(**values)).rowcount:
                return  # another writer took it over when the hold was over, and records what it saw
            told = {"attempts": row.attempts, "receipt": change.get("receipt"), "detail": detail[:400]}
            self._log(connection, now, f"system {row.system}", f"writeback_{status}", row.proposal_id, told)

    def _get(self, connection: Connection, proposal_id: str) -> Proposal:
        query = select(*(writebacks.c[name] for name in _COLUMNS)).where(self._at(proposal_id))
        row = connection.execute(query).first()
        if row is None:
            raise NotFound(f"No proposal {proposal_id!r}. List them with `copilot connect proposals`.")
        return Proposal(*row)

    def _log(
        self, connection: Connection, now: datetime, actor: str, action: str, subject: str, body: Mapping[str, Any]
    ) -> None:
        self._audit.append(connection, at=now, actor=actor, action=action, subject=subject, body=body)

    def _as_read(self, row: Proposal) -> tuple[ColumnElement[bool], ...]:
        """That nobody has taken or settled it since: every taking counts the attempts up."""
        return self._at(row.proposal_id), writebacks.c.status == row.status, writebacks.c.attempts == row.attempts

    def _at(self, proposal_id: str) -> ColumnElement[bool]:
        return and_(writebacks.c.tenant == self._tenant, writebacks.c.proposal_id == proposal_id)
