"""Decisions about offers with the rules of their day, outcomes, and approvals with their audit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rule_versions",
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("rules_hash", name=op.f("pk_rule_versions")),
    )
    op.create_table(
        "offer_decisions",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("best", sa.String(length=80), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "decision_id", name=op.f("pk_offer_decisions")),
    )
    op.create_index("ix_offer_decisions_at", "offer_decisions", ["tenant", "at"])
    op.create_table(
        "offer_outcomes",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("outcome_id", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=False),
        sa.Column("call_id", sa.String(length=200), nullable=True),
        sa.Column("offer_id", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("tenure_months", sa.Integer(), nullable=False),
        sa.Column("segment", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("refusal_reason", sa.String(length=500), nullable=True),
        sa.Column("paying_30", sa.Boolean(), nullable=True),
        sa.Column("paying_60", sa.Boolean(), nullable=True),
        sa.Column("paying_90", sa.Boolean(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "outcome_id", name=op.f("pk_offer_outcomes")),
    )
    op.create_index("ix_offer_outcomes_offer", "offer_outcomes", ["tenant", "offer_id", "reason"])
    op.create_table(
        "approvals",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("approval_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "approval_id", "seq", name=op.f("pk_approvals")),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("approvals", "offer_outcomes", "offer_decisions", "rule_versions"):
        op.drop_table(table)
