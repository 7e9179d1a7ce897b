"""The table of the drift history as it was before there were revisions."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "drift_results",
        sa.Column("comparison", sa.String(600), primary_key=True),
        sa.Column("series", sa.String(200), nullable=False, index=True),
        sa.Column("position", sa.String(40), nullable=False),
        sa.Column("run_at", sa.String(40), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
    )
