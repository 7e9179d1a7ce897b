"""Which inputs a model has and why: what gives no feature, what repeats other features, what the model does not use.

Nothing is removed here; docs/ML_MODEL.md says what removing would change.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import polars as pl

from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.feature_findings import LEFT_OUT, REDUNDANT_CORRELATION, Finding
from credit_scoring.explain.portfolio import HeldOutRows, sample_rows

_SHARED_ROWS = 0.9
"""Share of a feature's known values beside which a stronger one must be known to replace it."""
_MAX_ROWS = 3_000


class Repetition(NamedTuple):
    """The stronger feature that says nearly the same, and the correlation; None for the strongest feature."""

    partner: int | None
    correlation: float


def repetitions(features: np.ndarray, strength: np.ndarray, limit: float = REDUNDANT_CORRELATION) -> list[Repetition]:
    """For each feature, the stronger one that could best replace it.

    Only features that are not redundant themselves and are known where it is known can replace a feature.

    Args:
        features: float32 (n, features), NaN where missing.
        strength: (features,) by which the stronger of two features is kept.
        limit: absolute correlation from which a feature is redundant.
    """
    chosen = features[sample_rows(len(features), _MAX_ROWS)]
    known = (~np.isnan(chosen)).astype(np.float32)
    shared = known.T @ known
    correlations = pd.DataFrame(chosen).corr().to_numpy(copy=True)
    correlations[np.isnan(correlations) | (shared < _SHARED_ROWS * np.diag(shared)[:, np.newaxis])] = 0.0
    found = [Repetition(None, 0.0)] * len(strength)
    kept: list[int] = []
    for index in np.argsort(-strength, kind="stable").tolist():
        if kept:
            partner = kept[int(np.argmax(np.abs(correlations[index, kept])))]
            found[index] = Repetition(partner, float(correlations[index, partner]))
        if abs(found[index].correlation) < limit:
            kept.append(index)
    return found


def feature_selection(importance: pl.DataFrame, names: tuple[str, ...], rows: HeldOutRows) -> pl.DataFrame:
    """Every feature, then every raw column that gives none: whether it is kept, and what was found.

    Args:
        importance: result of `feature_importance`.

    Returns:
        Columns input, decision (kept or left out), finding (a `Finding`; for raw columns a `LeftOutBecause`), concept,
        correlated_with (`Repetition`), correlation, mean_absolute_shap, native_share; null where they say nothing.
    """
    measures = ("mean_absolute_shap", "native_share")
    kept = pl.DataFrame({"input": names}).join(
        importance.select(pl.col("feature").alias("input"), *measures), on="input", how="left", maintain_order="left"
    )
    found = repetitions(rows.features, kept["mean_absolute_shap"].to_numpy())
    kept = kept.with_columns(
        decision=pl.lit("kept"),
        concept=pl.Series([concept.value for concept in concepts_of(names)]),
        correlated_with=pl.Series([None if each.partner is None else names[each.partner] for each in found]),
        correlation=pl.Series([each.correlation for each in found]),
        finding=pl.when(pl.max_horizontal(measures) == 0)
        .then(pl.lit(Finding.UNUSED.value))
        .when(pl.Series([abs(each.correlation) >= REDUNDANT_CORRELATION for each in found]))
        .then(pl.lit(Finding.REDUNDANT.value))
        .otherwise(pl.lit(Finding.INFORMATIVE.value)),
    )
    left_out = pl.DataFrame({"input": list(LEFT_OUT), "finding": [reason.value for reason in LEFT_OUT.values()]})
    columns = ("input", "decision", "finding", "concept", "correlated_with", "correlation", *measures)
    return pl.concat([kept, left_out.with_columns(decision=pl.lit("left out"))], how="diagonal").select(columns)
