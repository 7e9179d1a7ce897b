"""The trials of a tuning: each tries hyperparameters of a family and reports the cost of the decisions they lead to.

Trials are rows of an Optuna database, so a killed tuning resumes where it stopped, and several workers can share one.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import numpy as np
import optuna
from optuna.distributions import distribution_to_json
from optuna.study import MaxTrialsCallback
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError
from threadpoolctl import threadpool_limits

from credit_scoring.core.errors import StorageError, TrainingError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import fingerprint_of
from credit_scoring.core.urls import without_credentials
from credit_scoring.evaluation.auc import auc
from credit_scoring.evaluation.business_cost import business_cost, cheapest_threshold
from credit_scoring.scoring.calibration import fit_logistic_calibration
from credit_scoring.scoring.model_family import MULTITHREADED_ROWS, TRAINING_SEED, ModelFamily, Parameters
from credit_scoring.train.training_data import TrainingData

# Every trial is logged here; the library would log it a second time.
optuna.logging.set_verbosity(optuna.logging.WARNING)

_FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
FOLDS = "folds"
"""Attribute of a trial: by name the metric of each fold."""
_PARAMETERS = "parameters"
_SPACE = "search_space"
_HEARTBEAT_SECONDS = 30
_ATTEMPTS_TO_CREATE_TABLES = 5
_STARTUP_TRIALS = 8
"""Random trials before the sampler learns, and before a trial may be pruned."""


@contextmanager
def open_tuning(url: str, name: str, family: ModelFamily) -> Iterator[optuna.Study]:
    """The tuning of this name in a database, created if it does not exist.

    Raises:
        TrainingError: the family has no search space, or the tuning was started with another one.
        StorageError: the database does not answer.
    """
    space = search_space(family)
    with _clear_errors(url):
        storage = _storage(url)
        tuning = optuna.create_study(storage=storage, study_name=name, load_if_exists=True)
        stored_space = tuning.user_attrs.get(_SPACE)
        if stored_space is None:
            tuning.set_user_attr(_SPACE, space)
        elif stored_space != space:
            raise TrainingError(
                f"The tuning {name} was started with another search space for {family.name}.",
                "Delete it from the database of CREDIT_TUNING_DATABASE_URL; the next run starts it again.",
            )
        # Workers that share a tuning must not all draw the same first trials; a single one is reproducible.
        seed = TRAINING_SEED + len(tuning.trials) if url.startswith("sqlite") else None
        tuning.sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=_STARTUP_TRIALS, constant_liar=True)
        tuning.pruner = optuna.pruners.MedianPruner(n_startup_trials=_STARTUP_TRIALS)
        try:
            yield tuning
        finally:
            storage.remove_session()


def _storage(url: str) -> optuna.storages.RDBStorage:
    with warnings.catch_warnings():
        # Heartbeats are experimental; without them the trial of a killed worker would stay "running" permanently.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        open_storage = partial(
            optuna.storages.RDBStorage,
            url,
            heartbeat_interval=_HEARTBEAT_SECONDS,
            # The next worker retries the trial of a killed one.
            heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(max_retry=2),
        )
        for _ in range(_ATTEMPTS_TO_CREATE_TABLES):
            with suppress(IntegrityError, ProgrammingError):
                return open_storage()
            # Another worker is creating the tables at this moment.
            time.sleep(1.0)
        return open_storage()


def search_space(family: ModelFamily) -> dict[str, str]:
    """Name and range of every hyperparameter that a tuning of the family may change.

    Raises:
        TrainingError: the family has no search space.
    """
    if family.suggest is None:
        raise TrainingError(
            f"The family {family.name} has no search space.",
            "Tune one of those with a table in docs/ML_MODEL.md, for example lightgbm.",
        )
    trial = optuna.create_study().ask()
    family.suggest(trial)
    return {name: distribution_to_json(each) for name, each in sorted(trial.distributions.items())}


def tuning_name(family: ModelFamily, *depends_on: object) -> str:
    """A name that changes with the data, the settings that matter and the search space."""
    return f"{family.name}-{fingerprint_of(search_space(family), depends_on)}"


def run_trials(
    tuning: optuna.Study,
    family: ModelFamily,
    data: TrainingData,
    missed_default_cost: float,
    trials: int,
    track: Callable[[list[FrozenTrial]], None],
) -> None:
    """Run trials until there are this many, those of earlier runs and of other workers included.

    Args:
        track: called with all finished trials after each one; an error it raises stops the tuning without losing a
            trial.
    """
    track(finished(tuning))
    if len(finished(tuning)) >= trials:
        return
    fit = family.fit_subsets_of(data.rows(np.arange(len(data.default))))

    def report(tuning: optuna.Study, trial: FrozenTrial) -> None:
        done = finished(tuning)
        best = min((cost_of(each) for each in done if each.state is TrialState.COMPLETE), default=None)
        get_logger("train").info(
            "trial", tuning=tuning.study_name, done=len(done), of=trials, cost=trial.value, best=best
        )
        track(done)

    def objective(trial: Trial) -> float:
        assert family.suggest is not None
        parameters = family.suggest(trial)
        trial.set_user_attr(_PARAMETERS, dict(parameters))
        margins = np.full(len(data.default), np.nan)
        cost = 0.0
        by_fold: dict[str, list[float]] = {"fold_auc": [], "fold_cost_per_client": []}
        for step, fold in enumerate(np.unique(data.folds)):
            held_out = data.folds == fold
            model = fit(np.flatnonzero(~held_out), parameters)
            margins[held_out] = model.margin(data.features[held_out])
            scored = ~np.isnan(margins)
            calibration = fit_logistic_calibration(margins[scored], data.default[scored])
            probability = calibration.probability(margins[scored])
            # Over the folds scored so far, at their own best threshold.
            best = cheapest_threshold(probability, data.default[scored], missed_default_cost)
            cost = best.cost_per_client
            own, outcome = calibration.probability(margins[held_out]), data.default[held_out]
            own_cost = business_cost(own >= best.value, outcome, missed_default_cost) / len(outcome)
            by_fold["fold_auc"].append(auc(own, outcome))
            by_fold["fold_cost_per_client"].append(own_cost)
            trial.set_user_attr(FOLDS, by_fold)
            trial.report(cost, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return cost

    # On few rows, BLAS threads wait for each other ten times as long as one of them computes.
    with threadpool_limits(1 if len(data.default) < MULTITHREADED_ROWS else None, user_api="blas"):
        tuning.optimize(objective, callbacks=[report, MaxTrialsCallback(trials, states=_FINISHED)])


def finished(tuning: optuna.Study) -> list[FrozenTrial]:
    """Completed and pruned trials, in the order in which they started."""
    return tuning.get_trials(deepcopy=False, states=_FINISHED)


def best_trial(tuning: optuna.Study) -> FrozenTrial | None:
    """The cheapest complete trial; None if there is none."""
    complete = tuning.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return min(complete, key=lambda trial: (trial.value, trial.number), default=None)


def parameters_of(trial: FrozenTrial) -> Parameters:
    """Parameters that the family was fitted with in a trial."""
    parameters: Parameters = trial.user_attrs[_PARAMETERS]
    return parameters


def importances(tuning: optuna.Study) -> dict[str, float]:
    """Share of each hyperparameter in the variation of the cost (fANOVA; Hutter et al., 2014); empty for few trials."""
    complete = tuning.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len(complete) < 4 or len({trial.value for trial in complete}) < 2:
        return {}
    return optuna.importance.get_param_importances(
        tuning, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=TRAINING_SEED)
    )


def cost_of(trial: FrozenTrial) -> float:
    """Cost per client of a finished trial; of a pruned one, over the folds that were scored."""
    assert trial.value is not None
    return trial.value


def seconds_of(trial: FrozenTrial) -> float:
    """Duration of a finished trial."""
    return trial.duration.total_seconds() if trial.duration else 0.0


@contextmanager
def _clear_errors(url: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        cause = error.__cause__ or error
        reason = (str(cause) or type(cause).__name__).splitlines()[0]
        raise StorageError(
            without_credentials(f"The tuning database {url} does not answer ({reason})."),
            "Check CREDIT_TUNING_DATABASE_URL, that the database runs and that its disk is not full; then try again.",
        ) from error
