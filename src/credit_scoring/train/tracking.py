"""Experiments in MLflow: what was tried, with which data, and what came out."""

from collections.abc import Mapping
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.time import get_current_time_millis

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry.registry import SCORER_ARTEFACT

EXPERIMENT = "credit-scoring/training"


def log_training(
    settings: Settings,
    tracking_uri: str,
    folder: Path,
    parameters: Mapping[str, object],
    metrics: dict[str, float],
    tags: dict[str, str],
) -> str:
    """Track one finished training and its files; returns the run's id.

    Args:
        folder: the written training version; its Scorer is what gets registered.
    """
    client = MlflowClient(tracking_uri=tracking_uri)
    run = client.create_run(_experiment(client, settings), run_name="lightgbm")
    now = get_current_time_millis()
    client.log_batch(
        run.info.run_id,
        metrics=[Metric(name, value, now, 0) for name, value in metrics.items()],
        params=[Param(name, str(value)) for name, value in parameters.items()],
        tags=[RunTag(name, value) for name, value in tags.items()],
    )
    for file in sorted(folder.iterdir()):
        if file.is_dir():
            client.log_artifacts(run.info.run_id, str(file), SCORER_ARTEFACT)
        else:
            client.log_artifact(run.info.run_id, str(file))
    client.set_terminated(run.info.run_id, "FINISHED")
    return str(run.info.run_id)


def _experiment(client: MlflowClient, settings: Settings) -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    # A server decides itself where its artefacts go; without one they lie beside the database.
    location = None if settings.tracking_uri else Storage.of(settings).tracking_artefacts().resolve().as_uri()
    return str(client.create_experiment(EXPERIMENT, artifact_location=location))
