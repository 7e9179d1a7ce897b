"""The area under the ROC curve is the share of correctly ranked pairs."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from credit_scoring.evaluation.auc import auc, auc_of_counts

RANDOM = np.random.default_rng(5)


def test_ties_count_half() -> None:
    assert auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([0, 0, 1, 1])) == (0.5 + 1 + 1 + 1) / 4


def test_one_outcome_alone_has_no_auc() -> None:
    assert np.isnan(auc(np.array([0.1, 0.4]), np.zeros(2)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_value_is_that_of_scikit_learn(dtype: str) -> None:
    default = (RANDOM.random(5_000) < 0.1).astype(np.int8)
    score = np.round(RANDOM.normal(size=5_000) + default, 1).astype(dtype)
    assert auc(score, default) == pytest.approx(roc_auc_score(default, score), abs=1e-14)


def test_counts_at_each_score_give_the_same_value() -> None:
    default, score = (RANDOM.random(1_000) < 0.1).astype(np.int8), RANDOM.integers(0, 20, 1_000)
    bad, good = (np.bincount(score[default == outcome], minlength=20) for outcome in (1, 0))
    assert auc_of_counts(bad, good) == auc(score, default)
