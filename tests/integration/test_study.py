"""A study finds cheaper parameters, goes on where it was, and several workers share it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState

from credit_scoring.core.errors import StorageError, TrainingError
from credit_scoring.scoring.models.model import Model
from credit_scoring.scoring.models.scorecard import Characteristic, ScorecardModel
from credit_scoring.train import study as studies
from credit_scoring.train.cross_validation import training_rows
from credit_scoring.train.families import candidates
from credit_scoring.train.families.family import Candidate, Parameters, TrainingRows
from tests.support.training_rows import NAMES, small_training_data

DATA = small_training_data(300)
COST = 10.0


def _fit(rows: TrainingRows, parameters: Parameters) -> Model:
    """The first feature says the risk; the study has to find out that the weight belongs on it."""
    evidence = (-1.0, 0.0, 1.0, 0.0)
    parts = (
        Characteristic(
            name="age",
            place=0,
            edges=(-0.5, 0.5),
            evidence=evidence,
            weight=1 - float(parameters["noise"]),
            average=0,
        ),
        Characteristic(
            name="wealth",
            place=3,
            edges=(-0.5, 0.5),
            evidence=evidence,
            weight=float(parameters["noise"]),
            average=0,
        ),
    )
    return ScorecardModel(parts, -1.5, len(NAMES))


def _suggest(trial: optuna.Trial) -> Parameters:
    return {"noise": trial.suggest_float("noise", 0.0, 1.0)}


CANDIDATE = replace(candidates()["scorecard"], fit=_fit, suggest=_suggest)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'studies.db'}"


def run(
    url: str,
    trials: int,
    candidate: Candidate = CANDIDATE,
    track: Callable[[list[FrozenTrial]], None] = lambda trials: None,
) -> list[FrozenTrial]:
    """Run a study and give its finished trials."""
    with studies.open_study(url, "study", candidate) as study:
        studies.run_trials(study, candidate, DATA, COST, trials, track)
        return studies.finished(study)


def test_a_study_finds_cheaper_parameters(url: str) -> None:
    run(url, 20)
    with studies.open_study(url, "study", CANDIDATE) as study:
        best = studies.best_parameters(study)
        assert best is not None
        assert float(best["noise"]) < 0.5
        assert studies.importances(study) == {"noise": 1.0}


def test_trials_worse_than_the_others_are_pruned_before_the_last_fold(url: str) -> None:
    pruned = [trial for trial in run(url, 25) if trial.state is TrialState.PRUNED]
    assert pruned
    assert all(len(trial.intermediate_values) < 3 for trial in pruned)


def test_the_cost_of_a_complete_trial_is_that_of_all_clients(url: str) -> None:
    first = run(url, 1)[0]
    assert sorted(first.intermediate_values) == [0, 1, 2]
    assert first.value == first.intermediate_values[2]


def test_a_study_goes_on_where_a_killed_one_stopped(url: str) -> None:
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


def test_a_study_that_has_its_trials_fits_nothing(url: str) -> None:
    run(url, 3)

    def never(rows: TrainingRows, parameters: Parameters) -> Model:
        raise AssertionError

    assert len(run(url, 3, replace(CANDIDATE, fit=never))) == 3


def test_two_workers_share_the_trials_of_a_study(postgresql_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(run, postgresql_url, 12) for _ in range(2)]:
            future.result()
    with studies.open_study(postgresql_url, "study", CANDIDATE) as study:
        done = studies.finished(study)
        assert 12 <= len(done) <= 13, "the other worker may have been in the middle of a trial"
        assert len({trial.params["noise"] for trial in done}) == len(done), "no trial was made twice"


def test_a_study_with_another_search_space_is_refused(url: str) -> None:
    run(url, 1)

    def wider(trial: optuna.Trial) -> Parameters:
        return {"noise": trial.suggest_float("noise", 0.0, 2.0)}

    with pytest.raises(TrainingError, match="study was begun with another search space for scorecard"):
        run(url, 2, replace(CANDIDATE, suggest=wider))
    assert len(run(url, 1)) == 1


def test_the_name_of_a_study_changes_with_data_and_search_space() -> None:
    lightgbm, xgboost = candidates()["lightgbm"], candidates()["xgboost"]
    assert studies.study_name(lightgbm, "data") == studies.study_name(lightgbm, "data")
    assert studies.study_name(lightgbm, "data") != studies.study_name(lightgbm, "other data")
    narrower = replace(lightgbm, suggest=_suggest)
    assert studies.study_name(lightgbm, "data") != studies.study_name(narrower, "data")
    assert studies.study_name(lightgbm, "data") != studies.study_name(xgboost, "data")


def test_a_family_without_search_space_is_refused(url: str) -> None:
    with pytest.raises(TrainingError, match="random_forest has no search space"):
        run(url, 1, candidates()["random_forest"])


def test_a_database_that_is_away_is_a_clear_error_without_its_password() -> None:
    with pytest.raises(StorageError, match="database of the study") as caught:
        run("postgresql+psycopg://somebody:secret@127.0.0.1:1/studies", 1)  # pragma: allowlist secret
    assert "secret" not in str(caught.value)
    assert "CREDIT_TUNING_DATABASE_URL" in caught.value.next_step


def test_a_share_keeps_folds_and_the_rate_of_defaults() -> None:
    share = studies.share_of(DATA, 100)
    assert share.of == 300
    assert len(share.data.default) == 100
    assert share.data.default.mean() == pytest.approx(DATA.default.mean(), abs=0.01)
    places = share.data.client_ids - 1
    assert share.data.folds.tolist() == DATA.folds[places].tolist()
    assert studies.share_of(DATA, 300).data is DATA


def test_lightgbm_bins_once_and_fits_each_fold_on_a_subset_of_the_bins() -> None:
    rows = training_rows(DATA, np.arange(300))
    fit = candidates()["lightgbm"].fit_on(rows)
    places = np.flatnonzero(DATA.folds != 0)
    parameters: Parameters = {"rounds": 20, "learning_rate": 0.1, "num_leaves": 8}
    first = fit(places, parameters).margin(DATA.features)
    fit(places, {**parameters, "num_leaves": 4, "max_depth": 2})
    assert fit(places, parameters).margin(DATA.features).tobytes() == first.tobytes()
    apart = candidates()["lightgbm"].fit(training_rows(DATA, places), parameters).margin(DATA.features)
    assert np.corrcoef(first, apart)[0, 1] > 0.95
