"""One candidate as a step of its own, so that a killed training resumes with the first unfinished candidate."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.scoring.artefact_names import FOLD_MODELS, OUT_OF_FOLD_FILE, PARAMETERS_FILE
from credit_scoring.train.candidates import Candidate
from credit_scoring.train.cross_validation import TrainingData, cross_validate

_FOLDER = "train_candidates"


def run(
    settings: Settings, version: FeatureVersion, candidate: Candidate, data: Callable[[], TrainingData], force: bool
) -> Manifest:
    """Cross-validate one candidate; write its out-of-fold margins and the model of each fold.

    Args:
        data: returns the training data; called only if there is something to compute.
    """

    def compute(folder: Path) -> StepResult:
        training_data = data()
        result = cross_validate(training_data, candidate.fit, candidate.maximum_rows, f"Training {candidate.name}")
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
            candidate.name,
            dict(candidate.parameters),
            candidate.imbalance,
            candidate.maximum_rows,
            candidate.ablated_features,
        ),
        modules=(__name__, candidate.family.fit.__module__, candidate.family.load.__module__),
        artefacts=(),
    )
    return run_step(settings, step_name(candidate.name), inputs, compute, force)


def step_name(candidate: str) -> str:
    """Name of a candidate's step and of its folder in the storage."""
    return f"{_FOLDER}/{candidate}"


def margins_of(settings: Settings, candidate: str) -> np.ndarray:
    """Out-of-fold log-odds (n,) of a finished candidate, in the order of the training data."""
    file = Storage.of(settings).current(step_name(candidate)) / OUT_OF_FOLD_FILE
    margins: np.ndarray = pl.read_parquet(file, columns=["margin"])["margin"].to_numpy()
    return margins
