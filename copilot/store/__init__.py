"""The database: tables, the event log, tokens, migrations."""

from copilot.store.database import open_database
from copilot.store.events import Call, Event, EventLog, MovedOn, NewEvent
from copilot.store.gaps import Gap, Gaps
from copilot.store.tokens import ROLES, Identity, Role, Tokens

__all__ = [
    "ROLES",
    "Call",
    "Event",
    "EventLog",
    "Gap",
    "Gaps",
    "Identity",
    "MovedOn",
    "NewEvent",
    "Role",
    "Tokens",
    "open_database",
]
