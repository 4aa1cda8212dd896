"""What people have acknowledged, and how their quizzes went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict
from copilot.store.training_tables import acknowledgements, quiz_results


@dataclass(frozen=True)
class Acknowledged:
    """Somebody knows a change: the document and the digest of its words."""

    person: str
    doc_id: str
    digest: str
    at: datetime


@dataclass(frozen=True)
class QuizResult:
    """A quiz somebody took; `wrong` are the questions they missed, each with its citation."""

    person: str
    quiz_id: str
    at: datetime
    right: int
    questions: int
    wrong: Sequence[Any]


class Training:
    """The training records of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def acknowledge(self, person: str, doc_id: str, digest: str, *, at: datetime) -> None:
        """Note that somebody knows a change; the same again keeps the first time."""
        row = {"tenant": self._tenant, "person": person, "doc_id": doc_id, "digest": digest, "at": at}
        here = acknowledgements.c.tenant == self._tenant, acknowledgements.c.person == person
        known = select(acknowledgements.c.at).where(
            *here, acknowledgements.c.doc_id == doc_id, acknowledgements.c.digest == digest
        )
        try:
            with self._engine.begin() as connection:
                if connection.execute(known).first() is None:
                    connection.execute(insert(acknowledgements).values(row))
        except IntegrityError:
            return  # somebody pressed twice, and the other one was faster

    def acknowledged(self, person: str | None = None) -> list[Acknowledged]:
        """What was acknowledged, by one person if they are named, the latest first."""
        columns = (acknowledgements.c[name] for name in Acknowledged.__dataclass_fields__)
        query = select(*columns).where(acknowledgements.c.tenant == self._tenant)
        if person is not None:
            query = query.where(acknowledgements.c.person == person)
        with self._reader.connect() as connection:
            return [Acknowledged(*row) for row in connection.execute(query.order_by(acknowledgements.c.at.desc()))]

    def record(self, result: QuizResult) -> None:
        """Store how a quiz went.

        Raises:
            Conflict: they have taken it: the answers were shown.
        """
        row = {"tenant": self._tenant, **vars(result), "wrong": list(result.wrong)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(quiz_results).values(row))
        except IntegrityError as error:
            raise Conflict(f"{result.person} has taken the quiz {result.quiz_id!r}. Take another one.") from error

    def results(self, person: str | None = None) -> list[QuizResult]:
        """How quizzes went, of one person if they are named, the latest first."""
        columns = (quiz_results.c[name] for name in QuizResult.__dataclass_fields__)
        query = select(*columns).where(quiz_results.c.tenant == self._tenant)
        if person is not None:
            query = query.where(quiz_results.c.person == person)
        with self._reader.connect() as connection:
            return [QuizResult(*row) for row in connection.execute(query.order_by(quiz_results.c.at.desc()))]
