"""A small installation with a trained model, for tests that need a registered version."""

import shutil
from pathlib import Path

from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import TrainingSettings, TuningSettings
from credit_scoring.feature_store import step as feature_store
from credit_scoring.train import step as train
from tests.support.feature_versions import compute_made_up_features, made_up_features


def trained_installation(folder: Path, tracking_template: Path) -> Settings:
    """Train on made-up features in a new data folder; the registered version is not audited."""
    shutil.copytree(tracking_template, folder)
    settings = Settings(
        data_directory=folder,
        bucket_count=2,
        training=TrainingSettings(fold_count=3, families=("lightgbm",)),
        tuning=TuningSettings(trials=0),
    )
    compute_made_up_features(settings, made_up_features())
    feature_store.run(settings)
    train.run(settings)
    return settings
