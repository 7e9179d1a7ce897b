"""More versions in the registry of an installation."""

import tempfile
from pathlib import Path

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.scorer import save_scorer
from credit_scoring.train.tracking import log_training
from tests.support.scorers import small_reference, small_scorer


def register_another_scorer(settings: Settings, name: str, threshold: float = 0.3) -> int:
    """Register a Scorer of all features that decides otherwise than the trained one; returns its version."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "scorer").mkdir()
        scorer = small_scorer(feature_names(), threshold)
        save_scorer(scorer, small_reference(scorer), folder / "scorer")
        run_id = log_training(settings, name, folder, {}, {}, {})
        return ModelRegistry(settings).register(run_id, name, folder / "scorer")
