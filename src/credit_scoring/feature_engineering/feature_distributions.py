"""Distribution, missing values and relation to the target of every feature, for the catalogue page."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import BaseModel

from credit_scoring.data_contracts.contract import TARGET
from credit_scoring.evaluation.auc import auc

BINS = 20
LOWEST_SHARE, HIGHEST_SHARE = 0.01, 0.99


class FeatureDistribution(BaseModel, frozen=True, extra="forbid"):
    """One feature over the applications of a sample.

    Attributes:
        null_share: share of applications for which it is missing, from 0 to 1.
        quantiles: minimum, 5 %, 25 %, median, 75 %, 95 %, maximum; empty if it is always missing.
        histogram: share of the known values in equal bins of `histogram_range`, which reaches from the 1 % to the
            99 % quantile; values beyond it count in the outermost bins.
        auc: area under the ROC curve of the feature alone, ties counting half: above 0.5 if high values default more
            often, below if they default less; None without both outcomes.
        default_rate_if_missing: share of defaults where it is missing; None where it never is.
    """

    name: str
    null_share: float
    quantiles: tuple[float, ...]
    histogram: tuple[float, ...]
    histogram_range: tuple[float, float] | None
    auc: float | None
    default_rate_if_missing: float | None


def distributions_of(features: pl.DataFrame, names: Sequence[str]) -> tuple[FeatureDistribution, ...]:
    """The distribution of each feature over the applications of a frame.

    Args:
        features: TARGET, null where the outcome is not known, and the features.
    """
    target = features[TARGET].cast(pl.Float64).to_numpy()
    return tuple(_distribution(name, features[name].to_numpy(), target) for name in names)


def _distribution(name: str, values: NDArray[np.float32], target: NDArray[np.float64]) -> FeatureDistribution:
    missing = np.isnan(values)
    known = values[~missing].astype(np.float64)
    outcome = target[missing]
    outcome = outcome[~np.isnan(outcome)]
    bins = _range_of_bins(known)
    return FeatureDistribution(
        name=name,
        null_share=float(missing.mean()) if missing.size else 0.0,
        quantiles=(tuple(np.quantile(known, (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)).tolist()) if known.size else ()),
        histogram=_histogram(known, bins) if bins else (),
        histogram_range=bins,
        auc=_auc(known, target[~missing]),
        default_rate_if_missing=float(outcome.mean()) if outcome.size else None,
    )


def _range_of_bins(known: NDArray[np.float64]) -> tuple[float, float] | None:
    if not known.size:
        return None
    low, high = np.quantile(known, (LOWEST_SHARE, HIGHEST_SHARE))
    if low == high:
        low, high = known.min(), known.max() + (known.min() == known.max())
    return float(low), float(high)


def _histogram(known: NDArray[np.float64], bins: tuple[float, float]) -> tuple[float, ...]:
    counts, _ = np.histogram(np.clip(known, *bins), bins=BINS, range=bins)
    return tuple((counts / known.size).tolist())


def _auc(values: NDArray[np.float64], target: NDArray[np.float64]) -> float | None:
    decided = ~np.isnan(target)
    result = auc(values[decided], target[decided])
    return None if np.isnan(result) else result
