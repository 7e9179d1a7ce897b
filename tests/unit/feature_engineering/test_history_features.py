"""Properties of every history feature, whatever its table."""

import numpy as np
import polars as pl

from credit_scoring.feature_engineering.history import HISTORY_FEATURES, HISTORY_TABLES, compute_history_features
from tests.support.handmade_applications import empty_history
from tests.support.handmade_tables import make_table


def test_a_client_without_any_row_has_the_declared_values_without_history() -> None:
    tables = {table.name: make_table(table.name, ()) for table in HISTORY_TABLES}
    features = compute_history_features(tables, pl.Series([7], dtype=pl.Int32))
    computed = features.drop("SK_ID_CURR").to_numpy()[0]
    np.testing.assert_array_equal(computed, empty_history())


def test_every_wanted_client_has_one_row_in_order() -> None:
    tables = {table.name: make_table(table.name, ()) for table in HISTORY_TABLES}
    tables["bureau"] = make_table("bureau", [{"SK_ID_CURR": 3}, {"SK_ID_CURR": 3}, {"SK_ID_CURR": 99}])
    features = compute_history_features(tables, pl.Series([5, 3, 4], dtype=pl.Int32))
    assert features["SK_ID_CURR"].to_list() == [3, 4, 5]
    assert features["bureau_count"].to_list() == [2, 0, 0]


def test_features_come_as_float32_in_catalogue_order() -> None:
    tables = {table.name: make_table(table.name, ()) for table in HISTORY_TABLES}
    features = compute_history_features(tables, pl.Series([1], dtype=pl.Int32))
    assert features.columns == ["SK_ID_CURR", *(feature.name for feature in HISTORY_FEATURES)]
    assert set(features.drop("SK_ID_CURR").dtypes) == {pl.Float32}
