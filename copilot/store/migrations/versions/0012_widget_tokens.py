"""Short-lived tokens of widgets: for one agent and one call."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "widget_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.Column("call_id", sa.String(length=200), nullable=False),
        sa.Column("minted_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_widget_tokens")),
    )
    op.create_index(op.f("ix_widget_tokens_expires_at"), "widget_tokens", ["expires_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("widget_tokens")
