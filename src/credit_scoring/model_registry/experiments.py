"""The experiments in MLflow, and how one finished piece of work becomes a run of one of them.

A run is logged after its work is done and its files are written. Interrupted, it is deleted and logged again, so a
finished run is complete.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, Metric, Param, Run, RunTag
from mlflow.tracking.context.registry import resolve_tags
from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT, MLFLOW_GIT_COMMIT, MLFLOW_PARENT_RUN_ID, MLFLOW_SOURCE_NAME

import credit_scoring
from credit_scoring.core.code_commit import code_commit
from credit_scoring.core.manifest import Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.model_registry.bundle import write_bundle
from credit_scoring.model_registry.connection import RegistryConnection

TRAINING = "credit-scoring/training"
TUNING = "credit-scoring/tuning"
EVALUATION = "credit-scoring/evaluation"
DRIFT = "credit-scoring/drift"

_IDENTITY = "identity"
_MODEL = "model"


@dataclass(frozen=True)
class FinishedWork:
    """What a run shows.

    Attributes:
        identity: the same for every attempt to log this work, and for no other work.
        metrics: one value each.
        fold_metrics: by name the value of each fold, logged as steps.
        files: files, and folders whose content is logged.
        folders: folders that are logged under their own name.
        seconds: how long the work took until `ended_at`.
        status: FINISHED, or KILLED for a trial that was pruned.
        parent: run of the work that this is a part of.
        version: features that the work read.
        dataset_context: what they were read for, as MLflow calls it.
        scorer: folder of a Scorer, logged as the run's model.
    """

    identity: str
    name: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    fold_metrics: Mapping[str, Sequence[float]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Path] = ()
    folders: Sequence[Path] = ()
    seconds: float = 0.0
    ended_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "FINISHED"
    parent: str | None = None
    version: FeatureVersion | None = None
    dataset_context: str = "training"
    scorer: Path | None = None


class Experiment:
    """One experiment on the configured tracking server, created if it is not there.

    Raises:
        StorageError: the tracking server does not answer; so does every method.
    """

    def __init__(self, settings: Settings, name: str) -> None:
        self._connection = RegistryConnection(settings, may_create=True)
        self._client = self._connection.client
        self._commit = code_commit(settings.code_commit)
        # A server chooses the location of artefacts; with a database alone they go to the data folder.
        has_server = self._connection.uri.startswith("http")
        location = None if has_server else Storage.of(settings).tracking_artefacts().resolve().as_uri()
        with self._connection.clear_errors():
            found = self._client.get_experiment_by_name(name)
            self._id = str(found.experiment_id if found else self._client.create_experiment(name, location))

    def log(self, work: FinishedWork) -> str:
        """Log finished work unless an earlier attempt did; returns the run's id."""
        with self._connection.clear_errors():
            for found in self._runs_of(work.identity):
                if found.info.status == work.status:
                    return str(found.info.run_id)
                self._client.delete_run(found.info.run_id)
            run_id = self._start(work)
            self._client.set_terminated(run_id, work.status, _milliseconds(work.ended_at))
        return run_id

    def open_run(self, work: FinishedWork) -> str:
        """Start the run of work that goes on, or find the one that another worker started; returns its id."""
        with self._connection.clear_errors():
            found = self._runs_of(work.identity)
            return str(found[0].info.run_id) if found else self._start(work)

    def close_run(self, run_id: str, metrics: Mapping[str, float], tags: Mapping[str, str]) -> None:
        """Finish a run that was opened."""
        now = _milliseconds(datetime.now(UTC))
        values = [Metric(name, value, now, 0) for name, value in metrics.items()]
        with self._connection.clear_errors():
            self._client.log_batch(run_id, values, tags=[RunTag(*pair) for pair in tags.items()])
            self._client.set_terminated(run_id, "FINISHED")

    def _runs_of(self, identity: str) -> list[Run]:
        return list(self._client.search_runs([self._id], f"tags.{_IDENTITY} = '{identity}'"))

    def _start(self, work: FinishedWork) -> str:
        """Create a run and log everything about the work, except that it ended."""
        ended = _milliseconds(work.ended_at)
        tags = {_IDENTITY: work.identity, **_origin_tags(self._commit, work.version), **work.tags}
        if work.parent is not None:
            tags[MLFLOW_PARENT_RUN_ID] = work.parent
        started = ended - round(work.seconds * 1000)
        run_id = str(self._client.create_run(self._id, started, tags, work.name).info.run_id)
        parameters = {name: str(value) for name, value in work.parameters.items()}
        model_id = None if work.scorer is None else self._log_model(run_id, work.scorer, parameters)
        if work.version is not None:
            self._client.log_inputs(run_id, [_dataset_of(work.version, work.dataset_context)])
        single = [Metric(name, value, ended, 0, model_id) for name, value in work.metrics.items()]
        by_fold = [
            Metric(name, value, ended, fold)
            for name, values in work.fold_metrics.items()
            for fold, value in enumerate(values)
        ]
        self._client.log_batch(run_id, single + by_fold, [Param(*pair) for pair in parameters.items()])
        for path in work.files:
            if path.is_dir():
                self._client.log_artifacts(run_id, str(path))
            else:
                self._client.log_artifact(run_id, str(path))
        for folder in work.folders:
            self._client.log_artifacts(run_id, str(folder), folder.name)
        return run_id

    def _log_model(self, run_id: str, scorer: Path, parameters: dict[str, str]) -> str:
        """Log a Scorer as the model of a run; returns the model's id."""
        model_id = str(self._client.create_logged_model(self._id, _MODEL, run_id, params=parameters).model_id)
        with tempfile.TemporaryDirectory() as temporary:
            bundle = Path(temporary, _MODEL)
            write_bundle(scorer, bundle, model_id)
            self._client.log_model_artifacts(model_id, str(bundle))
        self._client.finalize_logged_model(model_id, "READY")
        self._client.log_outputs(run_id, [LoggedModelOutput(model_id, 0)])
        return model_id


def log_step(
    settings: Settings,
    experiment: str,
    name: str,
    manifest: Manifest,
    version: FeatureVersion | None,
    model_version: int | None = None,
) -> str:
    """Log the current result of a step: its measures and its files; returns the run's id.

    Raises:
        StorageError: the tracking server does not answer; the next run of the step logs its result.
    """
    folder = Storage.of(settings).current(manifest.step)
    tags = {key: value for key, value in manifest.measures.items() if isinstance(value, str)}
    if version is None:
        tags |= _source_tags(manifest.source)
    if model_version is not None:
        tags["model_version"] = str(model_version)
    work = FinishedWork(
        identity=fingerprint_of(manifest.fingerprint, folder.name),
        name=name,
        metrics={key: float(value) for key, value in manifest.measures.items() if not isinstance(value, str)},
        tags=tags,
        files=[folder],
        seconds=manifest.seconds,
        ended_at=manifest.created_at,
        version=version,
        dataset_context="evaluation",
    )
    return Experiment(settings, experiment).log(work)


def keep_with_run(settings: Settings, run_id: str, folder: Path, name: str) -> None:
    """Log the files of a finished step with a run, unless they are there.

    Raises:
        StorageError: the tracking server does not answer.
    """
    connection = RegistryConnection(settings)
    with connection.clear_errors():
        if connection.client.get_run(run_id).data.tags.get(name) != folder.name:
            connection.client.log_artifacts(run_id, str(folder), name)
            connection.client.set_tag(run_id, name, folder.name)


def _origin_tags(commit: str, version: FeatureVersion | None) -> dict[str, str]:
    """Where a run comes from: user, program, its commit if that is known, and the data."""
    tags = dict(_program_tags())
    if commit:
        tags[MLFLOW_GIT_COMMIT] = commit
    if version is not None:
        tags |= _source_tags(version.source) | {
            "data_version": version.source_fingerprint,
            "feature_version": str(version.number),
            "feature_fingerprint": version.fingerprint,
        }
    return tags


def _source_tags(source: str) -> dict[str, str]:
    return {"source": source, "synthetic": str(source == "synthetic").lower()}


def _dataset_of(version: FeatureVersion, context: str) -> DatasetInput:
    """A feature version as the input of a run, with the hash of its values."""
    described = Dataset(
        name=f"features version {version.number}",
        digest=version.content_hash,
        source_type="delta",
        source=json.dumps({"path": "feature_store/offline", "delta_table_version": version.number}),
        profile=json.dumps({"num_rows": version.rows, "num_features": version.features}),
    )
    return DatasetInput(described, [InputTag(MLFLOW_DATASET_CONTEXT, context)])


@cache
def _program_tags() -> Mapping[str, str]:
    # As MLflow's own runs show them, except the commit, which MLflow takes from the script that was started.
    tags = {name: value for name, value in resolve_tags().items() if name != MLFLOW_GIT_COMMIT}
    return {**tags, MLFLOW_SOURCE_NAME: "credit-scoring", "code_version": credit_scoring.__version__}


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
