"""Scores of calls, notes and replies, each change a further version; and the marks of calibration sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict, NotFound
from copilot.store.review_tables import calibration_marks, calibration_sessions, evaluations

ScoreStatus = Literal["scored", "contested", "upheld", "changed"]


@dataclass(frozen=True)
class Evaluation:
    """One version of a score; `score` as a text 0..100, None where nothing applied."""

    evaluation_id: str
    version: int
    subject: str
    subject_id: str
    agent: str
    reviewer: str
    at: datetime
    status: ScoreStatus
    marks: Sequence[Mapping[str, Any]]
    score: str | None
    comment: str = ""


_NAMES = tuple(Evaluation.__dataclass_fields__)


class Scores:
    """The scores of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def add(self, evaluation: Evaluation) -> None:
        """Store a version.

        Raises:
            Conflict: there is this version already: somebody was faster.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(evaluations).values(tenant=self._tenant, **asdict(evaluation)))
        except IntegrityError as error:
            raise Conflict(f"Evaluation {evaluation.evaluation_id!r} has moved on. Read it again.") from error

    def versions(self, evaluation_id: str) -> list[Evaluation]:
        """Every version of a score, the first first.

        Raises:
            NotFound: there is none.
        """
        query = self._select().where(evaluations.c.evaluation_id == evaluation_id).order_by(evaluations.c.version)
        with self._reader.connect() as connection:
            found = [Evaluation(*row) for row in connection.execute(query)]
        if not found:
            raise NotFound(f"No evaluation {evaluation_id!r}. Add it first.")
        return found

    def latest(self, *, agent: str | None = None) -> list[Evaluation]:
        """The last version of each score, of one agent if they are named, the newest first."""
        last = (
            select(evaluations.c.evaluation_id, func.max(evaluations.c.version).label("version"))
            .where(evaluations.c.tenant == self._tenant)
            .group_by(evaluations.c.evaluation_id)
            .subquery()
        )
        query = self._select().join(
            last,
            (last.c.evaluation_id == evaluations.c.evaluation_id) & (last.c.version == evaluations.c.version),
        )
        if agent is not None:
            query = query.where(evaluations.c.agent == agent)
        with self._reader.connect() as connection:
            return [Evaluation(*row) for row in connection.execute(query.order_by(evaluations.c.at.desc()))]

    def rate(
        self, session_id: str, subject_id: str, rater: str, marks: Mapping[str, Any], at: datetime, *, most: int
    ) -> None:
        """Store a rater's marks in a calibration session; they are given once, for at most so many subjects.

        Raises:
            Conflict: this rater has rated this subject, the session is closed, or it has `most` other subjects.
        """
        row = {"session_id": session_id, "subject_id": subject_id, "rater": rater, "marks": dict(marks), "at": at}
        try:
            with self._engine.begin() as connection:
                if self._is_closed(connection, session_id):
                    raise Conflict(f"Session {session_id!r} is closed; its report has been seen. Begin another one.")
                others = self._subjects(connection, session_id) - {subject_id}
                if len(others) >= most:
                    raise Conflict(f"Session {session_id!r} has {most} subjects, as many as the pack allows.")
                connection.execute(insert(calibration_marks).values(tenant=self._tenant, **row))
        except IntegrityError as error:
            raise Conflict(f"{rater} has rated {subject_id!r} in session {session_id!r} already.") from error

    def close_session(self, session_id: str, by: str, at: datetime, *, fewest: int) -> None:
        """Close a session: nobody rates in it any more, and its report may be read; the same again changes nothing.

        Raises:
            Conflict: it has fewer than `fewest` subjects.
        """
        with self._engine.begin() as connection:
            if self._is_closed(connection, session_id):
                return
            subjects = len(self._subjects(connection, session_id))
            if subjects < fewest:
                raise Conflict(f"Session {session_id!r} has {subjects} subjects; the pack asks for {fewest} at least.")
            row = {"session_id": session_id, "closed_by": by, "closed_at": at}
            connection.execute(insert(calibration_sessions).values(tenant=self._tenant, **row))

    def closed_sessions(self) -> list[str]:
        """The sessions that are closed, the oldest first."""
        query = select(calibration_sessions.c.session_id).where(calibration_sessions.c.tenant == self._tenant)
        with self._reader.connect() as connection:
            return list(connection.execute(query.order_by(calibration_sessions.c.closed_at)).scalars())

    def session(self, session_id: str) -> dict[str, dict[str, Mapping[str, Any]]]:
        """The marks of a session, by rater and subject."""
        columns = calibration_marks.c.rater, calibration_marks.c.subject_id, calibration_marks.c.marks
        query = select(*columns).where(
            calibration_marks.c.tenant == self._tenant, calibration_marks.c.session_id == session_id
        )
        found: dict[str, dict[str, Mapping[str, Any]]] = {}
        with self._reader.connect() as connection:
            for rater, subject, marks in connection.execute(query):
                found.setdefault(rater, {})[subject] = marks
        return found

    def _is_closed(self, connection: Connection, session_id: str) -> bool:
        here = calibration_sessions.c.tenant == self._tenant, calibration_sessions.c.session_id == session_id
        return connection.execute(select(calibration_sessions.c.session_id).where(*here)).first() is not None

    def _subjects(self, connection: Connection, session_id: str) -> set[str]:
        here = calibration_marks.c.tenant == self._tenant, calibration_marks.c.session_id == session_id
        return set(connection.execute(select(calibration_marks.c.subject_id).where(*here)).scalars())

    def _select(self) -> Any:
        return select(*(evaluations.c[name] for name in _NAMES)).where(evaluations.c.tenant == self._tenant)
