"""The scoring step: scores every application of the published feature version with the registered model."""

from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring.batch_scoring.writing import writing_table
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_store.offline import feature_matrix, read_version
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.registry import ModelRegistry

SCORE_STEP = "score"
SCORES_FILE = "scores.parquet"


def run(settings: Settings, force: bool = False) -> Manifest:
    """Score all applications, including those used in training, and write their probability and decision."""
    storage = Storage.of(settings)
    version = published_version(settings)
    registered = ModelRegistry(settings).load(settings.registry.model_alias)
    scorer = registered.scorer

    def score(folder: Path) -> StepResult:
        frame = read_version(storage.offline_features(), version.number)
        probability = scorer.probability(feature_matrix(frame, scorer.description.feature_names))
        scores = frame.select(
            CLIENT,
            pl.col("TARGET").is_not_null().alias("used_in_training"),
            pl.Series("probability", probability),
            pl.Series("decision", [scorer.decision_for(value).value for value in probability]),
        )
        scores.write_parquet(folder / SCORES_FILE)
        accepted = float(np.mean(probability < scorer.description.threshold))
        return StepResult(
            rows={SCORES_FILE: scores.height},
            measures={"model_version": registered.version, "accepted_share": round(accepted, 4)},
        )

    inputs = StepInputs(
        source=version.source,
        depends_on=(version.fingerprint, version.content_hash, scorer.description.model_hash, registered.version),
        modules=(__name__,),
        artefacts=(
            Artefact(name=f"{registered.name} version {registered.version}", path=settings.registry.model_alias),
            Artefact(name=f"feature version {version.number}", path="feature_store/offline", rows=version.rows),
        ),
    )
    return run_step(settings, SCORE_STEP, inputs, score, force)


def export_scores(settings: Settings, target: Path) -> int:
    """Write the current scores of all applications to a CSV or Parquet file; returns their number.

    Raises:
        MissingArtefactError: the step has not run.
        SourceError: the name does not end in .csv or .parquet.
        StorageError: the file cannot be written.
    """
    scores = pl.read_parquet(Storage.of(settings).current(SCORE_STEP) / SCORES_FILE, glob=False)
    with writing_table(target, scores.schema) as write:
        write(scores)
    return scores.height
