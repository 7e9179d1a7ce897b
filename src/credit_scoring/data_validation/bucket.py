"""What one client bucket of one table holds that its contract forbids; pure functions of frames."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from credit_scoring.data_validation.plan import RowCheck, foreign_key_checks, key_check, row_checks
from credit_scoring.tables import ForeignKey, Table
from credit_scoring.tables.parquet import CLIENT

KEPT_ROWS_PER_BUCKET = 5_000
"""Failing rows of one check that are kept; beyond that a repair needs no row list but a look at the source."""


class Found(NamedTuple):
    """Rows of one bucket that break one rule: how many, and the first of them."""

    failing: int
    rows: pl.DataFrame


class TableFindings(NamedTuple):
    """Findings of one table in one bucket.

    Attributes:
        found: failing rows by check, as `Check.key`; checks without failing rows are absent.
        nulls: null count of each column.
        key_values: distinct values of the first primary key column, for keys that may repeat across buckets;
            empty when equal keys always lie in one bucket.
    """

    rows: int
    found: dict[str, Found]
    nulls: dict[str, int]
    key_values: pl.Series


def failing_rows(frame: pl.DataFrame, failing: pl.Series) -> Found:
    """Count and first rows of those marked true."""
    return Found(int(failing.sum()), frame.filter(failing).head(KEPT_ROWS_PER_BUCKET))


def broken_row_rules(frame: pl.DataFrame, checks: Sequence[RowCheck]) -> dict[str, Found]:
    """Row checks that fail in this frame, by key."""
    if not checks:
        return {}
    counts = frame.select(row.failing.sum().alias(row.check.key) for row in checks).row(0, named=True)
    return {
        row.check.key: failing_rows(frame, frame.select(failing=row.failing)["failing"])
        for row in checks
        if counts[row.check.key]
    }


def repeated_key(frame: pl.DataFrame, table: Table) -> Found:
    """Rows that share their primary key with another row of this frame; nulls are another check's matter."""
    key = frame.select(table.primary_key)
    complete = key.select(complete=pl.all_horizontal(pl.all().is_not_null()))["complete"]
    return failing_rows(frame, key.is_duplicated() & complete)


def orphans(frame: pl.DataFrame, key: ForeignKey, parents: Mapping[str, pl.DataFrame]) -> Found:
    """Rows whose foreign key leads to no row of the same client.

    Args:
        parents: the same bucket of the tables that the key may lead to, at least their key columns.
    """
    pair = list(dict.fromkeys((CLIENT, key.column)))
    known = pl.concat([parents[name].select(pair) for name in key.tables]).unique()
    orphaned = frame.select(pair).unique().join(known, on=pair, how="anti")
    if orphaned.is_empty():
        return Found(0, frame.clear())
    rows = frame.join(orphaned, on=pair, how="semi", nulls_equal=True, maintain_order="left")
    return Found(rows.height, rows.head(KEPT_ROWS_PER_BUCKET))


def examine(frame: pl.DataFrame, table: Table, parents: Mapping[str, pl.DataFrame]) -> TableFindings:
    """Everything that one bucket of one table shows, apart from keys that repeat in another bucket.

    Args:
        parents: the same bucket of the tables that foreign keys lead to, at least their key columns.
    """
    found = broken_row_rules(frame, row_checks(table))
    if (key := key_check(table)) is not None:
        found[key.key] = repeated_key(frame, table)
    for foreign_key, check in zip(table.foreign_keys, foreign_key_checks(table), strict=True):
        found[check.key] = orphans(frame, foreign_key, parents)
    return TableFindings(
        rows=frame.height,
        found={name: rows for name, rows in found.items() if rows.failing},
        nulls=frame.null_count().row(0, named=True),
        key_values=_key_values_that_may_lie_elsewhere(frame, table),
    )


def _key_values_that_may_lie_elsewhere(frame: pl.DataFrame, table: Table) -> pl.Series:
    if not table.primary_key or CLIENT in table.primary_key:
        return pl.Series(dtype=pl.Int32)
    return frame[table.primary_key[0]].unique()
