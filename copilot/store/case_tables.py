"""Tables of cases: the matter, what is owed in it, and what happened, which is never changed."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

cases = Table(
    "cases",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", String(300), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("customer_id", String(200)),
    Column("source", String(300), nullable=False),
    Column("body", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("updated_at", UtcDateTime(), nullable=False),
    Index("ix_cases_open", "tenant", "status", "kind"),
)

obligations = Table(
    "obligations",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("obligation_id", String(200), primary_key=True),
    Column("case_id", String(100), nullable=False),
    Column("what", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    Column("due_at", UtcDateTime()),
    Column("channel", String(40), nullable=False),
    Column("source", String(300), nullable=False),
    Column("status", String(20), nullable=False),
    Column("done_by", String(200)),
    Column("evidence", Text, nullable=False),
    Column("moved_from", JSON, nullable=False),
    Index("ix_obligations_due", "tenant", "status", "due_at"),
    Index("ix_obligations_case", "tenant", "case_id"),
)

case_history = Table(
    "case_history",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("by", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("body", JSON, nullable=False),
)
