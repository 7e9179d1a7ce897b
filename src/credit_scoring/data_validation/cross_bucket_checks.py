"""Duplicates across buckets, where rows must be unique."""

from collections.abc import Callable, Sequence

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_validation.bucket_checks import BucketFindings, FailingRows, failing_rows_where, identity
from credit_scoring.data_validation.plan import Uniqueness

Reader = Callable[[int, Sequence[str]], pl.DataFrame]
"""Reads some columns of the rows that one element of the findings describes."""


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
