"""The decisions of a time window, one page in memory at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

from credit_scoring.core.errors import ErasedError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import DECISION_WITH_KEY, Ledger, decrypted
from credit_scoring.decisions.sql_tables import DECISIONS

_PAGE_ROWS = 1_000


def entries_between(ledger: Ledger, since: datetime, until: datetime) -> Iterator[Entry | None]:
    """Decisions made from a moment on and before another one, in the order of the chain; None for an erased one."""
    in_window = DECISION_WITH_KEY.where(
        DECISIONS.c.decided_at >= since.astimezone(UTC).isoformat(),
        DECISIONS.c.decided_at < until.astimezone(UTC).isoformat(),
    )
    query = in_window.where(DECISIONS.c.sequence > sa.bindparam("after")).order_by(DECISIONS.c.sequence)
    after = 0
    while page := ledger.rows(query.limit(_PAGE_ROWS), {"after": after}):
        for row in page:
            try:
                yield decrypted(row)
            except ErasedError:
                yield None
        after = page[-1].sequence
