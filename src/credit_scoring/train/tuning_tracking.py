"""Tunings in MLflow: one run for the tuning, one nested run for each trial."""

from mlflow.entities import Metric, Param, RunTag
from mlflow.utils.time import get_current_time_millis
from optuna.trial import FrozenTrial

from credit_scoring.core.manifest import DataSource
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.train.tracking import experiment_id

TUNING_EXPERIMENT = "credit-scoring/tuning"
_TUNING = "tuning"
_TRIAL = "trial"
_PARENT = "mlflow.parentRunId"
_MAXIMUM_TRIALS = 5000


class TuningTracking:
    """Logs each trial to MLflow once, whichever worker or earlier run finished it.

    Raises:
        StorageError: the tracking server does not answer. The trials are safe in the tuning database; the next run
            logs them.
    """

    def __init__(self, settings: Settings, tuning: str, source: DataSource) -> None:
        self._connection = RegistryConnection(settings)
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
