"""One folder of look-alike tables for all tests that measure it."""

from pathlib import Path

import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.comparison import Comparison, compare, read_table
from credit_scoring.synthetic_data.generator import LookAlike, write_look_alike_tables


@pytest.fixture(scope="session")
def look_alike(tmp_path_factory: pytest.TempPathFactory) -> LookAlike:
    """20,000 clients: three chunks, two workers, some ten seconds."""
    return write_look_alike_tables(tmp_path_factory.mktemp("look_alike") / "raw", clients=20_000, seed=1)


@pytest.fixture(scope="session")
def raw_folder(look_alike: LookAlike) -> Path:
    return look_alike.folder


@pytest.fixture(scope="session")
def comparison(raw_folder: Path) -> Comparison:
    return compare(raw_folder)


@pytest.fixture(scope="session")
def tables(raw_folder: Path) -> dict[str, pl.DataFrame]:
    """The eight tables by name."""
    return {table.name: read_table(raw_folder, table) for table in ALL_TABLES}
