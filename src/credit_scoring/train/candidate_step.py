"""One entrant as a step of its own, so that a killed training continues with the first one that is not finished."""

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
from credit_scoring.train.candidates import Entrant
from credit_scoring.train.cross_validation import TrainingData, cross_validate

_FOLDER = "train_candidates"
_MARGINS_FILE = "out_of_fold.parquet"
_PARAMETERS_FILE = "parameters.json"
FOLD_MODELS = "fold_models"


def run(
    settings: Settings,
    version: FeatureVersion,
    entrant: Entrant,
    data: Callable[[], TrainingData],
    force: bool,
) -> Manifest:
    """Cross-validate one entrant and keep its out-of-fold margins and the model of each fold.

    Args:
        data: gives the training data; asked only if there is something to compute.
    """

    def compute(folder: Path) -> StepResult:
        known = data()
        result = cross_validate(known, entrant.fit, entrant.most_rows, f"Training {entrant.name}")
        pl.DataFrame({"SK_ID_CURR": known.client_ids, "margin": result.margins}).write_parquet(
            folder / _MARGINS_FILE
        )
        (folder / _PARAMETERS_FILE).write_text(json.dumps(dict(entrant.parameters), indent=1))
        for fold, model in enumerate(result.models):
            (folder / FOLD_MODELS / str(fold)).mkdir(parents=True)
            model.save(folder / FOLD_MODELS / str(fold))
        return StepResult(
            rows={_MARGINS_FILE: len(result.margins), _PARAMETERS_FILE: None, FOLD_MODELS: None},
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
            entrant.name,
            dict(entrant.parameters),
            entrant.imbalance,
            entrant.most_rows,
            entrant.leaves_out,
        ),
        modules=(__name__, entrant.candidate.fit.__module__),
        artefacts=(),
    )
    return run_step(settings, step_name(entrant.name), inputs, compute, force)


def step_name(entrant: str) -> str:
    """Name of an entrant's step and of its folder in the storage."""
    return f"{_FOLDER}/{entrant}"


def margins_of(settings: Settings, entrant: str) -> np.ndarray:
    """Out-of-fold log-odds (n,) of an entrant that has run, in the order of the training data."""
    margins: np.ndarray = pl.read_parquet(
        Storage.of(settings).current(step_name(entrant)) / _MARGINS_FILE, columns=["margin"]
    )["margin"].to_numpy()
    return margins
