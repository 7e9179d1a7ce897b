"""Tunings and finished trainings in MLflow; the Scorer of a training is registered."""

import json
from collections.abc import Mapping
from pathlib import Path

from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.time import get_current_time_millis
from optuna.trial import FrozenTrial

from credit_scoring.core.manifest import DataSource, Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.model_card import tags_of
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import PARAMETERS_FILE, SCORER_FOLDER, TRAIN_STEP
from credit_scoring.scoring.scorer import load_description

EXPERIMENT = "credit-scoring/training"
_IDENTITY = "training_identity"

TUNING_EXPERIMENT = "credit-scoring/tuning"
_TUNING = "tuning"
_TRIAL = "trial"
_PARENT = "mlflow.parentRunId"
_MAXIMUM_TRIALS = 5000


def register(settings: Settings, manifest: Manifest) -> Manifest:
    """Track and register the current Scorer, unless an earlier, killed run did; returns the manifest with its version.

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
    connection = RegistryConnection(settings, may_create=True)
    client = connection.client
    with connection.clear_errors():
        experiment = experiment_id(connection, settings, EXPERIMENT)
        found = client.search_runs([experiment], f"tags.{_IDENTITY} = '{identity}'", max_results=1)
        name = tags.get("family")
        run = found[0] if found else client.create_run(experiment, tags={_IDENTITY: identity}, run_name=name)
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


class TuningTracking:
    """Logs each trial to MLflow once, whichever worker or earlier run finished it.

    Raises:
        StorageError: the tracking server does not answer. The trials are safe in the tuning database; the next run
            logs them.
    """

    def __init__(self, settings: Settings, tuning: str, source: DataSource) -> None:
        self._connection = RegistryConnection(settings, may_create=True)
        self._source = source
        with self._connection.clear_errors():
            self._experiment = experiment_id(self._connection, settings, TUNING_EXPERIMENT)
            runs = self._connection.client.search_runs(
                [self._experiment], f"tags.{_TUNING} = '{tuning}'", max_results=_MAXIMUM_TRIALS
            )
            parents = [run.info.run_id for run in runs if _PARENT not in run.data.tags]
            self._logged = {run.data.tags[_TRIAL] for run in runs if _TRIAL in run.data.tags}
            self._tuning = tuning
            self._parent = str(parents[0] if parents else self._start_run({}, tuning))

    def track(self, trials: list[FrozenTrial]) -> None:
        """Log the finished trials that MLflow does not have yet."""
        for trial in trials:
            if str(trial.number) not in self._logged:
                with self._connection.clear_errors():
                    self._log(trial)
                self._logged.add(str(trial.number))

    def close(self) -> None:
        """Mark the run of the tuning as finished."""
        with self._connection.clear_errors():
            self._connection.client.set_terminated(self._parent, "FINISHED")

    def _log(self, trial: FrozenTrial) -> None:
        client = self._connection.client
        tags = {_PARENT: self._parent, "state": trial.state.name.lower()}
        run_id = self._start_run(tags, f"trial {trial.number}")
        now = get_current_time_millis()
        seconds = trial.duration.total_seconds() if trial.duration else 0.0
        metrics = [Metric("seconds", seconds, now, 0)]
        metrics += [Metric("cost_per_client", cost, now, fold) for fold, cost in trial.intermediate_values.items()]
        client.log_batch(
            run_id,
            metrics=metrics,
            params=[Param(name, str(value)) for name, value in trial.params.items()],
            # Last, so that an interrupted trial is logged again.
            tags=[RunTag(_TRIAL, str(trial.number))],
        )
        client.set_terminated(run_id, "FINISHED" if trial.state.name == "COMPLETE" else "KILLED")

    def _start_run(self, tags: dict[str, str], name: str) -> str:
        every = {_TUNING: self._tuning, "source": self._source, **tags}
        run = self._connection.client.create_run(self._experiment, tags=every, run_name=name)
        return str(run.info.run_id)
