"""Whom a token was made for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; tokens of before are nobody's in particular."""
    op.add_column("tokens", sa.Column("person", sa.String(length=200), nullable=False, server_default=""))
