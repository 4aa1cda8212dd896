"""The queue is sorted and filtered from its index alone."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = "tenant status risk due_at created_at draft_id channel legal claimed_by claimed_until".split()


def upgrade() -> None:
    """Put the wider index in the place of the narrow one."""
    op.drop_index("ix_drafts_queue", "drafts")
    op.create_index("ix_drafts_queue", "drafts", _COLUMNS)
