"""Averages over accepted clients: computed by models not fitted on them, kept in a file, and refused when damaged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from credit_scoring.core.errors import StorageError, UnexplainableModelError
from credit_scoring.scoring import approved_baseline as module
from credit_scoring.scoring.approved_baseline import ACCEPTED_FILE, accepted_clients, load_accepted, save_accepted
from credit_scoring.scoring.scorer import load_scorer, save_scorer
from tests.support.scorers import small_features, small_reference, small_scorer
from tests.support.small_models import FEATURES, small_model


def test_each_accepted_client_is_explained_by_the_model_of_its_own_fold() -> None:
    models = [small_model("lightgbm"), small_model("logistic_regression")]
    folds = np.arange(len(FEATURES)) % 2
    is_accepted = np.arange(len(FEATURES)) % 3 == 0
    found = accepted_clients(models, folds, FEATURES, is_accepted)
    expected = [
        models[folds[row]].contributions(FEATURES[row : row + 1])[0, :-1] for row in np.flatnonzero(is_accepted)
    ]
    assert found.clients == is_accepted.sum()
    assert found.contributions == pytest.approx(np.mean(expected, axis=0))


def test_typical_values_are_those_of_accepted_clients_that_have_one() -> None:
    features = np.array([[1, np.nan], [2, np.nan], [3, np.nan], [900, 5]], dtype=np.float32)
    features = np.column_stack([features, features[:, 0]])
    found = accepted_clients([small_model("lightgbm")], np.zeros(4), features, np.array([True, True, True, False]))
    assert found.typical == (2.0, None, 2.0)


def test_many_clients_are_sampled_the_same_way_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAXIMUM_CLIENTS", 50)
    all_clients = np.ones(len(FEATURES), dtype=bool)
    first, second = (
        accepted_clients([small_model("lightgbm")], np.zeros(len(FEATURES)), FEATURES, all_clients) for _ in range(2)
    )
    assert first == second
    assert first.clients == 50


def test_without_accepted_clients_there_are_no_typical_values() -> None:
    found = accepted_clients(
        [small_model("lightgbm")], np.zeros(len(FEATURES)), FEATURES, np.zeros(len(FEATURES), dtype=bool)
    )
    assert found.contributions == (0.0, 0.0, 0.0)
    assert found.typical == (None, None, None)


def test_a_family_without_contributions_has_no_averages() -> None:
    with pytest.raises(UnexplainableModelError, match="random_forest"):
        accepted_clients(
            [small_model("random_forest")], np.zeros(len(FEATURES)), FEATURES, np.ones(len(FEATURES), bool)
        )


def test_a_scorer_keeps_its_averages(tmp_path: Path) -> None:
    scorer = small_scorer()
    features = small_features(3)
    averages = accepted_clients([scorer.model], np.zeros(len(features)), features, np.ones(len(features), bool))
    save_scorer(replace(scorer, accepted=averages), small_reference(scorer), tmp_path)
    assert load_scorer(tmp_path).accepted == averages


def test_a_scorer_without_averages_is_loaded_without(tmp_path: Path) -> None:
    scorer = small_scorer()
    save_scorer(scorer, small_reference(scorer), tmp_path)
    assert not (tmp_path / ACCEPTED_FILE).exists()
    assert load_scorer(tmp_path).accepted is None


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    averages = accepted_clients([small_model("lightgbm")], np.zeros(3), FEATURES[:3], np.ones(3, bool))
    save_accepted(averages, tmp_path)
    assert load_accepted(tmp_path) == averages
    (tmp_path / ACCEPTED_FILE).write_text('{"clients": 3')
    with pytest.raises(StorageError, match=r"accepted\.json cannot be read"):
        load_accepted(tmp_path)
