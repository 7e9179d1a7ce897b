"""One folder of synthetic tables for all tests that measure it."""

from pathlib import Path

import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.writer import SyntheticTables, write_synthetic_tables
from scripts.calibration.comparison import Comparison, compare, read_table


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> SyntheticTables:
    """20,000 clients: three chunks, two workers, some ten seconds."""
    return write_synthetic_tables(tmp_path_factory.mktemp("synthetic") / "raw", clients=20_000, seed=1)


@pytest.fixture(scope="session")
def raw_folder(synthetic: SyntheticTables) -> Path:
    return synthetic.folder


@pytest.fixture(scope="session")
def comparison(raw_folder: Path) -> Comparison:
    return compare(raw_folder)


@pytest.fixture(scope="session")
def tables(raw_folder: Path) -> dict[str, pl.DataFrame]:
    """The eight tables by name."""
    return {table.name: read_table(raw_folder, table) for table in ALL_TABLES}
