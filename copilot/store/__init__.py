"""The database: tables, the event log, tokens, migrations."""

from copilot.store.approvals import Approvals, ApprovalStatus, ApprovalStep
from copilot.store.database import open_database
from copilot.store.decisions import Decisions, StoredDecision, decision_id
from copilot.store.events import Call, Event, EventLog, MovedOn, NewEvent
from copilot.store.gaps import Gap, Gaps
from copilot.store.outcomes import Outcome, Outcomes, OutcomeStatus, PayingDays
from copilot.store.tokens import ROLES, Identity, IssuedToken, Role, Tokens

__all__ = [
    "ROLES",
    "ApprovalStatus",
    "ApprovalStep",
    "Approvals",
    "Call",
    "Decisions",
    "Event",
    "EventLog",
    "Gap",
    "Gaps",
    "Identity",
    "IssuedToken",
    "MovedOn",
    "NewEvent",
    "Outcome",
    "OutcomeStatus",
    "Outcomes",
    "PayingDays",
    "Role",
    "StoredDecision",
    "Tokens",
    "decision_id",
    "open_database",
]
