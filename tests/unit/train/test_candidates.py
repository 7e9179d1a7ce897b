"""Which models are compared, and which of them can become champion."""

import pytest

from credit_scoring.core.errors import TrainingError
from credit_scoring.scoring import models
from credit_scoring.scoring.model_family import Budget
from credit_scoring.scoring.models import all_families
from credit_scoring.train.candidates import candidates_of, require_eligible
from credit_scoring.train.imbalance import Imbalance


def test_explainable_models_with_natural_weights_that_the_service_can_load_are_eligible() -> None:
    eligible = {each.name for each in candidates_of(Budget.QUICK, ()) if each.ineligible_because is None}
    assert eligible == {"lightgbm", "logistic_regression", "scorecard", "xgboost"}


def test_every_family_is_compared_with_each_treatment_that_its_library_knows() -> None:
    candidates = candidates_of(Budget.FULL, ())
    treatments = {
        name: {each.imbalance.value for each in candidates if each.family.name == name} - {"none"}
        for name in all_families()
    }
    assert treatments == {
        "catboost": {"class_weight", "scale_pos_weight", "smote"},
        "lightgbm": {"class_weight", "scale_pos_weight", "smote"},
        "logistic_regression": {"class_weight", "smote"},
        "multilayer_perceptron": {"smote"},
        "random_forest": {"class_weight", "smote"},
        "scorecard": {"class_weight", "smote"},
        "xgboost": {"scale_pos_weight", "smote"},
    }


def test_the_quick_budget_compares_every_family_with_a_treatment() -> None:
    treated = {each.family.name for each in candidates_of(Budget.QUICK, ()) if each.imbalance is not Imbalance.NONE}
    assert treated == set(all_families())


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(TrainingError, match="no model family 'oracle'"):
        candidates_of(Budget.QUICK, ("lightgbm", "oracle"))


def test_an_optional_family_that_is_not_installed_is_left_out_or_its_extra_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(models, "find_spec", lambda name: None)
    assert "catboost" not in {each.family.name for each in candidates_of(Budget.QUICK, ())}
    with pytest.raises(TrainingError, match="'catboost' is not installed") as caught:
        candidates_of(Budget.QUICK, ("catboost",))
    assert "credit-scoring[catboost]" in caught.value.next_step


def test_without_an_eligible_candidate_the_error_gives_each_reason_and_the_way_out() -> None:
    with pytest.raises(TrainingError) as caught:
        require_eligible(candidates_of(Budget.QUICK, ("random_forest", "catboost")))
    assert "random_forest: cannot explain a decision exactly" in caught.value.message
    assert "catboost: the service does not carry its library" in caught.value.message
    assert "lightgbm" in caught.value.next_step and "--families" in caught.value.next_step


def test_one_eligible_candidate_is_enough() -> None:
    require_eligible(candidates_of(Budget.QUICK, ("random_forest", "scorecard")))
