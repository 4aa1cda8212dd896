"""Cases of one tenant: opened once, changed step by step, closed when nothing is owed; each step is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict, NotFound
from copilot.store.case_rows import Case, Entry, Obligation
from copilot.store.case_tables import case_history, cases, obligations

_CASE = [name for name in Case.__dataclass_fields__ if name not in ("obligations", "history")]
_OBLIGATION = list(Obligation.__dataclass_fields__)
_ENTRY = list(Entry.__dataclass_fields__)


class Cases:
    """Opens, reads and changes cases."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def open(self, case: Case, owed: Sequence[Obligation], *, by: str) -> bool:
        """Open a case with what is owed in it; one of the same id is left as it is, and gets what is new owed in it.

        Returns:
            whether the case is new.
        """
        row = {name: getattr(case, name) for name in _CASE}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(cases).values(tenant=self._tenant, **row))
                for each in owed:
                    self._add(connection, case.case_id, each)
                body = {"title": case.title, "owner": case.owner, "kind": case.kind, "source": case.source}
                self._enter(connection, case.case_id, 1, by, "opened", body, case.created_at)
        except IntegrityError:
            self._add_new(case.case_id, owed, by=by, at=case.created_at)
            return False
        return True

    def get(self, case_id: str) -> Case:
        """A case with all that is owed and all that happened.

        Raises:
            NotFound: there is none.
        """
        with self._reader.connect() as connection:
            return self._read(connection, case_id)

    def find(
        self,
        *,
        status: str | None = "open",
        kind: str | None = None,
        owner: str | None = None,
        customer_id: str | None = None,
        limit: int | None = None,
    ) -> list[Case]:
        """Cases, the newest change first, without their history and what is owed in them."""
        wanted = [cases.c.tenant == self._tenant]
        for column, value in (
            (cases.c.status, status),
            (cases.c.kind, kind),
            (cases.c.owner, owner),
            (cases.c.customer_id, customer_id),
        ):
            if value is not None:
                wanted.append(column == value)
        query = (
            select(*(cases.c[name] for name in _CASE))
            .where(*wanted)
            .order_by(cases.c.updated_at.desc(), cases.c.case_id)
        )
        with self._reader.connect() as connection:
            return [Case(*row) for row in connection.execute(query.limit(limit))]

    def of_source(self, source: str) -> list[Case]:
        """The open cases that came from a source, or from a part of it behind a "/"; the newest change first."""
        is_of = or_(cases.c.source == source, cases.c.source.startswith(f"{source}/", autoescape=True))
        query = (
            select(*(cases.c[name] for name in _CASE))
            .where(cases.c.tenant == self._tenant, cases.c.status == "open", is_of)
            .order_by(cases.c.updated_at.desc(), cases.c.case_id)
        )
        with self._reader.connect() as connection:
            return [Case(*row) for row in connection.execute(query)]

    def due(
        self, *, owner: str | None = None, before: datetime | None = None, limit: int | None = None
    ) -> list[tuple[str, Obligation]]:
        """What is owed over all cases, each with its case, the soonest first, what has no date last."""
        wanted = [obligations.c.tenant == self._tenant, obligations.c.status == "open"]
        if owner is not None:
            wanted.append(obligations.c.owner == owner)
        if before is not None:
            wanted.append(obligations.c.due_at <= before)
        columns = [obligations.c.case_id, *(obligations.c[name] for name in _OBLIGATION)]
        order = obligations.c.due_at.is_(None), obligations.c.due_at, obligations.c.obligation_id
        with self._reader.connect() as connection:
            rows = connection.execute(select(*columns).where(*wanted).order_by(*order).limit(limit)).all()
        return [(row[0], Obligation(*row[1:])) for row in rows]

    def change(
        self,
        case_id: str,
        action: str,
        *,
        by: str,
        at: datetime,
        version: int | None = None,
        fields: Mapping[str, Any] | None = None,
        owed: Sequence[Obligation] = (),
        new: Sequence[Obligation] = (),
        body: Mapping[str, Any] | None = None,
        request_id: str | None = None,
    ) -> Case:
        """Change fields of a case (owner, status, body, title), or what is owed in it, and note it.

        `owed` are obligations of the case as they now stand, `new` those to add: one it has already is left as it is.
        `request_id` is the caller's own id of this change; the same again changes nothing.

        Raises:
            NotFound: no such case, or nothing of that id is owed in it.
            Conflict: it has moved on, is closed, would close with something still owed, or another case has an
                obligation of that id.
        """
        try:
            with self._engine.begin() as connection:
                case = self._read(connection, case_id)
                if case.knows(request_id):
                    return case
                if version is not None and version != case.version:
                    raise Conflict(f"Case {case_id} stands at version {case.version}, not {version}. Read it again.")
                if case.status == "closed" and (fields or {}).get("status") != "open":
                    raise Conflict(f"Case {case_id} is closed. Open another one.")
                for each in owed:
                    self._update(connection, case_id, each)
                for each in new:
                    self._add(connection, case_id, each)
                case = self._read(connection, case_id)
                self._refuse_close(case, fields or {})
                change = {**(fields or {}), "version": case.version + 1, "updated_at": at}
                connection.execute(update(cases).where(self._at(case_id)).values(**change))
                noted = {**(body or {}), **{name: value for name, value in (fields or {}).items() if name != "body"}}
                if request_id:
                    noted["request_id"] = request_id
                self._enter(connection, case_id, case.version + 1, by, action, noted, at)
                return self._read(connection, case_id)
        except IntegrityError as error:
            raise Conflict(f"Case {case_id} has moved on. Read it again.") from error

    def _refuse_close(self, case: Case, fields: Mapping[str, Any]) -> None:
        still = [each.obligation_id for each in case.open_obligations]
        if fields.get("status") == "closed" and still:
            raise Conflict(
                f"Case {case.case_id} cannot close: {', '.join(still[:3])} is still owed. Do it, or withdraw it."
            )

    def _add_new(self, case_id: str, owed: Sequence[Obligation], *, by: str, at: datetime) -> None:
        """What is owed and not known yet; a closed case opens again, for nothing promised may be lost."""
        case = self.get(case_id)
        known = {each.obligation_id for each in case.obligations}
        new = [each for each in owed if each.obligation_id not in known]
        if new:
            fields = {"status": "open"} if case.status == "closed" else None
            ids = [each.obligation_id for each in new]
            self.change(case_id, "owed", by=by, at=at, fields=fields, new=new, body={"obligations": ids})

    def _add(self, connection: Connection, case_id: str, each: Obligation) -> None:
        has_it = connection.execute(select(obligations.c.case_id).where(self._owed_at(each))).scalar()
        if has_it is None:
            values = {**asdict(each), "moved_from": list(each.moved_from)}
            connection.execute(insert(obligations).values(tenant=self._tenant, case_id=case_id, **values))
        elif has_it != case_id:
            raise Conflict(f"Case {has_it} has an obligation {each.obligation_id!r} already. Choose another id.")

    def _update(self, connection: Connection, case_id: str, each: Obligation) -> None:
        values = {**asdict(each), "moved_from": list(each.moved_from)}
        here = and_(self._owed_at(each), obligations.c.case_id == case_id)
        if connection.execute(update(obligations).where(here).values(**values)).rowcount != 1:
            raise NotFound(f"Nothing {each.obligation_id!r} is owed in case {case_id}.")

    def _owed_at(self, each: Obligation) -> ColumnElement[bool]:
        return and_(obligations.c.tenant == self._tenant, obligations.c.obligation_id == each.obligation_id)

    def _enter(
        self,
        connection: Connection,
        case_id: str,
        seq: int,
        by: str,
        action: str,
        body: Mapping[str, Any],
        at: datetime,
    ) -> None:
        row = {"tenant": self._tenant, "case_id": case_id, "seq": seq, "at": at, "by": by, "action": action}
        connection.execute(insert(case_history).values(**row, body=dict(body)))

    def _read(self, connection: Connection, case_id: str) -> Case:
        row = connection.execute(select(*(cases.c[name] for name in _CASE)).where(self._at(case_id))).first()
        if row is None:
            raise NotFound(f"No case {case_id!r}. List them with `copilot cases list`.")
        owed = connection.execute(
            select(*(obligations.c[name] for name in _OBLIGATION))
            .where(obligations.c.tenant == self._tenant, obligations.c.case_id == case_id)
            .order_by(obligations.c.due_at.is_(None), obligations.c.due_at, obligations.c.obligation_id)
        )
        history = connection.execute(
            select(*(case_history.c[name] for name in _ENTRY))
            .where(case_history.c.tenant == self._tenant, case_history.c.case_id == case_id)
            .order_by(case_history.c.seq)
        )
        return replace(
            Case(*row),
            obligations=tuple(Obligation(*each) for each in owed),
            history=tuple(Entry(*each) for each in history),
        )

    def _at(self, case_id: str) -> ColumnElement[bool]:
        return and_(cases.c.tenant == self._tenant, cases.c.case_id == case_id)
