"""Rows that agree with a row of another bucket where none may agree."""

from collections.abc import Callable, Sequence

import polars as pl

from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_validation.bucket_checks import (
    BucketFindings,
    FailingRows,
    failing_rows_where,
    identity,
)
from credit_scoring.data_validation.plan import Uniqueness

Reader = Callable[[int, Sequence[str]], pl.DataFrame]
"""Reads some columns of the rows behind one element of the findings."""


def duplicates_across_buckets(
    unique: Uniqueness, findings: Sequence[BucketFindings], read: Reader
) -> FailingRows:
    """Rows that repeat a row of other findings, but none of their own; those were found already.

    Only what shares an identity is read again, so memory does not grow with a healthy table.
    """
    identities = [part.identities[unique.check.key] for part in findings]
    shared = _values_in_several(identities)
    suspects = []
    for position, held in enumerate(identities):
        if held.is_in(shared.implode()).any():
            frame = read(position, tuple(dict.fromkeys((CLIENT, *unique.columns))))
            alike = frame.filter(identity(frame, unique.identity).is_in(shared.implode()))
            suspects.append(alike.filter(~alike.select(unique.columns).is_duplicated()))
    if not suspects:
        return FailingRows(0, pl.DataFrame())
    together = pl.concat(suspects)
    return failing_rows_where(together, together.select(unique.columns).is_duplicated())


def _values_in_several(parts: Sequence[pl.Series]) -> pl.Series:
    """Values that more than one part holds; within a part each value stands once."""
    values = pl.concat(parts)
    return values.filter(values.is_duplicated()).unique()
