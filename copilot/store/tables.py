"""The copilot's own tables; the tables of documents and passages stand in `knowledge.tables`."""

from sqlalchemy import JSON, Column, DateTime, Index, Integer, MetaData, String, Table

from knowledge.tables import NAMES

metadata = MetaData(naming_convention=NAMES)

calls = Table(
    "calls",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("call_id", String(200), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("language", String(10)),
    Column("started_at", String(40)),
    Column("customer_id", String(200)),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("call_id", String(200), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("type", String(40), nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_events_type", "tenant", "type"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("tenant", String(63), nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("person", String(200), nullable=False, server_default=""),
)

knowledge_gaps = Table(
    "knowledge_gaps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("tenant", String(63), nullable=False, index=True),
    Column("question", String(2000), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
