"""Track a finished training in MLflow and register its Scorer."""

import json

from credit_scoring.core.manifest import Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry.model_card import tags_of
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import PARAMETERS_FILE, SCORER_FOLDER, TRAIN_STEP
from credit_scoring.scoring.scorer import load_description
from credit_scoring.train.tracking import log_training


def register(settings: Settings, manifest: Manifest) -> Manifest:
    """Track and register the current Scorer, unless an earlier run, killed later, already did.

    Returns:
        The manifest with the number of the model version.

    Raises:
        StorageError: the tracking server does not answer; the next run continues.
    """
    registry = ModelRegistry(settings)
    folder = Storage.of(settings).current(TRAIN_STEP)
    identity = fingerprint_of(manifest.fingerprint, folder.name)
    existing = registry.find(identity)
    if existing is not None:
        run_id = str(existing.run_id)
    else:
        description = load_description(folder / SCORER_FOLDER)
        metrics = {name: float(value) for name, value in manifest.measures.items() if name != "champion"}
        parameters = json.loads((folder / PARAMETERS_FILE).read_bytes())
        run_id = log_training(settings, identity, folder, parameters, metrics, tags_of(description))
    number = registry.register(run_id, identity, folder / SCORER_FOLDER)
    return manifest.model_copy(update={"measures": manifest.measures | {"model_version": number}})
