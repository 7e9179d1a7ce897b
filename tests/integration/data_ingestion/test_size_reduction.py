"""The stored tables take at most 30 % of the space of the CSV files, without one row less."""

from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES, table_named
from credit_scoring.data_ingestion import step
from credit_scoring.synthetic_data.writer import write_synthetic_tables

MAX_SHARE_OF_CSV_SIZE = 0.3
CLIENTS = 3_000


def test_the_size_on_disk_is_reduced_by_70_percent(tmp_path: Path) -> None:
    settings, source = Settings(data_directory=tmp_path / "data"), tmp_path / "source"
    write_synthetic_tables(source, CLIENTS, seed=1)
    manifest = step.run(settings, source)
    folder = Storage.of(settings).current("ingest")
    csv_bytes = sum((source / table.file_name).stat().st_size for table in ALL_TABLES)
    stored_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert stored_bytes <= MAX_SHARE_OF_CSV_SIZE * csv_bytes
    assert manifest.measures["share_of_csv_size"] == pytest.approx(stored_bytes / csv_bytes, abs=0.001)
    for output in manifest.outputs:
        rows = pl.scan_csv(source / table_named(output.name).file_name).select(pl.len()).collect().item()
        assert output.rows == rows, output.name
