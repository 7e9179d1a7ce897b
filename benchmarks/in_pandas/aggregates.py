"""Masks, groupby and merges that the pandas features are composed of."""

from collections.abc import Mapping

import pandas as pd

CLIENT = "SK_ID_CURR"
Masks = Mapping[str, pd.Series]


def statistics(
    prefix: str, rows: pd.DataFrame, masks: Masks, column: str, windows: tuple[str, ...], names: tuple[str, ...]
) -> dict[str, pd.Series]:
    """Statistics of a column over the rows of each mask, by feature name."""
    features = {}
    for window in windows:
        chosen = rows[masks[window]].groupby(CLIENT)[column].agg(list(names))
        for name in names:
            features["_".join(part for part in (prefix, column, name, window) if part)] = chosen[name]
    return features


def counts(prefix: str, rows: pd.DataFrame, masks: Masks, names: list[str] | tuple[str, ...]) -> dict[str, pd.Series]:
    """Number of rows of each mask, by feature name."""
    return {f"{prefix}_count" + (f"_{name}" if name else ""): masks[name].groupby(rows[CLIENT]).sum() for name in names}


def shares(prefix: str, rows: pd.DataFrame, masks: Masks, names: tuple[str, ...], among: str) -> dict[str, pd.Series]:
    """Share of the rows of one mask that also lie in others, by feature name."""
    chosen = rows[masks[among]]
    return {
        "_".join(part for part in (prefix, "share", name, among) if part): masks[name][masks[among]]
        .groupby(chosen[CLIENT])
        .mean()
        for name in names
    }
