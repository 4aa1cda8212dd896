"""The table of people who are logged in at a browser."""

from sqlalchemy import Column, String, Table

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

logins = Table(
    "logins",
    metadata,
    Column("session_hash", String(64), primary_key=True),
    Column("tenant", String(63), nullable=False),
    Column("person", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("form_token", String(64), nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("expires_at", UtcDateTime(), nullable=False, index=True),
)
