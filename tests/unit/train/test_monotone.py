"""Constrained trees move the probability of the saved Scorer in one direction only; free ones do not."""

from pathlib import Path

import numpy as np
import optuna
import pytest

from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.model_family import MONOTONE, Budget, TrainingRows
from credit_scoring.scoring.models import all_families
from credit_scoring.scoring.scorer import Scorer, load_scorer, save_scorer
from credit_scoring.scoring.training_distribution import reference_of
from credit_scoring.train.candidates import candidates_of, constrained
from credit_scoring.train.training_data import directions
from tests.support.scorers import small_scorer

NAMES = (
    "app_ext_source_2",
    "installments_share_late",
    "card_utilisation_latest",
    "previous_count_refused",
    "app_amt_credit",
)
ROWS = 3_000
CONSTRAINABLE = [name for name, family in all_families().items() if family.is_constrainable]
BOOSTERS = {"lightgbm": "rounds", "xgboost": "rounds", "catboost": "iterations"}


def rows() -> TrainingRows:
    """The risk goes up and down again with every feature, so that a free tree follows it both ways."""
    random = np.random.default_rng(0)
    features = random.uniform(0, 1, size=(ROWS, len(NAMES))).astype(np.float32)
    risk = np.sin(features * 6).sum(axis=1) + features[:, 1:4].sum(axis=1) - features[:, 0]
    default = (risk > np.quantile(risk, 0.7)).astype(np.int8)
    features[random.random(features.shape) < 0.05] = np.nan
    return TrainingRows(features, default, NAMES, directions=tuple(directions(NAMES)))


def saved_scorer(family: str, monotone: bool, folder: Path) -> Scorer:
    """A Scorer of the family, written and read again."""
    parameters = {**all_families()[family].parameters[Budget.QUICK], BOOSTERS[family]: 60, MONOTONE: monotone}
    training = rows()
    model = all_families()[family].fit(training, parameters)
    description = small_scorer().description.model_copy(
        update={
            "family": family,
            "feature_names": NAMES,
            "calibration": LogisticCalibration(slope=0.9, intercept=0.1),
            "model_hash": "",
        }
    )
    scorer = Scorer(model, description)
    reference = reference_of(training.features, NAMES, scorer.probability(training.features))
    folder.mkdir()
    save_scorer(scorer, reference, folder)
    return load_scorer(folder)


def wrong_moves(scorer: Scorer) -> dict[str, int]:
    """How often, sweeping each constrained feature for 100 clients, the probability goes the wrong way."""
    clients, grid = rows().features[:100], np.linspace(0, 1, 41, dtype=np.float32)
    found = {}
    for index, direction in enumerate(directions(NAMES)):
        if direction:
            swept = np.repeat(clients, len(grid), axis=0)
            swept[:, index] = np.tile(grid, len(clients))
            steps = np.diff(scorer.probability(swept).reshape(len(clients), len(grid)), axis=1)
            found[NAMES[index]] = int((steps * direction < 0).sum())
    return found


@pytest.mark.parametrize("family", CONSTRAINABLE)
def test_sweeping_constrained_features_through_the_saved_scorer_moves_one_way_only(family: str, tmp_path: Path) -> None:
    assert wrong_moves(saved_scorer(family, True, tmp_path / "constrained")) == dict.fromkeys(NAMES[:4], 0)
    free = wrong_moves(saved_scorer(family, False, tmp_path / "free"))
    assert all(count > 0 for count in free.values()), free


def test_agreed_directions_are_constrained_and_changes_spreads_and_protected_mixtures_are_free() -> None:
    constrained_features = {
        "app_ext_source_min": -1,
        "cross_score_after_behaviour": -1,
        "app_warning_count_scores": 1,
        "installments_delay_latest": 1,
        "bureau_balance_late_grade_max": 1,
        "card_share_over_limit": 1,
        "bureau_card_limit_used": 1,
        "previous_count_refused_for_sco": 1,
    }
    assert directions(list(constrained_features)) == list(constrained_features.values())
    for free in (
        "installments_delay_slope_last_10",
        "installments_delay_std",
        "card_utilisation_change_6_months",
        "installments_share_loans_never_late",
        "pos_months_ago_min_late",
        "app_ext_source_range",
        "app_ext_source_above_age",
        "app_id_renewal_delay",
        "app_circle_share_30_days_late",
        "previous_days_since_decision_min_refused",
        "no_such_feature",
    ):
        assert directions([free]) == [0], free


def test_a_disclosed_and_constrained_feature_has_one_direction() -> None:
    for feature in FEATURES:
        if feature.disclosure and feature.monotone:
            assert feature.disclosure.risk_rises == (feature.monotone == 1), feature.name


def test_with_constraints_free_trees_are_only_compared_and_constrained_ones_are_eligible() -> None:
    candidates = {each.name: each for each in candidates_of(Budget.QUICK, (), monotone=True)}
    assert candidates["lightgbm_monotone"].ineligible_because is None
    assert candidates["lightgbm_monotone"].parameters[MONOTONE] is True
    assert candidates["lightgbm"].ineligible_because is not None
    assert candidates["logistic_regression"].ineligible_because is None
    assert {f"{family}_monotone" for family in CONSTRAINABLE} < set(candidates)
    assert not [each for each in candidates_of(Budget.QUICK, ()) if MONOTONE in each.parameters]


def test_tuning_a_constrained_family_tries_constrained_models_only() -> None:
    for family in CONSTRAINABLE:
        suggest = constrained(all_families()[family]).suggest
        assert suggest is not None
        assert suggest(optuna.create_study().ask())[MONOTONE] is True
    assert constrained(all_families()["logistic_regression"]) is all_families()["logistic_regression"]


def test_models_fitted_on_shared_bins_are_constrained_too() -> None:
    training = rows()
    parameters = {**all_families()["lightgbm"].parameters[Budget.QUICK], "rounds": 60, MONOTONE: True}
    model = all_families()["lightgbm"].fit_subsets_of(training)(np.arange(ROWS), parameters)
    scorer = Scorer(model, small_scorer().description.model_copy(update={"feature_names": NAMES}))
    assert wrong_moves(scorer) == dict.fromkeys(NAMES[:4], 0)
