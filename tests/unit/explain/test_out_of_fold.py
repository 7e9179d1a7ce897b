"""Clients explained by models that never saw them."""

from pathlib import Path

import numpy as np
import pytest

from credit_scoring.evaluation.auc import auc
from credit_scoring.explain.feature_selection import feature_selection
from credit_scoring.explain.importance import NOT_DECLARED, feature_importance, permutation_importance
from credit_scoring.explain.portfolio import HeldOutRows, explain_held_out, sample_rows


class SumOf:
    """A model that adds some features, times a weight."""

    family = "sum"

    def __init__(self, *weights: float) -> None:
        self.weights = np.array(weights)

    def margin(self, features: np.ndarray) -> np.ndarray:
        return np.asarray(features @ self.weights + 1)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        return np.column_stack([features * self.weights, np.ones(len(features))])

    def importance(self) -> np.ndarray:
        shares: np.ndarray = np.abs(self.weights) / np.abs(self.weights).sum()
        return shares

    def save(self, folder: Path) -> None:
        raise NotImplementedError


class Additive(SumOf):
    """The same under the name of a family that is known to add features up."""

    family = "logistic_regression"
    margins_computed = 0

    def margin(self, features: np.ndarray) -> np.ndarray:
        self.margins_computed += 1
        return super().margin(features)


def rows(*models: SumOf, count: int = 400) -> HeldOutRows:
    """Clients whose risk is their first feature; the second is noise."""
    random = np.random.default_rng(1)
    features = random.normal(size=(count, 2)).astype(np.float32)
    default = (features[:, 0] + random.normal(size=count) > 1).astype(float)
    model_of = np.arange(count) % len(models)
    return explain_held_out(np.arange(count), default, features, model_of, models)


def test_each_client_is_explained_by_its_own_model() -> None:
    explained = rows(SumOf(1, 0), SumOf(0, 2))
    np.testing.assert_allclose(explained.contributions[::2, 0], explained.features[::2, 0])
    np.testing.assert_allclose(explained.contributions[1::2, 1], 2 * explained.features[1::2, 1])
    assert not explained.contributions[::2, 1].any()
    np.testing.assert_allclose(explained.margins[0], explained.features[0, 0] + 1)


def test_permuting_a_feature_that_matters_costs_what_it_was_worth() -> None:
    explained = rows(SumOf(1, 0), SumOf(1, 0))
    matters, noise = permutation_importance(explained, [[0], [1]])
    assert matters == pytest.approx(auc(explained.margins, explained.default) - 0.5, abs=0.06)
    assert noise == 0.0


def test_values_are_shuffled_among_the_clients_of_one_model() -> None:
    # The second model knows only clients of one value, so shuffling them changes nothing for it.
    explained = rows(SumOf(0, 0), SumOf(1, 0))
    explained.features[1::2, 0] = 3.0
    assert permutation_importance(explained, [[0]])[0] == 0.0


def test_permuting_does_not_change_the_rows_of_the_caller() -> None:
    explained = rows(SumOf(1, 1))
    before = explained.features.copy()
    permutation_importance(explained, [[0], [1]])
    assert explained.features.tobytes() == before.tobytes()


def test_auc_counts_pairs_and_halves_ties() -> None:
    assert auc(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0, 0, 1, 1])) == pytest.approx(3.5 / 4)


def test_few_rows_are_all_sampled_and_many_are_always_the_same_sample() -> None:
    assert sample_rows(3, 5).tolist() == [0, 1, 2]
    some = sample_rows(1000, 10)
    assert len(set(some.tolist())) == 10
    assert some.tolist() == sorted(sample_rows(1000, 10).tolist())


def test_of_an_additive_model_contributions_are_permuted_instead_of_values() -> None:
    scored = rows(SumOf(1, 0.2), SumOf(0.8, -0.1))
    models = (Additive(1, 0.2), Additive(0.8, -0.1))
    groups = [[0], [1], [0, 1], []]
    permuted = permutation_importance(scored._replace(models=models), groups)
    np.testing.assert_allclose(permuted, permutation_importance(scored, groups))
    assert [model.margins_computed for model in models] == [0, 0]


def test_a_feature_of_an_earlier_model_that_is_declared_no_longer_is_explained_too() -> None:
    names, explained = ("app_amt_credit", "no_longer_declared"), rows(SumOf(1, 0.2))
    importance = feature_importance(SumOf(1, 0.2), names, explained)
    assert importance["meaning"].to_list()[1] == NOT_DECLARED
    assert feature_selection(importance, names, explained)["concept"].to_list()[:2] == ["loan_requested", "mixed"]


def test_features_that_carry_the_same_information_matter_only_together() -> None:
    explained = rows(SumOf(1, 1), count=4000)
    explained.features[:, 1] = explained.features[:, 0]
    alone, both = permutation_importance(explained, [[0], [0, 1]])
    assert both == pytest.approx(auc(explained.features[:, 0], explained.default) - 0.5, abs=0.06)
    assert alone < both
