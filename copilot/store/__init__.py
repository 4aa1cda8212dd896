"""The database: tables, the event log, tokens, migrations."""

from copilot.store.approvals import Approvals, ApprovalStatus, ApprovalStep
from copilot.store.audit import AuditEntry, AuditLog, Verified
from copilot.store.case_rows import Case, Obligation
from copilot.store.cases import Cases
from copilot.store.database import open_database
from copilot.store.decisions import Decisions, StoredDecision, decision_id
from copilot.store.events import Call, Event, EventLog, MovedOn, NewEvent
from copilot.store.gaps import Gap, Gaps
from copilot.store.insight_rows import CallRow, CoachingNote, DraftRow, InsightRows
from copilot.store.logins import Login, Logins
from copilot.store.outbox import Outbox, OutboxRow
from copilot.store.outcomes import Outcome, Outcomes, OutcomeStatus, PayingDays
from copilot.store.reviews import Decision, Queued, QueueRow, ReviewItem, Reviews, TextVersion, Wanted
from copilot.store.scores import Evaluation, Scores
from copilot.store.tokens import ROLES, Identity, IssuedToken, Role, Tokens
from copilot.store.training import Training
from copilot.store.widget_tokens import WIDGET_PREFIX, WidgetTokens
from copilot.store.writebacks import Writebacks

__all__ = [
    "ROLES",
    "WIDGET_PREFIX",
    "ApprovalStatus",
    "ApprovalStep",
    "Approvals",
    "AuditEntry",
    "AuditLog",
    "Call",
    "CallRow",
    "Case",
    "Cases",
    "CoachingNote",
    "Decision",
    "Decisions",
    "DraftRow",
    "Evaluation",
    "Event",
    "EventLog",
    "Gap",
    "Gaps",
    "Identity",
    "InsightRows",
    "IssuedToken",
    "Login",
    "Logins",
    "MovedOn",
    "NewEvent",
    "Obligation",
    "Outbox",
    "OutboxRow",
    "Outcome",
    "OutcomeStatus",
    "Outcomes",
    "PayingDays",
    "QueueRow",
    "Queued",
    "ReviewItem",
    "Reviews",
    "Role",
    "Scores",
    "StoredDecision",
    "TextVersion",
    "Tokens",
    "Training",
    "Verified",
    "Wanted",
    "WidgetTokens",
    "Writebacks",
    "decision_id",
    "open_database",
]
