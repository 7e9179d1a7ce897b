"""Tunings in MLflow: a run for the tuning, one below it for each trial."""

from collections.abc import Mapping
from datetime import UTC, datetime

from optuna.trial import FrozenTrial

from credit_scoring.core.settings import Settings
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.model_registry.experiments import TUNING, Experiment, FinishedWork
from credit_scoring.scoring.model_family import Parameters
from credit_scoring.train.tuning_trials import FOLDS, cost_of, seconds_of


class TuningTracking:
    """Logs each trial to MLflow once, whichever worker or earlier run finished it.

    Args:
        name: of the tuning.
        parameters: what all trials share.

    Raises:
        StorageError: the tracking server does not answer. The trials are safe in the tuning database; the next run
            logs them.
    """

    def __init__(
        self, settings: Settings, name: str, parameters: Mapping[str, object], version: FeatureVersion
    ) -> None:
        self._name, self._version = name, version
        self._experiment = Experiment(settings, TUNING)
        self._run = self._experiment.open_run(FinishedWork(name, name, parameters, version=version))
        self._logged: set[int] = set()

    def track(self, trials: list[FrozenTrial]) -> None:
        """Log the finished trials that MLflow does not have yet."""
        for trial in trials:
            if trial.number not in self._logged:
                self._log(trial)
                self._logged.add(trial.number)

    def close(self, trials: list[FrozenTrial], best: FrozenTrial | None, parameters: Parameters) -> None:
        """Finish the run of the tuning, with its cheapest complete trial and the parameters of that."""
        metrics = {"trials": len(trials), "seconds": sum(seconds_of(trial) for trial in trials)}
        tags = {}
        if best is not None:
            metrics["best_cost_per_client"] = cost_of(best)
            # Tags, because parameters of a run cannot change, and another worker may add trials.
            tags = {"best_trial": str(best.number)} | {f"best_{name}": str(value) for name, value in parameters.items()}
        self._experiment.close_run(self._run, metrics, tags)

    def _log(self, trial: FrozenTrial) -> None:
        work = FinishedWork(
            identity=f"{self._name}/{trial.number}",
            name=f"trial {trial.number}",
            parameters=trial.params,
            metrics={"seconds": seconds_of(trial)},
            # Of the cost, over the folds that were scored so far.
            fold_metrics={
                **trial.user_attrs.get(FOLDS, {}),
                "cost_per_client": list(trial.intermediate_values.values()),
            },
            tags={"trial": str(trial.number), "state": trial.state.name.lower()},
            seconds=seconds_of(trial),
            ended_at=trial.datetime_complete or datetime.now(UTC),
            status="FINISHED" if trial.state.name == "COMPLETE" else "KILLED",
            parent=self._run,
            version=self._version,
        )
        self._experiment.log(work)
