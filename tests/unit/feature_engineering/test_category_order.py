"""The order in which a contract lists categories is no information: features name the categories that they mean."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX
from tests.support.handmade_tables import make_table, random_history, random_table

COMPUTE = """
import sys
from pathlib import Path

import polars as pl

from credit_scoring.data_contracts import ALL_TABLES

if sys.argv[2] == "sorted":
    for table in ALL_TABLES:
        for column in table.columns:
            object.__setattr__(column, "categories", tuple(sorted(column.categories, reverse=True)))

from credit_scoring.feature_engineering.application.training_statistics import fit_statistics
from credit_scoring.feature_engineering.compute import compute_features

folder = Path(sys.argv[1])
tables = {table.name: pl.read_parquet(folder / f"{table.name}.parquet") for table in ALL_TABLES}
features = compute_features(tables, fit_statistics(tables["application_train"]))
features.write_parquet(folder / f"{sys.argv[2]}.parquet")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables with every category, and their features with the categories in either order."""
    path = tmp_path_factory.mktemp("tables")
    clients = range(1, 301)
    tables = {APPLICATION_TRAIN.name: random_table(APPLICATION_TRAIN.name, clients, 600, seed=3)}
    tables |= random_history(list(clients), rows_per_client=4)
    tables[APPLICATION_TEST.name] = make_table(APPLICATION_TEST.name, [])
    for table in ALL_TABLES:
        tables[table.name].write_parquet(path / f"{table.name}.parquet")
    for order in ("declared", "sorted"):
        subprocess.run([sys.executable, "-c", COMPUTE, str(path), order], check=True)
    return path


@pytest.mark.slow
def test_reordering_categories_changes_only_the_features_that_are_their_index(folder: Path) -> None:
    declared, reordered = (pl.read_parquet(folder / f"{order}.parquet") for order in ("declared", "sorted"))
    changed = {name for name in declared.columns if not declared[name].equals(reordered[name])}
    indices = {feature.name for feature in FEATURES if feature.unit == CATEGORY_INDEX}
    assert changed - indices == set()
    assert {"app_name_education_type", "previous_status_latest"} <= changed
