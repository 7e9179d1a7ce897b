"""The sample of real rows, which lies outside the repository and never in it: `CREDIT_SAMPLE=PATH make test`."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.contract import CLIENT

_BESIDE = Path(__file__).parents[2].parent / "shared/data/sample/home-credit-sample.zip"
# Read here: the tests' own environment has no variable of the project.
_GIVEN = os.environ.get("CREDIT_SAMPLE", "")
SAMPLE = Path(_GIVEN).absolute() if _GIVEN else _BESIDE
DATA = SAMPLE.parent.parent

needs_real_sample = pytest.mark.skipif(
    not SAMPLE.exists() and not (_GIVEN or os.environ.get("CI")),
    reason="needs real rows: CREDIT_SAMPLE=PATH, a zip with the CSV files of some thousand clients (docs/DATA.md)",
)
"""Skips a test without the sample; where it was named, or CI is set, the test fails instead of passing unnoticed."""

Read = Callable[[str], bytes]
"""Bytes of a CSV file by its name."""


def read_sample(file_name: str) -> bytes:
    """A file of the sample."""
    with zipfile.ZipFile(SAMPLE) as archive:
        return archive.read(file_name)


def typed_tables(read: Read) -> dict[str, pl.DataFrame]:
    """The eight tables, typed as ingestion types them; months at the bureau get their client by a join."""
    printed = {}
    for table in ALL_TABLES:
        as_read = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
        printed[table.name] = pl.read_csv(read(table.file_name), schema_overrides=as_read, infer_schema=False)
    clients = printed["bureau"].select("SK_ID_BUREAU", CLIENT)
    printed["bureau_balance"] = printed["bureau_balance"].join(clients, on="SK_ID_BUREAU", how="left")
    return {
        table.name: printed[table.name].select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())
        for table in ALL_TABLES
    }


def raw_tables(read: Read) -> dict[str, pd.DataFrame]:
    """The tables as pandas reads them, both application tables as one called "application"."""
    tables = {table.name: pd.read_csv(io.BytesIO(read(table.file_name))) for table in ALL_TABLES}
    both = [tables.pop("application_train"), tables.pop("application_test")]
    return tables | {"application": pd.concat(both, ignore_index=True)}
