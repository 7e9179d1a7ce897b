"""Out-of-fold margins: each client is scored by a model that was not fitted on it.

Each candidate is a step of its own, so that a killed training resumes with the first unfinished one.
"""

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.scoring.artefact_names import FOLD_MODELS, OUT_OF_FOLD_FILE, PARAMETERS_FILE
from credit_scoring.scoring.model_family import MULTITHREADED_ROWS, Model
from credit_scoring.train.candidates import Candidate
from credit_scoring.train.peak_memory import watching_memory
from credit_scoring.train.training_data import TrainingData, stratified_subsample


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


def cross_validate(data: TrainingData, candidate: Candidate) -> CrossValidation:
    """Fit a candidate on the other clients of each fold and score the clients of the fold.

    Folds with more rows than the candidate may use are subsampled class by class.
    """
    started = time.perf_counter()
    margins = np.empty(len(data.default))
    fold_numbers = np.unique(data.folds).tolist()
    fitted_rows = 0

    def of_fold(fold: int) -> Model:
        nonlocal fitted_rows
        chosen = stratified_subsample(np.flatnonzero(data.folds != fold), data.default, candidate.maximum_rows)
        fitted_rows = max(fitted_rows, len(chosen))
        model = candidate.fit(data.rows(chosen))
        held_out = np.flatnonzero(data.folds == fold)
        scored = data.rows(held_out).without(candidate.ablated_features)
        margins[held_out] = model.margin(np.ascontiguousarray(scored.features))
        return model

    # Where the threads of a library mostly wait for each other, parallel folds do not.
    workers = 1 if len(data.default) >= MULTITHREADED_ROWS else os.cpu_count() or 1
    blas_threads = threadpool_limits(1 if workers > 1 else None, user_api="blas")
    with watching_memory() as peak, blas_threads, ThreadPoolExecutor(workers) as pool:
        models = tuple(progress(pool.map(of_fold, fold_numbers), f"Training {candidate.name}", len(fold_numbers)))
    return CrossValidation(margins, models, fitted_rows, time.perf_counter() - started, peak.bytes)


def run(
    settings: Settings, version: FeatureVersion, candidate: Candidate, data: Callable[[], TrainingData], force: bool
) -> tuple[np.ndarray, dict[str, float]]:
    """Cross-validate one candidate on the data, read only if there is something to compute, and write the result.

    Returns:
        Out-of-fold log-odds (n,) in the order of the training data; training_seconds, peak_bytes and fitted_rows.
    """

    def compute(folder: Path) -> StepResult:
        training_data = data()
        result = cross_validate(training_data, candidate)
        pl.DataFrame({"SK_ID_CURR": training_data.client_ids, "margin": result.margins}).write_parquet(
            folder / OUT_OF_FOLD_FILE
        )
        (folder / PARAMETERS_FILE).write_text(json.dumps(dict(candidate.parameters), indent=1))
        for fold, model in enumerate(result.models):
            (folder / FOLD_MODELS / str(fold)).mkdir(parents=True)
            model.save(folder / FOLD_MODELS / str(fold))
        return StepResult(
            rows={OUT_OF_FOLD_FILE: len(result.margins), PARAMETERS_FILE: None, FOLD_MODELS: None},
            measures={
                "training_seconds": round(result.seconds, 3),
                "peak_bytes": result.peak_bytes,
                "fitted_rows": result.fitted_rows,
            },
        )

    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            settings.training.fold_count,
            settings.training.without_protected,
            candidate.name,
            dict(candidate.parameters),
            candidate.imbalance,
            candidate.maximum_rows,
            candidate.ablated_features,
        ),
        modules=(__name__, candidate.family.fit.__module__, candidate.family.load.__module__),
        artefacts=(),
    )
    name = step_name(candidate.name)
    measures = run_step(settings, name, inputs, compute, force).measures
    stored = pl.read_parquet(Storage.of(settings).current(name) / OUT_OF_FOLD_FILE, columns=["margin"], glob=False)
    return stored["margin"].to_numpy(), {measure: float(value) for measure, value in measures.items()}


def step_name(candidate: str) -> str:
    """Name of a candidate's step and of its folder in the storage."""
    return f"train_candidates/{candidate}"
