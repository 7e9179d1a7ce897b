"""Sorts the rows of a bucket as its contract says, independently of the order in the source."""

from collections.abc import Sequence

import numpy as np
import polars as pl

_KEY_BITS = 63
"""One bit less than UInt64 has, because the range of a column includes one more value for null."""


def sort_rows(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows sorted by whole-number columns, nulls last; ties are sorted by all other columns.

    Sorting by one 64-bit key takes a third of the time of sorting by several columns.
    """
    keys = _keys(frame, columns)
    order = np.argsort(keys)
    frame, keys = frame[order], keys[order]
    follows_equal = keys[1:] == keys[:-1]
    tied = np.flatnonzero(np.append(follows_equal, False) | np.append(False, follows_equal))
    if not len(tied):
        return frame
    rows = frame[tied]
    others = [name for name in frame.columns if name not in columns]
    by = [pl.col(name) for name in (*columns, *others)]
    order = np.arange(frame.height)
    order[tied] = tied[rows.select(pl.arg_sort_by(by, nulls_last=True)).to_series().to_numpy()]
    return frame[order]


def _keys(frame: pl.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """One number per row that combines as many of the leading columns as fit in 64 bits."""
    key, used_bits = pl.repeat(0, pl.len(), dtype=pl.UInt64), 0
    for name in columns:
        lowest, highest = frame.select(pl.col(name).min().alias("lowest"), pl.col(name).max().alias("highest")).row(0)
        lowest, null = (lowest, highest - lowest + 1) if lowest is not None else (0, 1)
        used_bits += null.bit_length()
        if used_bits > _KEY_BITS:
            break
        offset = (pl.col(name).cast(pl.Int64) - lowest).fill_null(null).cast(pl.UInt64)
        key = key * pl.lit(1 << null.bit_length(), dtype=pl.UInt64) + offset
    return frame.select(key).to_series().to_numpy()
