"""Knowledge gaps: questions the documents did not answer, masked, with how often they were asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, func, insert, select

from copilot.store.tables import knowledge_gaps


@dataclass(frozen=True)
class Gap:
    """A question without an answer, and when it was asked last."""

    question: str
    asked: int
    last_at: datetime


class Gaps:
    """The knowledge gaps of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._tenant = tenant

    def add(self, question: str) -> None:
        """Note that a question (already masked) found no answer."""
        row = {"tenant": self._tenant, "question": question, "at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            connection.execute(insert(knowledge_gaps).values(row))

    def most_asked(self, limit: int = 50) -> Sequence[Gap]:
        """The questions asked most often, the newest first among equals."""
        asked, last = func.count().label("asked"), func.max(knowledge_gaps.c.at).label("last_at")
        query = (
            select(knowledge_gaps.c.question, asked, last)
            .where(knowledge_gaps.c.tenant == self._tenant)
            .group_by(knowledge_gaps.c.question)
            .order_by(asked.desc(), last.desc())
            .limit(limit)
        )
        with self._engine.execution_options(read_only=True).connect() as connection:
            return [Gap(*row) for row in connection.execute(query)]
