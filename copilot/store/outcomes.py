"""What became of offers: shown, accepted or refused, and whether the customer still pays 30, 60 and 90 days later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict, NotFound
from copilot.store.offer_tables import offer_outcomes

OutcomeStatus = Literal["shown", "accepted", "refused", "withheld"]
PayingDays = Literal[30, 60, 90]


@dataclass(frozen=True)
class Outcome:
    """One offer made (or withheld: a customer of the holdout), known by an id that its sender chooses."""

    outcome_id: str
    customer_id: str
    offer_id: str
    reason: str
    status: OutcomeStatus
    tenure_months: int
    shown_at: datetime
    segment: str = "home"
    call_id: str | None = None
    refusal_reason: str | None = None
    paying_30: bool | None = None
    paying_60: bool | None = None
    paying_90: bool | None = None


_NAMES = tuple(Outcome.__dataclass_fields__)
_MAY_FOLLOW: Mapping[str, tuple[str, ...]] = {
    "shown": ("shown", "accepted", "refused"),
    "accepted": ("accepted",),
    "refused": ("refused",),
    "withheld": ("withheld",),
}


class Outcomes:
    """The outcomes of one tenant."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def record(self, outcome: Outcome) -> bool:
        """Store an outcome, or bring the one of the same id forward; False when it was known just so.

        Raises:
            Conflict: what is known already says otherwise (another offer, or refused after accepted).
        """
        row = {"tenant": self._tenant, **asdict(outcome), "updated_at": datetime.now(UTC)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(offer_outcomes).values(row))
        except IntegrityError:
            return self._forward(outcome)
        return True

    def still_paying(self, outcome_id: str, days: PayingDays, *, paying: bool) -> None:
        """Note whether the customer still pays so many days later.

        Raises:
            NotFound: no such outcome.
        """
        change = {f"paying_{days}": paying, "updated_at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            done = connection.execute(update(offer_outcomes).where(*self._at(outcome_id)).values(change))
        if not done.rowcount:
            raise NotFound(f"No outcome {outcome_id!r}. Record the offer first.")

    def get(self, outcome_id: str) -> Outcome:
        """The outcome of an id.

        Raises:
            NotFound: there is none.
        """
        columns = [offer_outcomes.c[name] for name in _NAMES]
        with self._reader.connect() as connection:
            row = connection.execute(select(*columns).where(*self._at(outcome_id))).first()
        if row is None:
            raise NotFound(f"No outcome {outcome_id!r}. Record the offer first.")
        return Outcome(**row._mapping)

    def all(self) -> Sequence[Outcome]:
        """Every outcome, in the order they were shown."""
        columns = [offer_outcomes.c[name] for name in _NAMES]
        query = select(*columns).where(offer_outcomes.c.tenant == self._tenant).order_by(offer_outcomes.c.shown_at)
        with self._reader.connect() as connection:
            return [Outcome(**row._mapping) for row in connection.execute(query)]

    def _forward(self, outcome: Outcome) -> bool:
        known = self.get(outcome.outcome_id)
        is_same_offer = (known.customer_id, known.offer_id) == (outcome.customer_id, outcome.offer_id)
        if not is_same_offer or outcome.status not in _MAY_FOLLOW[known.status]:
            raise Conflict(
                f"Outcome {outcome.outcome_id!r} is known as {known.offer_id} {known.status}; it cannot become "
                f"{outcome.offer_id} {outcome.status}. Use another id."
            )
        change = {"status": outcome.status, "refusal_reason": outcome.refusal_reason or known.refusal_reason}
        if all(getattr(known, name) == value for name, value in change.items()):
            return False
        with self._engine.begin() as connection:
            connection.execute(
                update(offer_outcomes)
                .where(*self._at(outcome.outcome_id))
                .values({**change, "updated_at": datetime.now(UTC)})
            )
        return True

    def _at(self, outcome_id: str) -> tuple[Any, Any]:
        return offer_outcomes.c.tenant == self._tenant, offer_outcomes.c.outcome_id == outcome_id
