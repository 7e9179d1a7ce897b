"""A study: look for the hyperparameters of a family that make mistakes cheapest.

Trials lie in a database, so a killed study goes on where it was and several workers can share it.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import numpy as np
import optuna
from optuna.distributions import distribution_to_json
from optuna.study import MaxTrialsCallback
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError

from credit_scoring.core.errors import StorageError, TrainingError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import fingerprint_of
from credit_scoring.core.urls import without_password
from credit_scoring.evaluation.business_cost import cheapest_threshold
from credit_scoring.scoring.calibration import fit_logistic_calibration
from credit_scoring.train.cross_validation import TrainingData, thinned, training_rows
from credit_scoring.train.families.family import Candidate, Parameters

# A study says itself what it does; the library would repeat it in its own words.
optuna.logging.set_verbosity(optuna.logging.WARNING)

_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
_PARAMETERS = "parameters"
_SPACE = "search_space"
_SECONDS_BETWEEN_SIGNS_OF_LIFE = 30
_ATTEMPTS_TO_CREATE_TABLES = 5
_STARTUP_TRIALS = 8
"""Trials drawn by chance before the sampler learns, and before a trial may be pruned."""


class StudyRows(NamedTuple):
    """The share of the clients a study works on.

    Attributes:
        data: the share itself.
        of: how many clients there are in all.
    """

    data: TrainingData
    of: int


def share_of(data: TrainingData, most_rows: int) -> StudyRows:
    """At most so many clients, drawn class by class; each keeps its fold."""
    places = thinned(np.arange(len(data.default)), data.default, most_rows)
    if len(places) == len(data.default):
        return StudyRows(data, len(data.default))
    part = TrainingData(
        data.client_ids[places], data.default[places], data.folds[places], data.features[places], data.names
    )
    return StudyRows(part, len(data.default))


@contextmanager
def open_study(url: str, name: str, candidate: Candidate) -> Iterator[optuna.Study]:
    """The study of this name in a database, begun if it is not there.

    Raises:
        TrainingError: the family has no search space, or the study was begun with another one.
        StorageError: the database does not answer.
    """
    space = search_space(candidate)
    with _clear_errors(url):
        storage = _storage(url)
        study = optuna.create_study(storage=storage, study_name=name, load_if_exists=True)
        known = study.user_attrs.get(_SPACE)
        if known is None:
            study.set_user_attr(_SPACE, space)
        elif known != space:
            raise TrainingError(
                f"The study {name} was begun with another search space for {candidate.family}.",
                "Delete it from the database of CREDIT_TUNING_DATABASE_URL; tuning then starts it again.",
            )
        # Workers that share a study must not all draw the same first trials; one alone gives the same ones every time.
        seed = len(study.trials) if url.startswith("sqlite") else None
        study.sampler = optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=_STARTUP_TRIALS, constant_liar=True
        )
        study.pruner = optuna.pruners.MedianPruner(n_startup_trials=_STARTUP_TRIALS)
        try:
            yield study
        finally:
            storage.remove_session()


def _storage(url: str) -> optuna.storages.RDBStorage:
    with warnings.catch_warnings():
        # Signs of life are called experimental; without them the trial of a killed worker would run for ever.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        for _ in range(_ATTEMPTS_TO_CREATE_TABLES):
            with suppress(IntegrityError, ProgrammingError):
                return _opened_storage(url)
            # Another worker is creating the tables at this moment.
            time.sleep(1.0)
        return _opened_storage(url)


def _opened_storage(url: str) -> optuna.storages.RDBStorage:
    return optuna.storages.RDBStorage(
        url,
        heartbeat_interval=_SECONDS_BETWEEN_SIGNS_OF_LIFE,
        # What a killed worker left is tried again by whoever comes next.
        heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(max_retry=2),
    )


def search_space(candidate: Candidate) -> dict[str, str]:
    """Name and range of every hyperparameter a study of the family may move.

    Raises:
        TrainingError: the family has no search space.
    """
    if candidate.suggest is None:
        raise TrainingError(
            f"The family {candidate.family} has no search space.",
            "Tune lightgbm, xgboost, catboost or logistic_regression.",
        )
    trial = optuna.create_study().ask()
    candidate.suggest(trial)
    return {name: distribution_to_json(each) for name, each in sorted(trial.distributions.items())}


def study_name(candidate: Candidate, *depends_on: object) -> str:
    """Name that changes with the data, the settings that matter and the search space."""
    return f"{candidate.family}-{fingerprint_of(search_space(candidate), depends_on)}"


def run_trials(
    study: optuna.Study,
    candidate: Candidate,
    data: TrainingData,
    missed_default_cost: float,
    trials: int,
    track: Callable[[list[FrozenTrial]], None],
) -> None:
    """Run trials until the study has so many, those of earlier runs and of other workers included.

    Args:
        track: told of all finished trials after each one; what it raises stops the study, and no trial is lost.
    """
    track(finished(study))
    if len(finished(study)) >= trials:
        return
    fit = candidate.fit_on(training_rows(data, np.arange(len(data.default))))

    def told(study: optuna.Study, trial: FrozenTrial) -> None:
        done = finished(study)
        get_logger("train").info(
            "trial",
            study=study.study_name,
            done=len(done),
            of=trials,
            cost=trial.value,
            best=_best_cost(done),
        )
        track(done)

    def objective(trial: Trial) -> float:
        assert candidate.suggest is not None
        parameters = candidate.suggest(trial)
        trial.set_user_attr(_PARAMETERS, dict(parameters))
        margins = np.full(len(data.default), np.nan)
        cost = 0.0
        for step, fold in enumerate(np.unique(data.folds)):
            held_out = data.folds == fold
            model = fit(np.flatnonzero(~held_out), parameters)
            margins[held_out] = model.margin(data.features[held_out])
            cost = _cost_so_far(margins, data.default, missed_default_cost)
            trial.report(cost, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return cost

    study.optimize(objective, callbacks=[told, MaxTrialsCallback(trials, states=_FINISHED)])


def finished(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that were completed or pruned, in the order in which they began."""
    return study.get_trials(deepcopy=False, states=_FINISHED)


def best_parameters(study: optuna.Study) -> Parameters | None:
    """Parameters of the cheapest complete trial; None if there is none."""
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if not complete:
        return None
    best = min(complete, key=lambda trial: (trial.value, trial.number))
    parameters: Parameters = best.user_attrs[_PARAMETERS]
    return parameters


def importances(study: optuna.Study) -> dict[str, float]:
    """Share of each hyperparameter in the variation of the cost (fANOVA; Hutter et al., 2014); empty for few trials."""
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len(complete) < 4 or len({trial.value for trial in complete}) < 2:
        return {}
    return optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=0)
    )


def _cost_so_far(margins: np.ndarray, default: np.ndarray, missed_default_cost: float) -> float:
    """Cost per client over the folds scored so far, at their own best threshold."""
    scored = ~np.isnan(margins)
    probability = fit_logistic_calibration(margins[scored], default[scored]).probability(margins[scored])
    return cheapest_threshold(probability, default[scored], missed_default_cost).cost_per_client


def _best_cost(trials: list[FrozenTrial]) -> float | None:
    costs = [
        trial.value for trial in trials if trial.state is TrialState.COMPLETE and trial.value is not None
    ]
    return min(costs, default=None)


@contextmanager
def _clear_errors(url: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        cause = error.__cause__ or error
        reason = (str(cause) or type(cause).__name__).splitlines()[0]
        raise StorageError(
            without_password(f"The database of the study {url} does not answer ({reason})."),
            "Check CREDIT_TUNING_DATABASE_URL, that the database runs and that its disk is not full; then try again.",
        ) from error
