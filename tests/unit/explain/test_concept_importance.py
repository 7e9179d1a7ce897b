"""The importance of a concept counts its features together."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.explain.importance import concept_importance, native_importance
from credit_scoring.explain.portfolio import HeldOutRows

NAMES = ("app_ext_source_2", "app_ext_source_3", "app_code_gender")


def rows(contributions: np.ndarray) -> HeldOutRows:
    count = len(contributions)
    return HeldOutRows(
        client_ids=np.arange(count),
        default=np.full(count, np.nan),
        features=np.zeros(contributions.shape, np.float32),
        contributions=contributions,
        base=np.zeros(count),
        model_of=np.zeros(count, np.intp),
        models=(),
    )


def test_contributions_of_one_concept_are_summed_before_they_are_averaged() -> None:
    # The two scores nearly cancel out each time, so together they move little.
    found = concept_importance(NAMES, rows(np.array([[1.0, -0.9, 0.2], [-1.0, 0.9, -0.4]])))
    assert found["concept"].to_list() == ["gender", "external_scores"]
    assert found["mean_absolute_shap"].to_list() == pytest.approx([0.3, 0.1])
    assert found["share"].to_list() == pytest.approx([0.75, 0.25])
    assert found["protected"].to_list() == [True, False]
    assert found["features"].to_list() == [1, 2]
    assert found["auc_loss_when_permuted"].null_count() == 2


def test_the_own_measure_of_the_model_has_a_ranking_of_its_own() -> None:
    importance = pl.DataFrame(
        {
            "feature": [f"f{index}" for index in range(40)],
            "meaning": "made up",
            "mean_absolute_shap": np.arange(40.0)[::-1],
            "native_share": np.arange(40.0),
            "auc_loss_when_permuted": [None] * 40,
        }
    )
    ranked = native_importance(importance)
    assert ranked.columns[:3] == ["rank", "feature", "native_share"]
    assert ranked["rank"].to_list() == list(range(1, 31))
    assert ranked["feature"].to_list() == [f"f{index}" for index in range(39, 9, -1)]
