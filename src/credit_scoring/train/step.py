"""The training step: a feature version becomes a registered Scorer."""

import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from credit_scoring import __version__
from credit_scoring.core.manifest import Artefact, Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store.offline import FeatureVersion, feature_matrix, read_version
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.card import tags_of
from credit_scoring.model_registry.registry import SCORER_ARTEFACT, ModelRegistry
from credit_scoring.scoring.calibration import fit_logistic_calibration
from credit_scoring.scoring.reference import reference_of
from credit_scoring.scoring.scorer import Scorer, ScorerDescription, load_description, save_scorer
from credit_scoring.train.business_cost import cheapest_threshold
from credit_scoring.train.candidates import lightgbm
from credit_scoring.train.cross_validation import out_of_fold_margins
from credit_scoring.train.folds import fold_map
from credit_scoring.train.metrics import measure
from credit_scoring.train.report import training_report
from credit_scoring.train.tracking import log_training

TRAIN_STEP = "train"
REPORT_FILE = "training_report.html"
OUT_OF_FOLD_FILE = "out_of_fold.parquet"


def run(settings: Settings, force: bool = False) -> Manifest:
    """Train on the published feature version and register the Scorer.

    Raises:
        TrainingError: the version has no target, or too few clients of one class.
        MissingArtefactError: no version is published, or it lacks features that this program knows.
    """
    version = published_version(settings)
    storage = Storage.of(settings)
    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            settings.fold_count,
            settings.missed_default_cost,
        ),
        rooms=("feature_store", "scoring", "train"),
        artefacts=(
            Artefact(
                name=f"feature version {version.number}",
                path=storage.relative(storage.offline_features()),
                rows=version.rows,
            ),
        ),
    )

    def train(folder: Path) -> StepResult:
        frame = read_version(storage.offline_features(), version.number).filter(
            pl.col("TARGET").is_not_null()
        )
        return _train(settings, version, frame, folder)

    manifest = run_step(settings, TRAIN_STEP, inputs, train, force)
    return _register(settings, manifest)


def _train(settings: Settings, version: FeatureVersion, frame: pl.DataFrame, folder: Path) -> StepResult:
    started = time.perf_counter()
    names = feature_names()
    client_ids, default = frame["SK_ID_CURR"].to_numpy(), frame["TARGET"].to_numpy()
    features = feature_matrix(frame, names)
    folds = fold_map(client_ids, default, settings.fold_count)
    margins = out_of_fold_margins(features, default, folds, names)
    calibration = fit_logistic_calibration(margins, default)
    probability = calibration.probability(margins)
    threshold = cheapest_threshold(probability, default, settings.missed_default_cost)
    metrics = measure(probability, default, threshold)
    model = lightgbm.fit(features, default, names)
    description = ScorerDescription(
        family=model.family,
        feature_names=names,
        threshold=threshold.value,
        calibration=calibration,
        metrics=metrics,
        feature_version=version.number,
        feature_fingerprint=version.fingerprint,
        source=version.source,
        code_version=__version__,
        trained_at=datetime.now(UTC),
    )
    (folder / SCORER_ARTEFACT).mkdir()
    reference = reference_of(features, names, probability)
    save_scorer(Scorer(model, description), reference, folder / SCORER_ARTEFACT)
    out_of_fold = pl.DataFrame(
        {
            "SK_ID_CURR": client_ids,
            "TARGET": default,
            "fold": folds,
            "margin": margins,
            "probability": probability,
        }
    )
    out_of_fold.write_parquet(folder / OUT_OF_FOLD_FILE)
    subtitle = (
        f"LightGBM on feature version {version.number} ({version.features} features, {len(default):,} applications), "
        f"trained {description.trained_at:%Y-%m-%d %H:%M} UTC"
    )
    page = training_report(
        probability, default, metrics, settings.missed_default_cost, version.source, subtitle
    )
    (folder / REPORT_FILE).write_text(page)
    pl.DataFrame(
        {
            "model": ["lightgbm"],
            "auc": [metrics["auc"]],
            "business_cost": [metrics["cost_per_client"] * len(default)],
            "optimal_threshold": [threshold.value],
            "training_seconds": [time.perf_counter() - started],
            "decision": ["selected"],
        }
    ).write_csv(folder / "models_comparison.csv", float_precision=6)
    return StepResult(
        rows={
            SCORER_ARTEFACT: None,
            OUT_OF_FOLD_FILE: len(default),
            REPORT_FILE: None,
            "models_comparison.csv": 1,
        },
        measures={name: round(value, 4) for name, value in metrics.items()},
    )


def _register(settings: Settings, manifest: Manifest) -> Manifest:
    """Track and register the current Scorer, unless an earlier run did so before it was killed."""
    storage, registry = Storage.of(settings), ModelRegistry(settings)
    folder = storage.current(TRAIN_STEP)
    identity = fingerprint_of(manifest.fingerprint, folder.name)
    existing = registry.find(identity)
    if existing is not None:
        run_id = str(existing.run_id)
    else:
        description = load_description(folder / SCORER_ARTEFACT)
        metrics = {name: float(value) for name, value in manifest.measures.items()}
        parameters = {**lightgbm.PARAMETERS, "boosting_rounds": lightgbm.BOOSTING_ROUNDS}
        run_id = log_training(settings, identity, folder, parameters, metrics, tags_of(description))
    number = registry.register(run_id, identity, folder / SCORER_ARTEFACT)
    return manifest.model_copy(update={"measures": manifest.measures | {"model_version": number}})
