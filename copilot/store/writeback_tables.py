"""The table of what is to be written into other systems."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

writebacks = Table(
    "writebacks",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("proposal_id", String(64), primary_key=True),
    Column("call_id", String(200), nullable=False),
    Column("system", String(63), nullable=False),
    Column("object", String(20), nullable=False),
    Column("object_id", String(200), nullable=False),
    Column("field", String(200), nullable=False),
    Column("old", Text()),
    Column("new", Text(), nullable=False),
    Column("because", JSON, nullable=False),
    Column("status", String(20), nullable=False),
    Column("decided_by", String(200)),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime(), nullable=False),
    Column("held_until", UtcDateTime()),
    Column("detail", String(400), nullable=False),
    Column("found", Text()),
    Column("receipt", JSON),
    Column("updated_at", UtcDateTime(), nullable=False),
    Index("ix_writebacks_due", "tenant", "status", "next_at"),
)
