"""The way of an approval: asked for, granted or refused by a role high enough, used in time; every step is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

from copilot.errors import AccessDenied, BadInput, Conflict
from copilot.store import Approvals, ApprovalStep
from knowledge.rules.approvals import ApprovalsFile

State = Literal["requested", "granted", "refused", "used", "lapsed"]


@dataclass(frozen=True)
class ApprovalNow:
    """How an approval stands at a time; `lapsed` when its time has run out."""

    approval_id: str
    state: State
    role: str
    steps: tuple[ApprovalStep, ...]
    expires_at: datetime

    def as_json(self) -> dict[str, Any]:
        """For JSON: who did what, and when."""
        return {
            "approval_id": self.approval_id,
            "state": self.state,
            "role": self.role,
            "expires_at": self.expires_at.isoformat(),
            "what": dict(self.steps[0].body),
            "steps": [
                {"status": step.status, "by": step.by, "at": step.at.isoformat(), **_why(step)} for step in self.steps
            ],
        }


@dataclass(frozen=True)
class ApprovalDesk:
    """The approvals of a tenant, worked by the ladder of the pack."""

    store: Approvals
    ladder: ApprovalsFile

    def request(self, role: str, by: str, what: Mapping[str, Any], now: datetime) -> ApprovalNow:
        """Ask a role for an approval.

        Raises:
            BadInput: the ladder has no such role.
        """
        known = [each.role for each in self.ladder.roles]
        if role not in known:
            raise BadInput(f"No role {role!r}; approvals.yaml has: {', '.join(known)}.")
        approval_id = f"ap-{uuid4().hex[:16]}"
        body = {"role": role, **what}
        self.store.add(approval_id, ApprovalStep(1, "requested", by, now, body))
        return self.read(approval_id, now)

    def decide(
        self, approval_id: str, signed_in_as: str, by: str, now: datetime, *, grant: bool, why: str
    ) -> ApprovalNow:
        """Grant or refuse, by someone whose sign-in role is that of the asked role or of a higher one.

        Raises:
            NotFound: no such approval.
            Conflict: it has been decided, or its time has run out.
            AccessDenied: the role may not, or it is the one who asked.
        """
        current = self.read(approval_id, now)
        if current.state != "requested":
            raise Conflict(f"Approval {approval_id!r} is {current.state} already. Ask for a new one.")
        if not self._may_decide(signed_in_as, current.role):
            raise AccessDenied(f"The role {signed_in_as!r} may not decide what {current.role!r} must. Pass it on.")
        if by == current.steps[0].by:
            raise AccessDenied("Nobody approves what they asked for themselves. Pass it on.")
        status: Literal["granted", "refused"] = "granted" if grant else "refused"
        self.store.add(approval_id, ApprovalStep(len(current.steps) + 1, status, by, now, {"why": why}))
        return self.read(approval_id, now)

    def use(self, approval_id: str, by: str, now: datetime) -> ApprovalNow:
        """Use a granted approval, once.

        Raises:
            NotFound: no such approval.
            Conflict: it is not granted, has lapsed, or was used.
        """
        current = self.read(approval_id, now)
        if current.state != "granted":
            raise Conflict(f"Approval {approval_id!r} is {current.state}; only a granted one can be used, once.")
        self.store.add(approval_id, ApprovalStep(len(current.steps) + 1, "used", by, now, {}))
        return self.read(approval_id, now)

    def read(self, approval_id: str, now: datetime) -> ApprovalNow:
        """How an approval stands.

        Raises:
            NotFound: no such approval.
        """
        steps = self.store.steps(approval_id)
        last = steps[-1]
        hours = self.ladder.request_expires_hours if last.status == "requested" else self.ladder.approval_expires_hours
        expires_at = _aware(last.at, now) + timedelta(hours=hours)
        has_lapsed = last.status in ("requested", "granted") and now > expires_at
        state: State = "lapsed" if has_lapsed else last.status
        return ApprovalNow(approval_id, state, steps[0].body["role"], tuple(steps), expires_at)

    def _may_decide(self, signed_in_as: str, role: str) -> bool:
        """Whether a token of this role signs in as the asked role, or as one above it on the ladder."""
        enough = [each.signs_in_as for each in self.ladder.roles[self.ladder.rank(role) :]]
        return signed_in_as in enough


def _aware(at: datetime, now: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)  # SQLite gives the time back without its zone


def _why(step: ApprovalStep) -> dict[str, Any]:
    return {"why": step.body["why"]} if step.body.get("why") else {}
