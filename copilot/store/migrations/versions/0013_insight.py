"""What other systems tell of a desk, and what is said about a coaching pack."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "desk_facts",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("fact_id", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "kind", "fact_id", name=op.f("pk_desk_facts")),
    )
    op.create_index("ix_desk_facts_at", "desk_facts", ["tenant", "kind", "at"])
    op.create_table(
        "coaching_notes",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("note_id", sa.String(length=100), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("re", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "note_id", name=op.f("pk_coaching_notes")),
    )
    op.create_index("ix_coaching_notes_agent", "coaching_notes", ["tenant", "agent", "at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("coaching_notes")
    op.drop_table("desk_facts")
