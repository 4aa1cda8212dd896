"""The table of widget tokens."""

from sqlalchemy import Column, String, Table

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

widget_tokens = Table(
    "widget_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("tenant", String(63), nullable=False),
    Column("agent", String(120), nullable=False),
    Column("call_id", String(200), nullable=False),
    Column("minted_by", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
