"""Features keep their declared range on rows of the real tables.

The sample is not part of the repository; without it (`CREDIT_SAMPLE=PATH`) these tests are skipped.
"""

import zipfile
from collections import defaultdict

import numpy as np
import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.application import APPLICATION_FEATURES
from credit_scoring.feature_engineering.application.encoding import encode_requests
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics, fit_statistics
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.compute import application_evaluator, compute_features, history_matrix
from credit_scoring.feature_engineering.promises import check_promises
from tests.support.real_sample import SAMPLE, needs_real_sample

pytestmark = needs_real_sample


def _read(archive: zipfile.ZipFile, table: Table) -> pl.DataFrame:
    as_read = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
    return pl.read_csv(archive.read(table.file_name), schema_overrides=as_read, infer_schema=False)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """The eight tables, typed as ingestion types them; months at the bureau get their client by a join."""
    with zipfile.ZipFile(SAMPLE) as archive:
        printed = {table.name: _read(archive, table) for table in ALL_TABLES}
    clients = printed["bureau"].select("SK_ID_BUREAU", CLIENT)
    printed["bureau_balance"] = printed["bureau_balance"].join(clients, on="SK_ID_BUREAU", how="left")
    return {
        table.name: printed[table.name].select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())
        for table in ALL_TABLES
    }


@pytest.fixture(scope="module")
def statistics(tables: dict[str, pl.DataFrame]) -> TrainingStatistics:
    return fit_statistics(tables["application_train"])


@pytest.fixture(scope="module")
def features(tables: dict[str, pl.DataFrame], statistics: TrainingStatistics) -> pl.DataFrame:
    return compute_features(tables, statistics)


def test_values_keep_what_their_declarations_promise(features: pl.DataFrame) -> None:
    check_promises(features)


def test_no_feature_is_constant_unless_it_says_why(features: pl.DataFrame) -> None:
    constant = [
        feature.name for feature in FEATURES if features[feature.name].n_unique() < 2 and not feature.constant_because
    ]
    assert constant == []


def test_no_two_features_are_equal(features: pl.DataFrame) -> None:
    alike = defaultdict(list)
    for feature in FEATURES:
        if not feature.constant_because:
            alike[features[feature.name].fill_null(np.nan).to_numpy().tobytes()].append(feature.name)
    assert [names for names in alike.values() if len(names) > 1] == []


@pytest.mark.slow
def test_every_application_alone_gives_the_bits_of_the_batch(
    tables: dict[str, pl.DataFrame], statistics: TrainingStatistics, features: pl.DataFrame
) -> None:
    applications = pl.concat([tables["application_train"], tables["application_test"]], how="diagonal").sort(CLIENT)
    history, evaluator = history_matrix(features), application_evaluator(statistics)
    batch = features.select(feature.name for feature in APPLICATION_FEATURES).to_numpy()
    for position, row in enumerate(applications.iter_rows(named=True)):
        single = evaluator.compute(encode_requests([row]), history[position : position + 1])
        np.testing.assert_array_equal(single[0], batch[position], err_msg=str(row[CLIENT]))
