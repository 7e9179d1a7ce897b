"""Out-of-fold margins: each client is scored by a model that was not fitted on it."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from credit_scoring.core.progress import progress
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX
from credit_scoring.scoring.model_family import Model, TrainingRows
from credit_scoring.train.peak_memory import watching_memory

Fit = Callable[[TrainingRows], Model]
"""Fits a model on the training rows of a fold."""

_CATEGORIES = frozenset(feature.name for feature in FEATURES if feature.unit == CATEGORY_INDEX)
_DIRECTIONS = {feature.name: feature.monotone for feature in FEATURES}
_MULTITHREADED_ROWS = 20_000


def directions(features: Sequence[str]) -> list[int]:
    """1, -1 or 0 (free) for each feature, under `CREDIT_TRAINING_MONOTONE_CONSTRAINTS`; 0 outside the catalogue.

    A constraint holds if all other features are equal: a better external score never costs a client the loan.
    Constrained are features on whose direction every credit officer agrees; measures of change, of dispersion and of
    elapsed time are free, and so is whatever mixes a protected attribute. Each feature declares its direction.
    """
    return [_DIRECTIONS.get(name, 0) for name in features]


class TrainingData(NamedTuple):
    """All clients whose outcome is known.

    Attributes:
        client_ids, default, folds: (n,) number, 1 for a default, and fold of each client.
        features: float32 (n, features).
        names: of the features.
    """

    client_ids: np.ndarray
    default: np.ndarray
    folds: np.ndarray
    features: np.ndarray
    names: tuple[str, ...]

    def rows(self, chosen: np.ndarray) -> TrainingRows:
        """The clients at some indices (k,), as a model is fitted on them."""
        threads = 1 if len(self.default) < _MULTITHREADED_ROWS else 0
        return TrainingRows(
            self.features[chosen],
            self.default[chosen],
            self.names,
            directions=tuple(directions(self.names)),
            categories=_CATEGORIES,
            threads=threads,
        )

    def subsample(self, maximum_rows: int) -> "TrainingData":
        """At most this many clients, drawn class by class; each keeps its fold."""
        chosen = stratified_subsample(np.arange(len(self.default)), self.default, maximum_rows)
        if len(chosen) == len(self.default):
            return self
        return TrainingData(
            self.client_ids[chosen], self.default[chosen], self.folds[chosen], self.features[chosen], self.names
        )


class CrossValidation(NamedTuple):
    """The result of all folds.

    Attributes:
        margins: (n,) out-of-fold log-odds.
        models: the model of each fold, fitted on the other folds.
        fitted_rows: rows of the largest fit.
        seconds: wall-clock time of fitting and scoring.
        peak_bytes: largest resident memory of the process, data included.
    """

    margins: np.ndarray
    models: tuple[Model, ...]
    fitted_rows: int
    seconds: float
    peak_bytes: int


def cross_validate(data: TrainingData, fit: Fit, maximum_rows: int, description: str) -> CrossValidation:
    """Fit a model on the other clients of each fold and score the clients of the fold.

    Args:
        maximum_rows: rows that a fit may use; larger folds are subsampled class by class.
        description: label of the progress bar.
    """
    started = time.perf_counter()
    margins = np.empty(len(data.default))
    fold_numbers = np.unique(data.folds).tolist()
    fitted_rows = 0

    def of_fold(fold: int) -> Model:
        nonlocal fitted_rows
        chosen = stratified_subsample(np.flatnonzero(data.folds != fold), data.default, maximum_rows)
        fitted_rows = max(fitted_rows, len(chosen))
        model = fit(data.rows(chosen))
        held_out = data.folds == fold
        margins[held_out] = model.margin(data.features[held_out])
        return model

    # On few rows the threads of a library mostly wait for each other; parallel folds do not.
    workers = 1 if len(data.default) >= _MULTITHREADED_ROWS else os.cpu_count() or 1
    blas_threads = threadpool_limits(1 if workers > 1 else None, user_api="blas")
    with watching_memory() as peak, blas_threads, ThreadPoolExecutor(workers) as pool:
        models = tuple(progress(pool.map(of_fold, fold_numbers), description, len(fold_numbers)))
    return CrossValidation(margins, models, fitted_rows, time.perf_counter() - started, peak.bytes)


def stratified_subsample(indices: np.ndarray, default: np.ndarray, maximum_rows: int) -> np.ndarray:
    """At most this many of the indices (k,), always the same ones, with their share of defaults unchanged."""
    if len(indices) <= maximum_rows:
        return indices
    random = np.random.default_rng(0)
    drawn = []
    for target in (0, 1):
        members = indices[default[indices] == target]
        count = max(1, round(maximum_rows * len(members) / len(indices)))
        drawn.append(random.choice(members, count, replace=False))
    return np.sort(np.concatenate(drawn))
