"""A folder of synthetic tables: what is in it, and that it appears whole or not at all."""

import json
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.chunks import CLIENTS_PER_CHUNK, chunks_of
from credit_scoring.synthetic_data.tables import chunk_tables
from credit_scoring.synthetic_data.writer import is_synthetic_folder, write_synthetic_tables

pytestmark = pytest.mark.slow


def test_files_have_the_names_and_headers_of_the_source(tmp_path: Path) -> None:
    write_synthetic_tables(tmp_path / "raw", clients=300, seed=1)
    for table in ALL_TABLES:
        with (tmp_path / "raw" / table.file_name).open() as stream:
            assert stream.readline().rstrip("\n") == ",".join(table.column_names)
    described = pl.read_csv(tmp_path / "raw" / "HomeCredit_columns_description.csv")
    assert described.columns == ["", "Table", "Row", "Description", "Special"]
    assert json.loads((tmp_path / "raw" / "source.json").read_text())["source"] == "synthetic"


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("first", 7), ("again", 7), ("other", 8)):
        write_synthetic_tables(tmp_path / name, clients=300, seed=seed)
    for table in ALL_TABLES:
        first, again, other = ((tmp_path / name / table.file_name).read_bytes() for name in ("first", "again", "other"))
        assert first == again
        assert first != other


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("do not touch")
    with pytest.raises(StorageError, match="was not written by"):
        write_synthetic_tables(tmp_path, clients=300, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_older_synthetic_tables_are_replaced(tmp_path: Path) -> None:
    write_synthetic_tables(tmp_path / "raw", clients=300, seed=1)
    written = write_synthetic_tables(tmp_path / "raw", clients=200, seed=1)
    assert sum(file.rows or 0 for file in written.files if file.name.startswith("application_")) == 200
    assert is_synthetic_folder(tmp_path / "raw")
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


def test_too_few_clients_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="too few"):
        write_synthetic_tables(tmp_path / "raw", clients=10, seed=1)


def test_the_truth_lies_beside_the_data_and_not_in_it(tmp_path: Path) -> None:
    written = write_synthetic_tables(tmp_path / "raw", clients=300, seed=1)
    truth = pl.read_parquet(tmp_path / "raw" / "true_probability.parquet")
    assert truth.height == 300
    assert truth["probability"].is_between(0.0, 1.0).all()
    train = pl.read_csv(tmp_path / "raw" / "application_train.csv", columns=["SK_ID_CURR", "TARGET"])
    joined = train.join(truth, on="SK_ID_CURR")
    assert (joined["TARGET"] == joined["defaults"]).all()
    assert joined.height == written.files[0].rows


@pytest.mark.parametrize("clients_of_last_chunk", [1, 2])
def test_a_run_can_end_in_a_chunk_of_a_client_or_two(clients_of_last_chunk: int) -> None:
    of_many = chunk_tables(chunks_of(300, seed=1)[0]).tables
    for seed in range(5):
        drawn = chunk_tables(chunks_of(CLIENTS_PER_CHUNK + clients_of_last_chunk, seed)[-1])
        assert drawn.truth.height == clients_of_last_chunk
        for name, rows in drawn.tables.items():
            assert rows.schema == of_many[name].schema, name
