"""Keys that expire. The column may be empty, so that the version before works with it too (docs/CICD.md, Roll back)."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Add the column: PostgreSQL changes its catalogue alone, without a rewrite of the table."""
    op.add_column("api_keys", sa.Column("expires_at", sa.String(40)))
