"""Approvals: who asked, who decided, until when it holds. Every step is kept; nothing is ever changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict, NotFound
from copilot.store.offer_tables import approvals

ApprovalStatus = Literal["requested", "granted", "refused", "used"]


@dataclass(frozen=True)
class ApprovalStep:
    """One step of an approval."""

    seq: int
    status: ApprovalStatus
    by: str
    at: datetime
    body: Mapping[str, Any]


class Approvals:
    """The approvals of one tenant, each a list of steps."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def steps(self, approval_id: str) -> list[ApprovalStep]:
        """What happened to an approval, in order.

        Raises:
            NotFound: there is none of that id.
        """
        columns = [approvals.c[name] for name in ("seq", "status", "by", "at", "body")]
        mine = approvals.c.tenant == self._tenant, approvals.c.approval_id == approval_id
        with self._reader.connect() as connection:
            rows = connection.execute(select(*columns).where(*mine).order_by(approvals.c.seq)).all()
        if not rows:
            raise NotFound(f"No approval {approval_id!r}. Ask for one with POST /v1/offers/approvals.")
        return [ApprovalStep(*row) for row in rows]

    def add(self, approval_id: str, step: ApprovalStep) -> None:
        """Append a step.

        Raises:
            Conflict: somebody else took this step in the meantime.
        """
        row = {"tenant": self._tenant, "approval_id": approval_id, **vars(step)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(approvals).values(row))
        except IntegrityError as error:
            raise Conflict(f"Approval {approval_id!r} has moved on. Read it again.") from error

    def waiting(self) -> Sequence[str]:
        """The ids of approvals that nobody has decided, oldest first."""
        mine = approvals.c.tenant == self._tenant
        decided = select(approvals.c.approval_id).where(mine, approvals.c.seq > 1)
        query = (
            select(approvals.c.approval_id)
            .where(mine, approvals.c.seq == 1, approvals.c.approval_id.not_in(decided))
            .order_by(approvals.c.at)
        )
        with self._reader.connect() as connection:
            return list(connection.execute(query).scalars())
