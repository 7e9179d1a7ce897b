"""The decisions of a time window, one page in memory at a time."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from credit_scoring.core.errors import ErasedError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import DECISION_WITH_KEY, Ledger, decrypted
from credit_scoring.decisions.sql_tables import DECISIONS, IS_DECISION

_DECISIONS_PER_PAGE = 1_000


def entries_between(ledger: Ledger, since: datetime, until: datetime) -> Iterator[Entry | None]:
    """Decisions made from a moment on and before another one, in the order of the chain; None for an erased one."""
    in_window = DECISION_WITH_KEY.where(
        DECISIONS.c.decided_at >= since.astimezone(UTC).isoformat(),
        DECISIONS.c.decided_at < until.astimezone(UTC).isoformat(),
    )
    query = in_window.where(DECISIONS.c.sequence > sa.bindparam("after")).order_by(DECISIONS.c.sequence)
    after = 0
    while page := ledger.rows(query.limit(_DECISIONS_PER_PAGE), {"after": after}):
        for row in page:
            try:
                yield decrypted(row)
            except ErasedError:
                yield None
        after = page[-1].sequence


def facts_before(ledger: Ledger, until: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Id and non-personal fields of every decision before a moment, in the order of the chain; erased ones too."""
    query = sa.select(DECISIONS.c.sequence, DECISIONS.c.decision_id, DECISIONS.c.facts).where(
        IS_DECISION,
        DECISIONS.c.decided_at < until.astimezone(UTC).isoformat(),
        DECISIONS.c.sequence > sa.bindparam("after"),
    )
    after = 0
    while page := ledger.rows(query.order_by(DECISIONS.c.sequence).limit(_DECISIONS_PER_PAGE), {"after": after}):
        yield from ((decision_id, json.loads(facts)) for _, decision_id, facts in page)
        after = page[-1].sequence
