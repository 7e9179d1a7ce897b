"""Summaries of a column of real rows: quantiles of a number, shares of values."""

from typing import Any

import polars as pl

from credit_scoring.synthetic_data.profile import PROBABILITIES


def numbers(values: pl.Series) -> dict[str, Any]:
    """Null share, share of zeros and quantiles of the other values, to four digits."""
    entry: dict[str, Any] = {}
    known = values.drop_nulls().cast(pl.Float64)
    if len(known) < len(values):
        entry["null"] = round(1 - len(known) / len(values), 5)
    zeros = int((known == 0).sum()) / max(len(known), 1)
    other = known.filter(known != 0)
    if zeros > 0.002:
        entry["zero"] = round(min(zeros, 0.99999), 5)
    else:
        other = known
    if not len(other):
        return entry | {"v": [0.0], "w": [1.0]} if len(known) else entry | {"null": 1.0, "v": [0.0], "w": [1.0]}
    entry["q"] = [float(f"{other.quantile(p, interpolation='linear') or 0.0:.4g}") for p in PROBABILITIES]
    return entry


def choices(values: pl.Series, smallest: float = 0.0003) -> dict[str, Any]:
    """Null share, and values with their shares; those rarer than ``smallest`` are left out."""
    entry: dict[str, Any] = {}
    known = values.drop_nulls().alias("value")
    if len(known) < len(values):
        entry["null"] = round(1 - len(known) / len(values), 5)
    if not len(known):
        return entry | {"v": ["" if known.dtype == pl.String else 0.0], "w": [1.0]}
    counts = known.value_counts().sort(known.name)
    shares = counts["count"] / len(known)
    kept = shares >= min(smallest, float(shares.max() or 0.0))  # type: ignore[arg-type]
    return entry | {
        "v": counts[known.name].filter(kept).to_list(),
        "w": [round(share, 5) for share in shares.filter(kept).to_list()],
    }


def given(
    rows: pl.DataFrame,
    column: str,
    by: str,
    by_value: bool = False,
    smallest_group: int = 300,
    null_share: float | None = None,
) -> dict[str, Any]:
    """Summary of a column in each group; groups with few rows are left to the group ``""`` of all rows.

    Args:
        null_share: published share of nulls; the groups' shares are scaled to it.
    """
    summary = choices if by_value else numbers
    groups: dict[str, Any] = {"": summary(rows[column])}
    for (group,), part in rows.group_by(by):
        if part.height >= smallest_group and group is not None:
            groups[str(group)] = summary(part[column])
    if null_share is not None:
        factor = null_share / groups[""]["null"]
        for entry in groups.values():
            entry["null"] = round(min(entry.get("null", 0.0) * factor, 1.0), 5)
    return dict(sorted(groups.items()))
