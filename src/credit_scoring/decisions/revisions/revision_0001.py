"""The tables of the ledger as they were before there were revisions."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create them; `sql_tables` begins the chain in a new database."""
    op.create_table(
        "ledger_decisions",
        sa.Column("sequence", _LONG, primary_key=True, autoincrement=False),
        sa.Column("decision_id", sa.String(32), nullable=False, unique=True),
        sa.Column("decided_at", sa.String(40), nullable=False, index=True),
        sa.Column("key_id", sa.String(32), nullable=False, index=True),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "ledger_keys",
        sa.Column("key_id", sa.String(32), primary_key=True),
        sa.Column("client_id", _LONG, unique=True),
        sa.Column("key", sa.LargeBinary),
        sa.Column("erased_at", sa.String(40)),
    )
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ledger_id", sa.String(32), nullable=False),
        sa.Column("rows", _LONG, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
