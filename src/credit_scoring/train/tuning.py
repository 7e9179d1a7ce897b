"""Tune one family: its study, tracked, and what came out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import optuna
import polars as pl
from optuna.trial import TrialState

from credit_scoring.core.errors import TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.feature_store.step import published_version
from credit_scoring.train import study as studies
from credit_scoring.train.candidates import constrained, is_constrainable
from credit_scoring.train.cross_validation import TrainingData
from credit_scoring.train.families import candidates
from credit_scoring.train.families.family import MONOTONE, Budget, Candidate, Parameters
from credit_scoring.train.study_tracking import StudyTracking
from credit_scoring.train.training_data import read_training_data

TRIALS = {Budget.QUICK: 5, Budget.FULL: 50}
MOST_ROWS = {Budget.QUICK: 10_000, Budget.FULL: 60_000}
"""A study compares; for that a stratified share of the clients will do. What wins is trained on all of them."""


class Trial(NamedTuple):
    """One finished trial.

    Attributes:
        cost_per_client: over the folds that were scored; a pruned trial has not seen all.
    """

    number: int
    is_complete: bool
    cost_per_client: float
    seconds: float
    parameters: dict[str, float]


class Tuning(NamedTuple):
    """What a study found.

    Attributes:
        rows: clients of the share it worked on.
        importances: share of each hyperparameter in the variation of the cost.
    """

    name: str
    family: str
    rows: int
    trials: list[Trial]
    best: Parameters | None
    importances: dict[str, float]

    @property
    def best_cost(self) -> float:
        """Cost per client of the cheapest complete trial; not a number if there is none."""
        return min(
            (trial.cost_per_client for trial in self.trials if trial.is_complete), default=float("nan")
        )


def trials_of(settings: Settings) -> int:
    """How many trials the settings ask for."""
    return (
        TRIALS[Budget(settings.training.budget)] if settings.tuning.trials is None else settings.tuning.trials
    )


def tune(
    settings: Settings, version: FeatureVersion, candidate: Candidate, data: TrainingData, trials: int
) -> Tuning:
    """Run a family's study until it has so many trials, and say what it found.

    Raises:
        TrainingError: the family has no search space.
        StorageError: the study's database or the tracking server does not answer; finished trials are kept.
    """
    most_rows = min(
        MOST_ROWS[Budget(settings.training.budget)], candidate.most_rows[Budget(settings.training.budget)]
    )
    share = studies.share_of(data, most_rows)
    name = studies.study_name(
        candidate,
        version.content_hash,
        settings.training.fold_count,
        settings.cost.missed_default,
        most_rows,
        *((MONOTONE,) if settings.training.monotone_constraints and is_constrainable(candidate) else ()),
    )
    with _opened(settings, name, candidate) as study:
        tracking = StudyTracking(settings, name, version.source)
        studies.run_trials(study, candidate, share.data, settings.cost.missed_default, trials, tracking.track)
        tracking.close()
        return Tuning(
            name=name,
            family=candidate.family,
            rows=len(share.data.default),
            trials=[_trial(trial) for trial in studies.finished(study)],
            best=studies.best_parameters(study),
            importances=studies.importances(study),
        )


def join(settings: Settings, family: str) -> Tuning:
    """Work on the study of a family on the published features, beside other workers.

    Raises:
        TrainingError: there is no such family, or it has no search space.
    """
    if family not in candidates():
        raise TrainingError(
            f"There is no model family {family!r}.", f"Choose among {', '.join(candidates())}."
        )
    version = published_version(settings)
    data = read_training_data(settings, version)
    candidate = candidates()[family]
    asked = constrained(candidate) if settings.training.monotone_constraints else candidate
    return tune(settings, version, asked, data, trials_of(settings))


def trials_frame(tuning: Tuning) -> pl.DataFrame:
    """trials.csv: one row per trial."""
    rows = [
        {
            "trial": trial.number,
            "state": "complete" if trial.is_complete else "pruned",
            "cost_per_client": trial.cost_per_client,
            "seconds": trial.seconds,
            **trial.parameters,
        }
        for trial in tuning.trials
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


@contextmanager
def _opened(settings: Settings, name: str, candidate: Candidate) -> Iterator[optuna.Study]:
    url = Storage.of(settings).database_url(settings.tuning.database_url, "studies")
    with studies.open_study(url, name, candidate) as study:
        yield study


def _trial(trial: optuna.trial.FrozenTrial) -> Trial:
    return Trial(
        number=trial.number,
        is_complete=trial.state is TrialState.COMPLETE,
        cost_per_client=float(trial.intermediate_values[max(trial.intermediate_values)]),
        seconds=trial.duration.total_seconds() if trial.duration else 0.0,
        parameters={name: float(value) for name, value in trial.params.items()},
    )
