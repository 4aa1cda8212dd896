"""Acknowledged policy changes and results of quizzes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "acknowledgements",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("doc_id", sa.String(length=512), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "person", "doc_id", "digest", name=op.f("pk_acknowledgements")),
    )
    op.create_table(
        "quiz_results",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("quiz_id", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "person", "quiz_id", name=op.f("pk_quiz_results")),
    )
