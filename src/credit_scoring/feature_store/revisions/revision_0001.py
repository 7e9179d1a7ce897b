"""The tables of the online store as they were before there were revisions."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "online_feature_versions",
        sa.Column("fingerprint", sa.String(32), primary_key=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("loaded_chunks", sa.Integer, nullable=False),
        sa.Column("loaded_rows", sa.Integer, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
    )
    op.create_table(
        "online_features",
        sa.Column("fingerprint", sa.String(32), primary_key=True),
        sa.Column("client_id", sa.Integer, primary_key=True),
        sa.Column("history", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "online_feature_descriptions",
        sa.Column("fingerprint", sa.String(32), primary_key=True),
        sa.Column("description", sa.Text, nullable=False),
    )
    op.create_table(
        "online_pointer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("fingerprint", sa.String(32), nullable=False),
    )
