"""A schema of a test's own tables."""

from pathlib import Path

import sqlalchemy as sa

from credit_scoring.core.schema import Schema

_NOWHERE = Path("nowhere")


def notebook(tables: sa.MetaData, newest: int = 1, revisions: Path = _NOWHERE) -> Schema:
    """The schema of a component that keeps these tables."""
    return Schema("notebook", "notebook", "ledger.url", "notebook", tables, revisions, newest)
