"""An installation with a model of full size and 3,000 clients of random values."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import lightgbm as lgb
import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.experiments import TRAINING, Experiment, FinishedWork
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.approved_baseline import accepted_clients
from credit_scoring.scoring.artefact_names import SCORER_FOLDER
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.scorer import Scorer, ScorerDescription, save_scorer
from credit_scoring.scoring.training_distribution import reference_of
from tests.support.feature_versions import compute_made_up_features, made_up_features

CLIENTS = 3_000
TREES = 1_000
LEAVES = 31
TRAINING_ROWS = 2_000


def synthetic_installation(folder: Path, trees: int = TREES) -> Settings:
    """Publish features online and register a model that the service can load."""
    settings = Settings(data_directory=folder, bucket_count=2)
    compute_made_up_features(settings, made_up_features(CLIENTS, new_clients=100))
    feature_store.run(settings)
    register_model(settings, trees)
    return settings


def register_model(settings: Settings, trees: int = TREES, seed: int = 0) -> int:
    """Train a model on noise over all features and register it; returns its version."""
    names = feature_names()
    random = np.random.default_rng(seed)
    features = random.normal(size=(TRAINING_ROWS, len(names))).astype(np.float32)
    features[random.random(features.shape) < 0.1] = np.nan
    default = (random.random(TRAINING_ROWS) < 0.08).astype(np.int8)
    # A low learning rate: on noise, later trees would otherwise find no split.
    parameters = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": 0.005,
        "min_data_in_leaf": 5,
        "feature_fraction": 0.1,
        "verbosity": -1,
        "seed": seed,
    }
    booster = lgb.train(parameters, lgb.Dataset(features, default, feature_name=list(names)), trees)
    model = LightGBMModel(booster)
    # For reasons; one fold is enough because noise cannot leak between folds.
    no_folds, all_accepted = np.zeros(TRAINING_ROWS, dtype=np.int64), np.ones(TRAINING_ROWS, dtype=bool)
    scorer = Scorer(
        model,
        ScorerDescription(
            family="lightgbm",
            feature_names=names,
            threshold=1 / 11,
            calibration=LogisticCalibration(slope=0.9, intercept=0.1),
            metrics={},
            feature_version=0,
            feature_fingerprint="0" * 16,
            source="synthetic",
            code_version="benchmark",
            trained_at=datetime.now(UTC),
        ),
        accepted=accepted_clients([model], no_folds, features, all_accepted),
    )
    with tempfile.TemporaryDirectory() as name:
        version = Path(name)
        (version / SCORER_FOLDER).mkdir()
        reference = reference_of(features, names, scorer.probability(features))
        save_scorer(scorer, reference, version / SCORER_FOLDER)
        identity = f"benchmark {trees} {seed}"
        run_id = Experiment(settings, TRAINING).log(FinishedWork(identity, identity))
        return ModelRegistry(settings).register(run_id, identity, version / SCORER_FOLDER)
