"""Checks the rows of some client buckets, and finds duplicates across buckets; functions of frames only."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_validation.pandera_backend import broken_rules, pandera_schema
from credit_scoring.data_validation.plan import Parents, TablePlan, Uniqueness

MAX_ROWS_PER_GROUP = 5_000
"""Failing rows of one check that are kept from one group of buckets."""


Reader = Callable[[int, Sequence[str]], pl.DataFrame]
"""Reads some columns of the rows that one element of the findings describes."""


class FailingRows(NamedTuple):
    """Rows that break one rule: their number, and the first of them."""

    failing: int
    rows: pl.DataFrame


class BucketFindings(NamedTuple):
    """Findings in some buckets of one table.

    Attributes:
        found: rows that break a rule, by the key of its check; rules without failing rows are absent.
        nulls: null count of each column.
        identities: hashes of the values that must be unique across buckets, by the key of the check.
    """

    rows: int
    found: dict[str, FailingRows]
    nulls: dict[str, int]
    identities: dict[str, pl.Series]


def check_buckets(frame: pl.DataFrame, plan: TablePlan, parents: Parents) -> BucketFindings:
    """Check the rows of some buckets of one table.

    Args:
        parents: the rows of the same buckets that foreign keys refer to.
    """
    masks = broken_rules(frame, pandera_schema(plan.table, plan.rules(parents)))
    return BucketFindings(
        rows=frame.height,
        found={key: failing_rows_where(frame, mask) for key, mask in masks.items()},
        nulls=frame.null_count().row(0, named=True),
        identities={
            unique.check.key: identity(frame, unique.identity).unique()
            for unique in plan.uniqueness
            if unique.reaches_across_buckets
        },
    )


def failing_rows_where(frame: pl.DataFrame, failing: pl.Series) -> FailingRows:
    """The rows where a mask is true."""
    positions = failing.arg_true()
    return FailingRows(len(positions), frame[positions.head(MAX_ROWS_PER_GROUP)])


def identity(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    """A hash of each row; equal for rows with equal values in the columns, in every bucket and process."""
    return frame.select(columns).hash_rows()


def duplicates_across_buckets(unique: Uniqueness, findings: Sequence[BucketFindings], read: Reader) -> FailingRows:
    """Rows that repeat a row of another group of buckets, but none of their own, which was checked before.

    Only groups with shared identities are read again, so a table without duplicates needs no memory.
    """
    identities = [part.identities[unique.check.key] for part in findings]
    shared = _values_in_several(identities)
    suspects = []
    for position, held in enumerate(identities):
        if held.is_in(shared.implode()).any():
            frame = read(position, tuple(dict.fromkeys((CLIENT, *unique.columns))))
            matching = frame.filter(identity(frame, unique.identity).is_in(shared.implode()))
            suspects.append(matching.filter(~matching.select(unique.columns).is_duplicated()))
    if not suspects:
        return FailingRows(0, pl.DataFrame())
    together = pl.concat(suspects)
    return failing_rows_where(together, together.select(unique.columns).is_duplicated())


def _values_in_several(parts: Sequence[pl.Series]) -> pl.Series:
    """Values that occur in more than one part; within a part, each value is unique."""
    values = pl.concat(parts)
    return values.filter(values.is_duplicated()).unique()
