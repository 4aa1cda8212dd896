"""Decisions as they were made: the question, the answer word for word, and the rules of that day."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from copilot.errors import NotFound
from copilot.store.offer_tables import offer_decisions, rule_versions


@dataclass(frozen=True)
class StoredDecision:
    """A decision; `question` and `answer` are JSON texts, `rules` the rule files it was made by, as JSON text."""

    decision_id: str
    customer_id: str
    reason: str
    best: str
    question: str
    answer: str
    rules: str
    at: datetime


class Decisions:
    """The decisions of one tenant; a decision is known by the hash of what was asked, answered, and by which rules."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def keep(self, *, customer_id: str, reason: str, best: str, question: str, answer: str, rules: str) -> str:
        """Store a decision and return its id; the same decision again has the same id and is stored once."""
        rules_hash, now, id_ = _hash(rules), datetime.now(UTC), decision_id(question, answer, rules)
        self._once(rule_versions, rules_hash=rules_hash, content=rules, at=now)
        self._once(
            offer_decisions,
            tenant=self._tenant,
            decision_id=id_,
            customer_id=customer_id,
            reason=reason,
            best=best,
            rules_hash=rules_hash,
            question=question,
            answer=answer,
            at=now,
        )
        return id_

    def get(self, decision_id: str) -> StoredDecision:
        """A decision by its id.

        Raises:
            NotFound: there is none.
        """
        found = self._read(offer_decisions.c.decision_id == decision_id)
        if not found:
            raise NotFound(f"No decision {decision_id!r}. POST /v1/offers/evaluate answers the ids of new ones.")
        return found[0]

    def since(self, begin: datetime) -> Sequence[StoredDecision]:
        """Decisions from a time on, in order."""
        return self._read(offer_decisions.c.at >= begin)

    def _read(self, wanted: object) -> list[StoredDecision]:
        d, r = offer_decisions.c, rule_versions.c
        columns = (d.decision_id, d.customer_id, d.reason, d.best, d.question, d.answer, r.content, d.at)
        joined = offer_decisions.join(rule_versions, d.rules_hash == r.rules_hash)
        query = select(*columns).select_from(joined).where(d.tenant == self._tenant, wanted).order_by(d.at)  # type: ignore[arg-type]  # a comparison of columns
        with self._reader.connect() as connection:
            return [StoredDecision(*row) for row in connection.execute(query)]

    def _once(self, table: object, **row: object) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(table).values(row))  # type: ignore[arg-type]  # one of the two tables above
        except IntegrityError:
            return


def decision_id(question: str, answer: str, rules: str) -> str:
    """The id of a decision: a hash of what was asked, what was answered, and the rules."""
    return _hash("\n".join((question, answer, _hash(rules))))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
