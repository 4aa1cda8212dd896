"""The queue of drafts: what waits, who holds it, each version of a text, each decision; every change with its audit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict, NotFound
from copilot.store.audit import AuditLog
from copilot.store.review_tables import draft_versions, drafts, outbox, review_decisions

Status = Literal["waiting", "approved_once", "approved", "rejected", "escalated", "sent", "failed", "withdrawn"]
OPEN: tuple[Status, ...] = ("waiting", "approved_once", "escalated")
SOON = timedelta(days=3)
_COLUMNS = (
    "draft_id item_id channel draft_class status risk why due_at approvals_needed legal sampled_by version claimed_by"
    " claimed_until created_at updated_at"
).split()


@dataclass(frozen=True)
class Queued:
    """How a draft stands in the queue: `risk` 0..100 and why, approvals needed, whether legal must see it."""

    risk: int
    why: str
    due_at: datetime | None
    approvals_needed: int = 1
    legal: bool = False
    sampled_by: str | None = None


@dataclass(frozen=True)
class QueueRow:
    """A draft in the queue, without its texts."""

    draft_id: str
    item_id: str
    channel: str
    draft_class: str
    status: Status
    risk: int
    why: str
    due_at: datetime | None
    approvals_needed: int
    legal: bool
    sampled_by: str | None
    version: int
    claimed_by: str | None
    claimed_until: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Decision:
    """One decision; `decision_id` is the sender's own, so that a repeat changes nothing."""

    decision_id: str
    draft_id: str
    version: int
    action: str
    by: str
    at: datetime
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TextVersion:
    """A text of a draft: the first is the draft's own, each edit makes another."""

    version: int
    text: str
    by: str
    at: datetime
    reasons: Sequence[str]
    checks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ReviewItem:
    """All there is about a draft."""

    row: QueueRow
    given: Mapping[str, Any]
    draft: Mapping[str, Any]
    versions: Sequence[TextVersion]
    decisions: Sequence[Decision]

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self.versions[-1].text


@dataclass(frozen=True)
class Outcome:
    """What a decision makes of a draft: its new status, a new text, and what is to be sent, if anything."""

    status: Status
    edited: TextVersion | None = None
    message: Mapping[str, Any] | None = None
    adapter: str = ""


@dataclass(frozen=True)
class Wanted:
    """Which drafts to list; what is left out does not matter."""

    statuses: Sequence[Status] = OPEN
    channel: str | None = None
    min_risk: int | None = None
    due_before: datetime | None = None
    unclaimed_at: datetime | None = None
    legal: bool | None = None
    flag: str | None = None


class Reviews:
    """The drafts of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant
        self.audit = AuditLog(engine, tenant)

    def add(self, draft: Mapping[str, Any], given: Mapping[str, Any], queued: Queued, *, by: str, at: datetime) -> bool:
        """Queue a draft; False when it is there already, which changes nothing.

        Earlier drafts of the same item that nobody has approved yet are withdrawn: the conversation has gone on.
        """
        draft_id = draft["draft_id"]
        row = {name: draft[name] for name in ("draft_id", "item_id", "channel", "draft_class")}
        row |= {**vars(queued), "tenant": self._tenant, "status": "waiting", "version": 1, "created_at": at}
        first = {
            "version": 1,
            "text": draft["text"],
            "by": draft["provider"],
            "at": at,
            "reasons": [],
            "checks": draft["checks"],
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(drafts).values(**row, updated_at=at, given=given, draft=draft))
                connection.execute(insert(draft_versions).values(tenant=self._tenant, draft_id=draft_id, **first))
                self._withdraw_older(connection, draft_id, draft["item_id"], at)
                body = {**{name: draft.get(name) for name in _AUDITED}, "risk": queued.risk, "given": given}
                self.audit.append(connection, at=at, actor=by, action="drafted", subject=draft_id, body=body)
        except IntegrityError:
            with self._reader.connect() as connection:
                if connection.execute(select(drafts.c.draft_id).where(self._mine(draft_id))).first() is None:
                    raise  # not the draft stood in the way
            return False
        return True

    def went_on(self, item_id: str, given: Mapping[str, Any], *, at: datetime) -> None:
        """Give drafts that nobody has decided yet the item as it stands now, so that their checks are about that."""
        waiting = and_(drafts.c.tenant == self._tenant, drafts.c.item_id == item_id, drafts.c.status.in_(OPEN))
        query = select(drafts.c.draft_id, drafts.c.given).where(waiting)
        with self._reader.connect() as connection:
            if all(_same_words(row.given, given) for row in connection.execute(query)):
                return
        with self._engine.begin() as connection:
            for draft_id, known in connection.execute(query).all():
                if _same_words(known, given):
                    continue
                connection.execute(update(drafts).where(self._mine(draft_id)).values(given=given, updated_at=at))
                body = {"before": known, "given": given}
                self.audit.append(connection, at=at, actor="intake", action="went_on", subject=draft_id, body=body)

    def get(self, draft_id: str) -> ReviewItem:
        """A draft with its versions and decisions.

        Raises:
            NotFound: there is none.
        """
        with self._reader.connect() as connection:
            return self._item(connection, draft_id)

    def queue(self, wanted: Wanted, *, now: datetime, limit: int = 50, offset: int = 0) -> list[QueueRow]:
        """The queue: what is due within SOON or overdue first, then by risk, then by date, then by age."""
        first = (
            select(drafts.c.draft_id).where(*self._matching(wanted)).order_by(*_order(now)).limit(limit).offset(offset)
        )
        query = (
            select(*(drafts.c[name] for name in _COLUMNS))
            .where(drafts.c.tenant == self._tenant, drafts.c.draft_id.in_(first))
            .order_by(*_order(now))
        )
        with self._reader.connect() as connection:
            return [_row(row) for row in connection.execute(query)]

    # --- claims ----------------------------------------------------------------------------------------------------

    def claim(self, draft_id: str, by: str, *, now: datetime, lease: timedelta) -> QueueRow:
        """Hold a draft for a while; whoever holds it already goes on holding it.

        Raises:
            NotFound: there is none.
            Conflict: somebody else holds it, or it is decided.
        """
        with self._engine.begin() as connection:
            taken = connection.execute(
                update(drafts)
                .where(self._mine(draft_id), drafts.c.status.in_(OPEN), _free(now, by))
                .values(claimed_by=by, claimed_until=now + lease)
            )
            row = self._item(connection, draft_id).row
            if not taken.rowcount:
                holder = f"{row.claimed_by} holds it" if row.status in OPEN else f"it is {row.status}"
                raise Conflict(f"Draft {draft_id} cannot be claimed: {holder}. Take another one.")
            return row

    def claim_next(self, wanted: Wanted, by: str, *, now: datetime, lease: timedelta) -> QueueRow | None:
        """Hold the first draft of the queue that nobody holds; None when there is none."""
        query = (
            select(drafts.c.draft_id)
            .where(*self._matching(wanted), _free(now, None), drafts.c.status.in_(OPEN))
            .order_by(*_order(now))
            .limit(1)
        )
        change = {"claimed_by": by, "claimed_until": now + lease}
        with self._engine.begin() as connection:
            while (draft_id := connection.execute(query).scalar()) is not None:
                free = self._mine(draft_id), _free(now, None), drafts.c.status.in_(OPEN)
                if connection.execute(update(drafts).where(*free).values(**change)).rowcount:
                    return self._item(connection, draft_id).row
        return None

    def release(self, draft_id: str, by: str) -> None:
        """Let go of a draft that one holds; nothing happens to one held by others."""
        with self._engine.begin() as connection:
            mine = self._mine(draft_id), drafts.c.claimed_by == by
            connection.execute(update(drafts).where(*mine).values(claimed_by=None, claimed_until=None))

    # --- decisions ---------------------------------------------------------------------------------------------------

    def decide(self, decision: Decision, judge: Callable[[ReviewItem], Outcome]) -> tuple[ReviewItem, bool]:
        """Take a decision: judged, stored, audited and put up for sending in one transaction.

        Args:
            decision: what is decided, about which version.
            judge: given the draft as it stands, says what becomes of it, or raises Conflict.

        Returns:
            the draft afterwards, and False when this decision was known already.

        Raises:
            NotFound, Conflict: there is no such draft; it has moved on; or the judge said no.
        """
        try:
            with self._engine.begin() as connection:
                item = self._item(connection, decision.draft_id, for_update=True)
                known = next((one for one in item.decisions if one.decision_id == decision.decision_id), None)
                if known is not None:
                    if (known.action, known.by, known.body) != (decision.action, decision.by, decision.body):
                        raise _taken(decision)
                    return item, False
                if decision.version != item.row.version:
                    raise Conflict(
                        f"Draft {decision.draft_id} stands at version {item.row.version}, "
                        f"not {decision.version}. Read it again."
                    )
                outcome = judge(item)
                self._apply(connection, decision, item, outcome)
                return self._item(connection, decision.draft_id), True
        except IntegrityError as error:
            raise _taken(decision) from error

    def _apply(self, connection: Connection, decision: Decision, item: ReviewItem, outcome: Outcome) -> None:
        edited = outcome.edited
        change: dict[str, Any] = {"status": outcome.status, "updated_at": decision.at}
        if edited is not None:
            change["version"] = edited.version
            row = {**vars(edited), "reasons": list(edited.reasons), "checks": list(edited.checks)}
            connection.execute(insert(draft_versions).values(tenant=self._tenant, draft_id=decision.draft_id, **row))
        if outcome.status not in OPEN or outcome.status != item.row.status:
            change |= {"claimed_by": None, "claimed_until": None}
        connection.execute(update(drafts).where(self._mine(decision.draft_id)).values(**change))
        connection.execute(insert(review_decisions).values(tenant=self._tenant, **vars(decision)))
        if outcome.message is not None:
            self._put_up(connection, decision, outcome)
        body = {
            **vars(decision),
            "status": outcome.status,
            "before": item.text,
            "after": edited.text if edited else item.text,
        }
        self.audit.append(
            connection, at=decision.at, actor=decision.by, action=decision.action, subject=decision.draft_id, body=body
        )

    def _put_up(self, connection: Connection, decision: Decision, outcome: Outcome) -> None:
        row = {
            "tenant": self._tenant,
            "message_id": decision.draft_id,  # one message a draft, whatever happens
            "draft_id": decision.draft_id,
            "adapter": outcome.adapter,
            "message": outcome.message,
            "status": "waiting",
            "attempts": 0,
            "next_at": decision.at,
            "detail": "",
            "updated_at": decision.at,
        }
        connection.execute(insert(outbox).values(**row))

    def _withdraw_older(self, connection: Connection, draft_id: str, item_id: str, at: datetime) -> None:
        older = and_(
            drafts.c.tenant == self._tenant,
            drafts.c.item_id == item_id,
            drafts.c.draft_id != draft_id,
            drafts.c.status.in_(OPEN),
        )
        for found in connection.execute(select(drafts.c.draft_id).where(older)).scalars().all():
            connection.execute(update(drafts).where(self._mine(found)).values(status="withdrawn", updated_at=at))
            body = {"because": f"drafted anew as {draft_id}"}
            self.audit.append(connection, at=at, actor="queue", action="withdrawn", subject=found, body=body)

    # --- reading ---------------------------------------------------------------------------------------------------

    def _item(self, connection: Connection, draft_id: str, *, for_update: bool = False) -> ReviewItem:
        columns = [*(drafts.c[name] for name in _COLUMNS), drafts.c.given, drafts.c.draft]
        query = select(*columns).where(self._mine(draft_id))
        found = connection.execute(query.with_for_update() if for_update else query).first()
        if found is None:
            raise NotFound(f"No draft {draft_id!r}. List them with `copilot review list`.")
        here = [draft_versions.c.tenant == self._tenant, draft_versions.c.draft_id == draft_id]
        names = TextVersion.__dataclass_fields__
        versions = connection.execute(
            select(*(draft_versions.c[name] for name in names)).where(*here).order_by(draft_versions.c.version)
        )
        decided = connection.execute(
            select(*(review_decisions.c[name] for name in Decision.__dataclass_fields__))
            .where(review_decisions.c.tenant == self._tenant, review_decisions.c.draft_id == draft_id)
            .order_by(review_decisions.c.at)
        )
        return ReviewItem(
            _row(found[: len(_COLUMNS)]),
            found[-2],
            found[-1],
            [TextVersion(*row) for row in versions],
            [Decision(*row) for row in decided],
        )

    def _mine(self, draft_id: str) -> ColumnElement[bool]:
        return and_(drafts.c.tenant == self._tenant, drafts.c.draft_id == draft_id)

    def _matching(self, wanted: Wanted) -> list[ColumnElement[bool]]:
        found = [drafts.c.tenant == self._tenant, drafts.c.status.in_(wanted.statuses)]
        if wanted.channel is not None:
            found.append(drafts.c.channel == wanted.channel)
        if wanted.min_risk is not None:
            found.append(drafts.c.risk >= wanted.min_risk)
        if wanted.due_before is not None:
            found.append(drafts.c.due_at <= wanted.due_before)
        if wanted.unclaimed_at is not None:
            found.append(_free(wanted.unclaimed_at, None))
        if wanted.legal is not None:
            found.append(drafts.c.legal == wanted.legal)
        if wanted.flag is not None:  # `why` lists the flags among what made the risk
            found.append((", " + drafts.c.why + ",").contains(f", {wanted.flag},", autoescape=True))
        return found


_AUDITED = (
    "item_id channel draft_class text allegations sentences questions checks flags due_at status provider versions"
    " item_digest"
).split()


def _taken(decision: Decision) -> Conflict:
    return Conflict(f"The decision id {decision.decision_id!r} stands for another decision. Choose another one.")


def _same_words(known: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether both hold the same conversation; facts and records may differ."""
    return all(known.get(name) == given.get(name) for name in ("title", "text", "thread"))


def _row(row: "Row[Any] | Sequence[Any]") -> QueueRow:
    return QueueRow(*row)


def _free(now: datetime, by: str | None) -> ColumnElement[bool]:
    free = or_(drafts.c.claimed_by.is_(None), drafts.c.claimed_until < now)
    return free if by is None else or_(free, drafts.c.claimed_by == by)


def _order(now: datetime) -> tuple[ColumnElement[Any], ...]:
    is_soon = case((drafts.c.due_at <= now + SOON, 0), else_=1)
    has_no_date = case((drafts.c.due_at.is_(None), 1), else_=0)
    return is_soon, drafts.c.risk.desc(), has_no_date, drafts.c.due_at, drafts.c.created_at, drafts.c.draft_id
