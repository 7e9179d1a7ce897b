"""The SQL tables of the ledger; the fields of a decision are JSON in `facts` and `sealed` (decision_record.py)."""

import uuid
from pathlib import Path

import sqlalchemy as sa

from credit_scoring.core.schema import Schema
from credit_scoring.decisions.chain import GENESIS, OUTCOME_PREFIX, RECORDS_ERASURES

METADATA = sa.MetaData()
SCHEMA = Schema(
    name="ledger",
    purpose="decision ledger",
    setting="ledger.url",
    file="decisions",
    tables=METADATA,
    revisions=Path(__file__).parent / "revisions",
)

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")

DECISIONS = sa.Table(
    "ledger_decisions",
    METADATA,
    sa.Column("sequence", _LONG, primary_key=True, autoincrement=False),
    sa.Column("decision_id", sa.String(32), nullable=False, unique=True),
    sa.Column("decided_at", sa.String(40), nullable=False, index=True),
    sa.Column("key_id", sa.String(32), nullable=False, index=True),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

IS_OUTCOME = DECISIONS.c.decision_id.startswith(OUTCOME_PREFIX)
# The other rows are erasures (`Row.is_erasure`). The length is known without reading the encrypted data.
IS_DECISION = sa.and_(sa.func.length(DECISIONS.c.sealed) > 0, sa.not_(IS_OUTCOME))

# One row per client, and one per decision of an applicant without a client id. An erasure clears client_id and key.
KEYS = sa.Table(
    "ledger_keys",
    METADATA,
    sa.Column("key_id", sa.String(32), primary_key=True),
    sa.Column("client_id", _LONG, unique=True),
    sa.Column("key", sa.LargeBinary),
    sa.Column("erased_at", sa.String(40)),
)

HEAD = sa.Table(
    "ledger_head",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ledger_id", sa.String(32), nullable=False),
    sa.Column("rows", _LONG, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)


@sa.event.listens_for(HEAD, "after_create")
def _begin_chain(_: object, connection: sa.Connection, **__: object) -> None:
    ledger_id = (RECORDS_ERASURES + uuid.uuid4().hex)[:32]
    connection.execute(sa.insert(HEAD), {"id": 1, "ledger_id": ledger_id, "rows": 0, "hash": GENESIS})
