"""More versions in the registry of an installation."""

import tempfile
from pathlib import Path

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.model_registry.experiments import TRAINING, Experiment, FinishedWork
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.scorer import Scorer, save_scorer
from tests.support.scorers import small_reference, small_scorer


def register_another_scorer(settings: Settings, name: str, threshold: float = 0.3) -> int:
    """Register a Scorer of all features that decides otherwise than the trained one; returns its version."""
    with tempfile.TemporaryDirectory() as temporary:
        write_scorer(small_scorer(feature_names(), threshold), Path(temporary))
        return register_scorer(settings, name, Path(temporary))


def write_scorer(scorer: Scorer, training: Path) -> None:
    """Write a Scorer into the folder of a training."""
    (training / "scorer").mkdir(parents=True)
    save_scorer(scorer, small_reference(scorer), training / "scorer")


def register_scorer(settings: Settings, identity: str, training: Path) -> int:
    """Track the other files of a training's folder as a run, and register its Scorer; returns the version."""
    files = [path for path in training.iterdir() if path.is_file()]
    run_id = Experiment(settings, TRAINING).log(FinishedWork(identity, identity, files=files))
    return ModelRegistry(settings).register(run_id, identity, training / "scorer")
