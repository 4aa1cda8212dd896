"""Tables of insight: what other systems tell of a desk, and what is said about a coaching pack."""

from sqlalchemy import JSON, Column, Index, String, Table, Text

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

desk_facts = Table(
    "desk_facts",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("fact_id", String(200), primary_key=True),
    Column("at", UtcDateTime(), nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_desk_facts_at", "tenant", "kind", "at"),
)

coaching_notes = Table(
    "coaching_notes",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("note_id", String(100), primary_key=True),
    Column("agent", String(200), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("by", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("re", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_coaching_notes_agent", "tenant", "agent", "at"),
)
