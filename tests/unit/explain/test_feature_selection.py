"""What the selection of features says about redundant and unused features, and about raw columns without a feature."""

import numpy as np
import polars as pl

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.explain.feature_findings import LEFT_OUT
from credit_scoring.explain.feature_selection import feature_selection, repetitions
from credit_scoring.explain.portfolio import HeldOutRows
from credit_scoring.feature_engineering.catalogue import FEATURES

RANDOM = np.random.default_rng(0)
VALUES = RANDOM.normal(size=(500, 4)).astype(np.float32)
VALUES[:, 1] = -2 * VALUES[:, 0] + RANDOM.normal(scale=0.01, size=500)


def test_a_feature_is_replaced_by_a_stronger_one_whatever_the_sign_of_their_correlation() -> None:
    found = repetitions(VALUES, np.array([0.1, 0.4, 0.3, 0.2]))
    assert found[0].partner == 1
    assert found[0].correlation < -0.95
    assert found[1].partner is None  # nothing is stronger
    assert max(abs(found[index].correlation) for index in (2, 3)) < 0.5


def test_a_feature_that_is_missing_where_the_other_is_known_cannot_replace_it() -> None:
    values = VALUES.copy()
    values[:100, 1] = np.nan
    assert abs(repetitions(values, np.array([0.1, 0.4, 0.3, 0.2]))[0].correlation) < 0.5
    # The other way round, the feature that is always known replaces it.
    assert repetitions(values, np.array([0.4, 0.1, 0.3, 0.2]))[1].correlation < -0.95


def test_a_redundant_feature_replaces_no_other() -> None:
    chain = VALUES.copy()
    chain[:, 2] = chain[:, 1]
    partners = [each.partner for each in repetitions(chain, np.array([0.4, 0.3, 0.2, 0.1]))]
    assert partners[1:3] == [0, 0]


def test_constant_features_correlate_with_nothing() -> None:
    values = VALUES.copy()
    values[:, 3] = 1.0
    assert repetitions(values, np.array([0.4, 0.3, 0.2, 0.1]))[3].correlation == 0.0


def test_the_selection_names_a_finding_for_each_feature_and_each_raw_column() -> None:
    names = ("app_amt_credit", "app_amt_annuity", "app_days_birth", "app_own_car_age")
    shap = np.array([0.3, 0.2, 0.1, 0.0])
    importance = pl.DataFrame({"feature": names, "mean_absolute_shap": shap, "native_share": shap}).sort("feature")
    rows = HeldOutRows(
        np.arange(500), np.zeros(500), VALUES, np.zeros((500, 4)), np.zeros(500), np.zeros(500, np.intp), ()
    )
    found = feature_selection(importance, names, rows)
    assert found["input"].to_list() == [*names, *LEFT_OUT]
    assert found["finding"].to_list()[:4] == [
        "carries information of its own",
        "redundant",
        "carries information of its own",
        "no contribution",
    ]
    assert found["correlated_with"][1] == "app_amt_credit"
    assert found["decision"].to_list() == ["kept"] * 4 + ["left out"] * len(LEFT_OUT)


def test_every_raw_column_without_a_feature_has_a_reason() -> None:
    used = {column for feature in FEATURES for column in feature.inputs}
    raw = {column.name for table in ALL_TABLES for column in table.columns}
    assert raw - used == set(LEFT_OUT)
