"""Tune one family: run its trials, track them, and summarise the result."""

from typing import NamedTuple

import polars as pl
from optuna.trial import FrozenTrial, TrialState

from credit_scoring.core.database_file import make_folder_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import sqlite_file
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.feature_store.step import published_version
from credit_scoring.scoring.model_family import MONOTONE, Budget, ModelFamily, Parameters
from credit_scoring.train import tuning_trials
from credit_scoring.train.candidates import constrained, model_family, shared_parameters
from credit_scoring.train.training_data import TrainingData, read_training_data
from credit_scoring.train.tuning_tracking import TuningTracking

MAXIMUM_ROWS = {Budget.QUICK: 10_000, Budget.FULL: 60_000}
"""A stratified share of the clients is enough to compare trials; the best one is then trained on all of them."""


class Tuning(NamedTuple):
    """The result of tuning a family.

    Attributes:
        rows: clients of the subsample.
        trials: complete and pruned ones.
        best: parameters of the cheapest complete trial; None if there is none.
        importances: share of each hyperparameter in the variation of the cost.
    """

    name: str
    family: str
    rows: int
    trials: list[FrozenTrial]
    best: Parameters | None
    importances: dict[str, float]

    @property
    def complete(self) -> list[FrozenTrial]:
        """The trials that scored every fold."""
        return [trial for trial in self.trials if trial.state is TrialState.COMPLETE]

    @property
    def best_cost(self) -> float:
        """Cost per client of the cheapest complete trial; NaN if there is none."""
        return min((tuning_trials.cost_of(trial) for trial in self.complete), default=float("nan"))


def tune(settings: Settings, version: FeatureVersion, family: ModelFamily, data: TrainingData) -> Tuning:
    """Run trials of a family until there are as many as the settings require.

    Raises:
        TrainingError: the family has no search space.
        StorageError: the tuning database or the tracking server does not answer; finished trials are kept.
    """
    budget = Budget(settings.training.budget)
    maximum_rows = min(MAXIMUM_ROWS[budget], family.maximum_rows[budget])
    subsample = data.subsample(maximum_rows)
    name = tuning_trials.tuning_name(
        family,
        version.content_hash,
        settings.training.fold_count,
        settings.cost.missed_default,
        maximum_rows,
        *((MONOTONE,) if settings.training.monotone_constraints and family.is_constrainable else ()),
        *(("without_protected",) if settings.training.without_protected else ()),
    )
    url = Storage.of(settings).database_url(settings.tuning.database_url, "studies")
    if file := sqlite_file(url):
        make_folder_of(file)
    with tuning_trials.open_tuning(url, name, family) as opened:
        described = {"family": family.name, "rows": len(subsample.default), **shared_parameters(settings)}
        tracking = TuningTracking(settings, name, described, version)
        tuning_trials.run_trials(
            opened, family, subsample, settings.cost.missed_default, settings.tuning.trials, tracking.track
        )
        trials, best = tuning_trials.finished(opened), tuning_trials.best_trial(opened)
        parameters = None if best is None else tuning_trials.parameters_of(best)
        tracking.close(trials, best, parameters or {})
        return Tuning(
            name=name,
            family=family.name,
            rows=len(subsample.default),
            trials=trials,
            best=parameters,
            importances=tuning_trials.importances(opened),
        )


def join(settings: Settings, name: str) -> Tuning:
    """Run trials of a family on the published features, alongside other workers.

    Raises:
        TrainingError: the family does not exist, or has no search space.
    """
    family = model_family(name)
    version = published_version(settings)
    data = read_training_data(settings, version)
    return tune(settings, version, constrained(family) if settings.training.monotone_constraints else family, data)


def trials_frame(tuning: Tuning) -> pl.DataFrame:
    """trials.csv: one row per trial."""
    rows = [
        {
            "trial": trial.number,
            "state": trial.state.name.lower(),
            "cost_per_client": tuning_trials.cost_of(trial),
            "seconds": tuning_trials.seconds_of(trial),
            **{name: float(value) for name, value in trial.params.items()},
        }
        for trial in tuning.trials
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
