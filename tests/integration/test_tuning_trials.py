"""Tuning finds cheaper parameters, resumes where it stopped, and can be shared by several workers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from optuna.trial import FrozenTrial, TrialState

from credit_scoring.core.errors import StorageError, TrainingError
from credit_scoring.scoring.model_family import Model, ModelFamily, Parameters, TrainingRows, Trial
from credit_scoring.scoring.models import all_families
from credit_scoring.scoring.models.scorecard import Characteristic, ScorecardModel
from credit_scoring.train import tuning_trials
from tests.support.training_rows import NAMES, small_training_data

DATA = small_training_data(300)
COST = 10.0


def _fit(rows: TrainingRows, parameters: Parameters) -> Model:
    """Only the first feature is related to the risk; tuning has to find that the weight belongs on it."""
    evidence = (-1.0, 0.0, 1.0, 0.0)
    parts = (
        Characteristic(
            name="age", index=0, edges=(-0.5, 0.5), evidence=evidence, weight=1 - float(parameters["noise"]), average=0
        ),
        Characteristic(
            name="wealth", index=3, edges=(-0.5, 0.5), evidence=evidence, weight=float(parameters["noise"]), average=0
        ),
    )
    return ScorecardModel(intercept=-1.5, feature_count=len(NAMES), characteristics=parts)


def _suggest(trial: Trial) -> Parameters:
    return {"noise": trial.suggest_float("noise", 0.0, 1.0)}


FAMILY = replace(all_families()["scorecard"], fit=_fit, suggest=_suggest)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'studies.db'}"


def run(
    url: str,
    trials: int,
    family: ModelFamily = FAMILY,
    track: Callable[[list[FrozenTrial]], None] = lambda trials: None,
) -> list[FrozenTrial]:
    """Run a tuning and return its finished trials."""
    with tuning_trials.open_tuning(url, "tuning", family) as opened:
        tuning_trials.run_trials(opened, family, DATA, COST, trials, track)
        return tuning_trials.finished(opened)


def test_tuning_finds_cheaper_parameters(url: str) -> None:
    run(url, 20)
    with tuning_trials.open_tuning(url, "tuning", FAMILY) as opened:
        best = tuning_trials.best_trial(opened)
        assert best is not None
        assert float(tuning_trials.parameters_of(best)["noise"]) < 0.5
        assert tuning_trials.importances(opened) == {"noise": 1.0}


def test_trials_worse_than_the_others_are_pruned_before_the_last_fold(url: str) -> None:
    pruned = [trial for trial in run(url, 25) if trial.state is TrialState.PRUNED]
    assert pruned
    assert all(len(trial.intermediate_values) < 3 for trial in pruned)


def test_the_cost_of_a_complete_trial_is_that_of_all_clients(url: str) -> None:
    first = run(url, 1)[0]
    assert sorted(first.intermediate_values) == [0, 1, 2]
    assert first.value == first.intermediate_values[2]


def test_tuning_resumes_where_a_killed_one_stopped(url: str) -> None:
    def killed(trials: list[FrozenTrial]) -> None:
        if len(trials) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(url, 10, track=killed)
    before = [trial.params for trial in run(url, 3)]
    assert len(before) == 3
    after = [trial.params for trial in run(url, 5)]
    assert len(after) == 5
    assert after[:3] == before


def test_a_complete_tuning_fits_nothing(url: str) -> None:
    run(url, 3)

    def never(rows: TrainingRows, parameters: Parameters) -> Model:
        raise AssertionError

    assert len(run(url, 3, replace(FAMILY, fit=never))) == 3


def test_two_workers_share_the_trials_of_a_tuning(postgresql_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(run, postgresql_url, 12) for _ in range(2)]:
            future.result()
    with tuning_trials.open_tuning(postgresql_url, "tuning", FAMILY) as opened:
        done = tuning_trials.finished(opened)
        assert 12 <= len(done) <= 13, "the other worker may have been in the middle of a trial"
        assert len({trial.params["noise"] for trial in done}) == len(done), "no trial was run twice"


def test_a_tuning_with_another_search_space_is_refused(url: str) -> None:
    run(url, 1)

    def wider(trial: Trial) -> Parameters:
        return {"noise": trial.suggest_float("noise", 0.0, 2.0)}

    with pytest.raises(TrainingError, match="was started with another search space for scorecard"):
        run(url, 2, replace(FAMILY, suggest=wider))
    assert len(run(url, 1)) == 1


def test_the_name_of_a_tuning_changes_with_data_and_search_space() -> None:
    lightgbm, xgboost = all_families()["lightgbm"], all_families()["xgboost"]
    assert tuning_trials.tuning_name(lightgbm, "data") == tuning_trials.tuning_name(lightgbm, "data")
    assert tuning_trials.tuning_name(lightgbm, "data") != tuning_trials.tuning_name(lightgbm, "other data")
    narrower = replace(lightgbm, suggest=_suggest)
    assert tuning_trials.tuning_name(lightgbm, "data") != tuning_trials.tuning_name(narrower, "data")
    assert tuning_trials.tuning_name(lightgbm, "data") != tuning_trials.tuning_name(xgboost, "data")


def test_a_family_without_search_space_is_refused(url: str) -> None:
    with pytest.raises(TrainingError, match="random_forest has no search space"):
        run(url, 1, all_families()["random_forest"])


def test_an_unreachable_database_is_a_clear_error_without_its_password() -> None:
    with pytest.raises(StorageError, match="tuning database") as caught:
        run("postgresql+psycopg://somebody:secret@127.0.0.1:1/studies", 1)  # pragma: allowlist secret
    assert "secret" not in str(caught.value)
    assert "CREDIT_TUNING_DATABASE_URL" in caught.value.next_step


def test_a_subsample_keeps_folds_and_the_default_rate() -> None:
    subsample = DATA.subsample(100)
    assert len(subsample.default) == 100
    assert subsample.default.mean() == pytest.approx(DATA.default.mean(), abs=0.01)
    assert subsample.folds.tolist() == DATA.folds[subsample.client_ids - 1].tolist()
    assert DATA.subsample(300) is DATA


def test_lightgbm_bins_once_and_fits_each_fold_on_a_subset_of_the_bins() -> None:
    rows = DATA.rows(np.arange(300))
    fit = all_families()["lightgbm"].fit_subsets_of(rows)
    subset = np.flatnonzero(DATA.folds != 0)
    parameters: Parameters = {"rounds": 20, "learning_rate": 0.1, "num_leaves": 8}
    first = fit(subset, parameters).margin(DATA.features)
    fit(subset, {**parameters, "num_leaves": 4, "max_depth": 2})
    assert fit(subset, parameters).margin(DATA.features).tobytes() == first.tobytes()
    apart = all_families()["lightgbm"].fit(DATA.rows(subset), parameters).margin(DATA.features)
    assert np.corrcoef(first, apart)[0, 1] > 0.95
