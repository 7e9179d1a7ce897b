"""Out-of-fold margins: each client is scored by a model that never saw it."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from credit_scoring.core.progress import progress
from credit_scoring.scoring.models.model import Model
from credit_scoring.train.families.family import TrainingRows
from credit_scoring.train.peak_memory import watching_memory

Fit = Callable[[TrainingRows], Model]
"""Fits a model on the training rows of a fold."""

_ROWS_WORTH_SEVERAL_THREADS = 20_000


class TrainingData(NamedTuple):
    """Everybody whose outcome is known.

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


class CrossValidation(NamedTuple):
    """What the models of all folds gave.

    Attributes:
        margins: (n,) out-of-fold log-odds.
        models: the model of each fold, which never saw that fold.
        fitted_rows: rows a model was fitted on at most.
        seconds: wall-clock time of fitting and scoring.
        peak_bytes: largest resident memory of the process, data included.
    """

    margins: np.ndarray
    models: tuple[Model, ...]
    fitted_rows: int
    seconds: float
    peak_bytes: int


def cross_validate(data: TrainingData, fit: Fit, most_rows: int, description: str) -> CrossValidation:
    """Fit a model on each fold's other clients and score its clients.

    Args:
        most_rows: rows a model may be fitted on; more are thinned out class by class.
        description: what the progress shows.
    """
    started = time.perf_counter()
    margins = np.empty(len(data.default))
    fold_numbers = np.unique(data.folds).tolist()
    fitted_rows = 0

    def of_fold(fold: int) -> Model:
        nonlocal fitted_rows
        chosen = thinned(np.flatnonzero(data.folds != fold), data.default, most_rows)
        fitted_rows = max(fitted_rows, len(chosen))
        model = fit(training_rows(data, chosen))
        held_out = data.folds == fold
        margins[held_out] = model.margin(data.features[held_out])
        return model

    # On few rows the threads of a library mostly wait for each other; folds beside each other do not.
    beside = 1 if len(data.default) >= _ROWS_WORTH_SEVERAL_THREADS else os.cpu_count() or 1
    with watching_memory() as peak, one_blas_thread_each(beside), ThreadPoolExecutor(beside) as pool:
        models = tuple(progress(pool.map(of_fold, fold_numbers), description, len(fold_numbers)))
    return CrossValidation(margins, models, fitted_rows, time.perf_counter() - started, peak.bytes)


@contextmanager
def one_blas_thread_each(beside: int) -> Iterator[None]:
    """Matrix products of fits that run beside each other take one thread each."""
    limit = 1 if beside > 1 else None
    with threadpool_limits(limit, user_api="blas"):
        yield


def training_rows(data: TrainingData, chosen: np.ndarray) -> TrainingRows:
    """The rows at some places (k,) as a model is fitted on them."""
    threads = 1 if len(data.default) < _ROWS_WORTH_SEVERAL_THREADS else 0
    return TrainingRows(data.features[chosen], data.default[chosen], data.names, threads=threads)


def thinned(places: np.ndarray, default: np.ndarray, most_rows: int) -> np.ndarray:
    """At most so many of these places (k,), drawn once and for all, with the share of defaults they have together."""
    if len(places) <= most_rows:
        return places
    random = np.random.default_rng(0)
    drawn = []
    for target in (0, 1):
        members = places[default[places] == target]
        count = max(1, round(most_rows * len(members) / len(places)))
        drawn.append(random.choice(members, count, replace=False))
    return np.sort(np.concatenate(drawn))
