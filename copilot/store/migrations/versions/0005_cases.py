"""Cases, what is owed in them, and their history, which nothing may change."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "cases",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("case_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "case_id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_open", "cases", ["tenant", "status", "kind"])
    op.create_table(
        "obligations",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("obligation_id", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(length=100), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("done_by", sa.String(length=200), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("moved_from", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "obligation_id", name=op.f("pk_obligations")),
    )
    op.create_index("ix_obligations_due", "obligations", ["tenant", "status", "due_at"])
    op.create_index("ix_obligations_case", "obligations", ["tenant", "case_id"])
    op.create_table(
        "case_history",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("case_id", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "case_id", "seq", name=op.f("pk_case_history")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_history_no_{action.lower()} BEFORE {action} ON case_history "
                "BEGIN SELECT RAISE(ABORT, 'case_history is append-only'); END"
            )


def downgrade() -> None:
    """Drop them."""
    for table in ("case_history", "obligations", "cases"):
        op.drop_table(table)
