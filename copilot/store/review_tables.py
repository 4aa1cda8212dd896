"""Tables of the reviewers' desk: drafts with their versions, decisions, the audit log, and what is to be sent."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from copilot.store.tables import metadata
from copilot.store.times import UtcDateTime

drafts = Table(
    "drafts",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("draft_id", String(64), primary_key=True),
    Column("item_id", String(200), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("draft_class", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("risk", Integer, nullable=False),
    Column("why", String(400), nullable=False),
    Column("due_at", UtcDateTime()),
    Column("approvals_needed", Integer, nullable=False),
    Column("legal", Boolean, nullable=False),
    Column("sampled_by", String(80)),
    Column("version", Integer, nullable=False),
    Column("claimed_by", String(200)),
    Column("claimed_until", UtcDateTime()),
    Column("created_at", UtcDateTime(), nullable=False),
    Column("updated_at", UtcDateTime(), nullable=False),
    Column("given", JSON, nullable=False),
    Column("draft", JSON, nullable=False),
    # all that the order and the filters of the queue look at, so that the texts beside them are not touched
    Index(
        "ix_drafts_queue",
        *("tenant", "status", "risk", "due_at", "created_at", "draft_id"),
        *("channel", "legal", "claimed_by", "claimed_until"),
    ),
    Index("ix_drafts_item", "tenant", "item_id"),
)

draft_versions = Table(
    "draft_versions",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("draft_id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("checks", JSON, nullable=False),
)

review_decisions = Table(
    "review_decisions",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("decision_id", String(100), primary_key=True),
    Column("draft_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("action", String(20), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("body", JSON, nullable=False),
    Index("ix_review_decisions_draft", "tenant", "draft_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("message_id", String(100), primary_key=True),
    Column("draft_id", String(64), nullable=False),
    Column("adapter", String(40), nullable=False),
    Column("message", JSON, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime(), nullable=False),
    Column("held_until", UtcDateTime()),
    Column("detail", String(400), nullable=False),
    Column("receipt", JSON),
    Column("updated_at", UtcDateTime(), nullable=False),
    Index("ix_outbox_due", "tenant", "status", "next_at"),
)

evaluations = Table(
    "evaluations",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("evaluation_id", String(100), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("subject", String(20), nullable=False),
    Column("subject_id", String(200), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("status", String(20), nullable=False),
    Column("marks", JSON, nullable=False),
    Column("score", String(10)),
    Column("comment", Text, nullable=False),
    Index("ix_evaluations_agent", "tenant", "agent", "at"),
)

calibration_sessions = Table(
    "calibration_sessions",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("session_id", String(100), primary_key=True),
    Column("closed_by", String(200), nullable=False),
    Column("closed_at", UtcDateTime(), nullable=False),
)

calibration_marks = Table(
    "calibration_marks",
    metadata,
    Column("tenant", String(63), primary_key=True),
    Column("session_id", String(100), primary_key=True),
    Column("subject_id", String(200), primary_key=True),
    Column("rater", String(200), primary_key=True),
    Column("marks", JSON, nullable=False),
    Column("at", UtcDateTime(), nullable=False),
)
