"""Contributions add up to the score, and importances say which features matter."""

import numpy as np
import pytest

from credit_scoring.explain.importance import feature_importance
from credit_scoring.explain.portfolio import HeldOutRows
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.scoring.scorer import Scorer
from tests.support.scorers import small_features, small_scorer

NAMES = tuple(feature.name for feature in FEATURES[:4])


def without_outcome(scorer: Scorer, shap_values: np.ndarray) -> HeldOutRows:
    """Applications whose outcome is unknown, with these contributions."""
    rows = len(shap_values)
    return HeldOutRows(
        client_ids=np.arange(rows),
        default=np.full(rows, np.nan),
        features=np.zeros(shap_values.shape, np.float32),
        contributions=shap_values,
        base=np.zeros(rows),
        model_of=np.zeros(rows, np.intp),
        models=(scorer.model,),
    )


def explained(scorer: Scorer, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Contributions (n, features) and base values (n,)."""
    raw = scorer.model.contributions(features)
    return raw[:, :-1], raw[:, -1]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer(NAMES)


def test_contributions_and_base_sum_to_the_margin(scorer: Scorer) -> None:
    features = small_features(len(NAMES), seed=5)
    shap_values, base = explained(scorer, features)
    assert shap_values.shape == features.shape
    assert shap_values.sum(axis=1) + base == pytest.approx(scorer.margin(features), abs=1e-9)
    assert np.ptp(base) == 0


def test_one_row_is_explained_as_in_the_batch(scorer: Scorer) -> None:
    features = small_features(len(NAMES), rows=20, seed=5)
    batch, _ = explained(scorer, features)
    for position in range(len(features)):
        single, _ = explained(scorer, features[position : position + 1])
        assert single.tobytes() == batch[position].tobytes()


def test_the_feature_that_raises_the_risk_contributes_more_where_it_is_high(scorer: Scorer) -> None:
    features = np.zeros((2, len(NAMES)), dtype=np.float32)
    features[:, 0] = (-2, 2)
    shap_values, _ = explained(scorer, features)
    assert shap_values[0, 0] < 0 < shap_values[1, 0]


def test_the_strongest_feature_comes_first(scorer: Scorer) -> None:
    shap_values = np.array([[0.1, -0.4, 0.0, 0.4], [0.3, 0.4, 0.0, -0.4]])
    importance = feature_importance(scorer.model, NAMES, without_outcome(scorer, shap_values))
    # The second and the fourth are equally strong and are sorted by name.
    assert importance["feature"].to_list() == [*sorted((NAMES[1], NAMES[3])), NAMES[0], NAMES[2]]
    assert importance["mean_absolute_shap"].to_list() == pytest.approx([0.4, 0.4, 0.2, 0.0])


def test_importances_carry_meaning_and_share_of_gain(scorer: Scorer) -> None:
    shap_values, _ = explained(scorer, small_features(len(NAMES)))
    importance = feature_importance(scorer.model, NAMES, without_outcome(scorer, shap_values))
    assert importance.columns == ["feature", "meaning", "mean_absolute_shap", "native_share", "auc_loss_when_permuted"]
    assert importance["native_share"].sum() == pytest.approx(1)
    assert importance["auc_loss_when_permuted"].null_count() == len(NAMES)
    meanings = {feature.name: feature.meaning for feature in FEATURES}
    assert importance["meaning"].to_list() == [meanings[name] for name in importance["feature"]]
    # Risk was made from the first two features only.
    assert set(importance["feature"][:2]) == set(NAMES[:2])
    assert importance["native_share"][:2].sum() > 0.8
