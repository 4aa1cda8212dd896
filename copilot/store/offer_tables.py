"""The tables about offers: decisions with the rules of their day, outcomes, approvals."""

from sqlalchemy import JSON, Boolean, Column, DateTime, Index, Integer, String, Table, Text

from copilot.store.tables import metadata

rule_versions = Table(
    "rule_versions",
    metadata,
    Column("rules_hash", String(64), primary_key=True),
    Column("content", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

offer_decisions = Table(
    "offer_decisions",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("decision_id", String(64), primary_key=True),
    Column("customer_id", String(200), nullable=False),
    Column("reason", String(80), nullable=False),
    Column("best", String(80), nullable=False),
    Column("rules_hash", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_offer_decisions_at", "tenant", "at"),
)

offer_outcomes = Table(
    "offer_outcomes",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("outcome_id", String(200), primary_key=True),
    Column("customer_id", String(200), nullable=False),
    Column("call_id", String(200)),
    Column("offer_id", String(80), nullable=False),
    Column("reason", String(80), nullable=False),
    Column("tenure_months", Integer, nullable=False),
    Column("segment", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("refusal_reason", String(500)),
    Column("paying_30", Boolean),
    Column("paying_60", Boolean),
    Column("paying_90", Boolean),
    Column("shown_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("ix_offer_outcomes_offer", "tenant", "offer_id", "reason"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("approval_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("status", String(20), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("body", JSON, nullable=False),
)
