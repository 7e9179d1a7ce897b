"""Track a finished training in MLflow, with its parameters, metrics and files, and register its Scorer."""

import json
from collections.abc import Mapping
from pathlib import Path

from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.time import get_current_time_millis

from credit_scoring.core.manifest import Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.model_card import tags_of
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import PARAMETERS_FILE, SCORER_FOLDER, TRAIN_STEP
from credit_scoring.scoring.scorer import load_description

EXPERIMENT = "credit-scoring/training"
_IDENTITY = "training_identity"


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


def log_training(
    settings: Settings,
    identity: str,
    folder: Path,
    parameters: Mapping[str, object],
    metrics: dict[str, float],
    tags: dict[str, str],
) -> str:
    """Track one finished training and its files, except the Scorer, which the registry uploads; returns the run's id.

    An interrupted run of the same identity is completed instead of starting a second one.

    Args:
        identity: of the training; the same for every attempt to track it.
        folder: the written training version.

    Raises:
        StorageError: the tracking server does not answer; the next attempt completes the run.
    """
    connection = RegistryConnection(settings)
    client = connection.client
    with connection.clear_errors():
        experiment = experiment_id(connection, settings, EXPERIMENT)
        found = client.search_runs([experiment], f"tags.{_IDENTITY} = '{identity}'", max_results=1)
        run = (
            found[0]
            if found
            else client.create_run(experiment, tags={_IDENTITY: identity}, run_name=tags.get("family"))
        )
        run_id = str(run.info.run_id)
        if run.info.status == "FINISHED":
            return run_id
        now = get_current_time_millis()
        client.log_batch(
            run_id,
            metrics=[Metric(name, value, now, 0) for name, value in metrics.items()],
            params=[Param(name, str(value)) for name, value in parameters.items()],
            tags=[RunTag(name, value) for name, value in tags.items()],
        )
        for file in sorted(folder.iterdir()):
            if file.name == SCORER_FOLDER:
                continue
            if file.is_dir():
                client.log_artifacts(run_id, str(file), file.name)
            else:
                client.log_artifact(run_id, str(file))
        client.set_terminated(run_id, "FINISHED")
    return run_id


def experiment_id(connection: RegistryConnection, settings: Settings, name: str) -> str:
    """The experiment of this name, created if it is not there."""
    found = connection.client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    # A server chooses the location of artefacts; with a database alone they go to the data folder.
    has_server = connection.uri.startswith("http")
    location = None if has_server else Storage.of(settings).tracking_artefacts().resolve().as_uri()
    return str(connection.client.create_experiment(name, artifact_location=location))
