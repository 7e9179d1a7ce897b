"""Distributions of the training clients, the reference that new applications are compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.evaluation.population_stability import Histogram, histogram

REFERENCE_FILE = "reference.npz"
_LEVELS = np.linspace(0.0, 1.0, 21)


@dataclass(frozen=True)
class Distribution:
    """One number over the training clients.

    Attributes:
        histogram: for the population stability index; its last share is that of missing values.
        quantiles: (21,) from the smallest known value by steps of 5 % to the largest; NaN if none is known.
    """

    histogram: Histogram
    quantiles: np.ndarray

    @property
    def median(self) -> float:
        """Median of the known values; NaN if none is known."""
        return float(self.quantiles[len(self.quantiles) // 2])


@dataclass(frozen=True)
class Reference:
    """Distributions at training time, of each feature by name and of the calibrated out-of-fold probabilities."""

    features: dict[str, Distribution]
    probability: Distribution


def reference_of(features: np.ndarray, names: Sequence[str], probability: np.ndarray) -> Reference:
    """Distributions of float32 features (n, features), NaN where missing, and of out-of-fold probabilities (n,)."""
    columns = {name: _distribution(features[:, index]) for index, name in enumerate(names)}
    return Reference(columns, _distribution(probability.astype(np.float32)))


def save_reference(reference: Reference, folder: Path) -> None:
    """Write reference.npz: plain arrays, the distributions concatenated, the probability last."""
    rows = [*reference.features.values(), reference.probability]
    np.savez_compressed(
        folder / REFERENCE_FILE,
        allow_pickle=False,
        names=np.array(list(reference.features), dtype=np.str_),
        edge_counts=np.array([len(row.histogram.edges) for row in rows]),
        edges=np.concatenate([row.histogram.edges for row in rows]),
        shares=np.concatenate([row.histogram.shares for row in rows]),
        quantiles=np.array([row.quantiles for row in rows]),
    )


def load_reference(folder: Path) -> Reference:
    """Read the distributions of a Scorer's folder.

    Raises:
        StorageError: the file is missing or damaged.
    """
    file = folder / REFERENCE_FILE
    retrain = "Run `credit-scoring train --force`, or choose another model version."
    with clear_read_errors(file, retrain), np.load(file, allow_pickle=False) as stored:
        names, counts = [str(name) for name in stored["names"]], stored["edge_counts"]
        edges = np.split(stored["edges"], np.cumsum(counts)[:-1])
        # One bin more than edges, plus the share of missing values.
        shares = np.split(stored["shares"], np.cumsum(counts + 2)[:-1])
        quantiles = list(stored["quantiles"])
    rows = [
        Distribution(Histogram(edge, share), quantile)
        for edge, share, quantile in zip(edges, shares, quantiles, strict=True)
    ]
    return Reference(dict(zip(names, rows[:-1], strict=True)), rows[-1])


def _distribution(values: np.ndarray) -> Distribution:
    known = values[~np.isnan(values)]
    quantiles = np.quantile(known, _LEVELS, method="lower") if len(known) else np.full(len(_LEVELS), np.nan)
    return Distribution(histogram(values), quantiles.astype(np.float32))
