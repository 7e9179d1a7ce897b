"""Any application gives the same bits in batch and online."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.feature_engineering.application.encoding import encode_applications, encode_requests
from credit_scoring.feature_engineering.application.training_statistics import fit_statistics
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.compute import application_evaluator, compute_features
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_engineering.promises import check_promises
from tests.support.handmade_tables import make_table, random_history, random_table

CLIENTS = range(1, 501)


@pytest.fixture(scope="module")
def applications() -> pl.DataFrame:
    """Applications of any values that the contract allows."""
    return random_table(APPLICATION_TRAIN.name, CLIENTS, 2 * len(CLIENTS), seed=7)


@pytest.fixture(scope="module")
def history(applications: pl.DataFrame) -> NDArray[np.float32]:
    """History features of any size and sign; some are missing, some are zero."""
    random = np.random.default_rng(11)
    values = random.normal(scale=1e3, size=(applications.height, len(HISTORY_FEATURES))).astype(np.float32)
    values[random.random(values.shape) < 0.3] = np.nan
    values[random.random(values.shape) < 0.1] = 0
    return values


def test_one_application_gives_the_bits_of_the_batch(applications: pl.DataFrame, history: NDArray[np.float32]) -> None:
    evaluator = application_evaluator(fit_statistics(applications))
    batch = evaluator.compute(encode_applications(applications), history)
    for position, row in enumerate(applications.iter_rows(named=True)):
        single = evaluator.compute(encode_requests([row]), history[position : position + 1])
        assert single.tobytes() == batch[position].tobytes()


def test_features_keep_what_their_declarations_promise_on_any_application(applications: pl.DataFrame) -> None:
    clients = applications["SK_ID_CURR"].to_list()
    tables = {APPLICATION_TRAIN.name: applications} | random_history(clients, rows_per_client=4)
    tables[APPLICATION_TEST.name] = make_table(APPLICATION_TEST.name, [])
    check_promises(compute_features(tables, fit_statistics(applications)))


def test_train_and_test_applications_share_one_table_of_features(applications: pl.DataFrame) -> None:
    tables = {table.name: make_table(table.name, ()) for table in ALL_TABLES}
    tables["application_train"] = applications
    tables["application_test"] = make_table("application_test", [{"SK_ID_CURR": 1000}])
    features = compute_features(tables, fit_statistics(applications))
    assert features.columns[:2] == ["SK_ID_CURR", "TARGET"]
    assert features.filter(pl.col("TARGET").is_null())["SK_ID_CURR"].to_list() == [1000]


def test_a_bucket_without_any_application_gives_no_row() -> None:
    tables = {table.name: make_table(table.name, ()) for table in ALL_TABLES}
    features = compute_features(tables, fit_statistics(tables["application_train"]))
    assert features.shape == (0, 2 + len(FEATURES))
