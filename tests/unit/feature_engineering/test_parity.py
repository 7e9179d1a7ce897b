"""The same application gives the same bits in batch and online."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.feature_engineering.application import (
    compute_application_features,
    encode_application,
    encode_applications,
    fit_population,
)
from credit_scoring.feature_engineering.compute import compute_features
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.tables import ALL_TABLES
from credit_scoring.tables.application import APPLICATION_TRAIN
from credit_scoring.tables.contract import Column
from tests.handmade_tables import make_table

CLIENTS = 500


def _random_values(column: Column, random: np.random.Generator) -> list[object]:
    if column.is_category:
        known: list[object] = list(random.choice([*column.categories, *column.missing_codes], CLIENTS))
    else:
        low, high = column.minimum or 0, column.maximum or 1
        drawn = random.uniform(low, min(high, 1e6), CLIENTS)
        known = list(drawn if column.type == "Float64" else drawn.round().astype(int).tolist())
    if column.required:
        return known
    return [
        None if hidden else value for hidden, value in zip(random.random(CLIENTS) < 0.2, known, strict=True)
    ]


@pytest.fixture
def applications() -> pl.DataFrame:
    random = np.random.default_rng(7)
    columns = {column.name: _random_values(column, random) for column in APPLICATION_TRAIN.columns[1:]}
    rows = [{"SK_ID_CURR": i + 1} | {k: v[i] for k, v in columns.items()} for i in range(CLIENTS)]
    return make_table("application_train", rows)


def test_one_application_gives_the_bits_of_the_batch(applications: pl.DataFrame) -> None:
    random = np.random.default_rng(11)
    history = random.normal(size=(CLIENTS, len(HISTORY_FEATURES))).astype(np.float32)
    history[random.random(history.shape) < 0.3] = np.nan
    history[random.random(history.shape) < 0.1] = 0
    population = fit_population(applications)
    batch = compute_application_features(encode_applications(applications), history, population)
    for position, row in enumerate(applications.to_dicts()):
        single = compute_application_features(
            encode_application(row), history[position : position + 1], population
        )
        assert single.tobytes() == batch[position].tobytes()


def test_train_and_test_applications_share_one_table_of_features(applications: pl.DataFrame) -> None:
    tables = {table.name: make_table(table.name, ()) for table in ALL_TABLES}
    tables["application_train"] = applications
    tables["application_test"] = make_table("application_test", [{"SK_ID_CURR": CLIENTS + 1}])
    features = compute_features(tables, fit_population(applications))
    assert features.columns[:2] == ["SK_ID_CURR", "TARGET"]
    assert features.filter(pl.col("TARGET").is_null())["SK_ID_CURR"].to_list() == [CLIENTS + 1]
