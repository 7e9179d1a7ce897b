"""The whole batch flow on one page: from raw CSV files to scores and reports.

Each step reads what an earlier one wrote to the storage, so the order below is the whole flow. A step whose inputs,
settings and code did not change is skipped; an interrupted run continues when it is run again.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from credit_scoring.batch_scoring import step as batch_scoring
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.data_ingestion import step as data_ingestion
from credit_scoring.data_validation import step as data_validation
from credit_scoring.drift_detection import step as drift_detection
from credit_scoring.explain import step as explain
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_store import step as feature_store
from credit_scoring.governance import step as governance
from credit_scoring.train import step as train

Step = Callable[..., Manifest]

STEPS_OF_A_MODEL: dict[str, Step] = {
    "score": batch_scoring.run,
    "explain": explain.run,
    "audit": governance.run,
    "drift": drift_detection.run,
}
"""The steps after the training, which read what is stored."""


def steps(source: Path) -> dict[str, Step]:
    """The steps by name, in the order in which they run.

    Args:
        source: folder or zip of the eight CSV files.
    """
    return {
        "ingest": partial(data_ingestion.run, source=source),
        "validate": data_validation.run,
        "features": feature_engineering.run,
        "publish": feature_store.run,
        "train": train.run,
        **STEPS_OF_A_MODEL,
    }


def run(settings: Settings, source: Path, force: bool = False) -> Iterator[Manifest]:
    """Run all steps; yields each manifest as soon as its step has finished.

    Args:
        source: folder or zip of the eight CSV files.
        force: compute everything again.

    Raises:
        TrainingError: a model family of the settings is unknown, or none of them can become champion; before any work.
    """
    train.chosen_candidates(settings)
    for step in steps(source).values():
        yield step(settings, force=force)
