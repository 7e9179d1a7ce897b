"""Small ingested tables that keep every rule of their contracts, to be broken by a test."""

from pathlib import Path

import polars as pl

from credit_scoring.core.engine import bucket_of
from credit_scoring.core.manifest import Artefact, DataSource, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.tables import ALL_TABLES, Column, Table
from credit_scoring.tables.parquet import CLIENT, INGEST_STEP, bucket_path, polars_schema

Tables = dict[str, pl.DataFrame]

TRAIN_CLIENTS = range(100_001, 100_021)
TEST_CLIENTS = range(200_001, 200_011)
ROWS_PER_CLIENT = 2


def valid_tables() -> Tables:
    """All eight tables: thirty clients, each with two rows wherever a client has several."""
    keys = {name: _keys_of_children() for name in (table.name for table in ALL_TABLES)}
    keys["application_train"] = [{CLIENT: client} for client in TRAIN_CLIENTS]
    keys["application_test"] = [{CLIENT: client} for client in TEST_CLIENTS]
    return {table.name: _frame(table, keys[table.name]) for table in ALL_TABLES}


def write_ingested(settings: Settings, tables: Tables, source: DataSource = "real") -> Path:
    """Write the tables as an ingested version and make it the one in use; returns its folder."""
    storage = Storage.of(settings)
    with storage.writing(INGEST_STEP) as folder:
        for table in ALL_TABLES:
            for bucket in range(settings.bucket_count):
                path = bucket_path(folder, table, bucket)
                path.parent.mkdir(exist_ok=True)
                frame = tables[table.name]
                buckets = [bucket_of(client or 0, settings.bucket_count) for client in frame[CLIENT]]
                frame.filter(pl.Series(buckets, dtype=pl.Int64) == bucket).write_parquet(path)
        manifest = Manifest(
            step=INGEST_STEP,
            fingerprint=f"{sum(frame.hash_rows().sum() for frame in tables.values()) % (1 << 64):016x}",
            source=source,
            run_id="test",
            seconds=0.0,
            outputs=tuple(
                Artefact(name=name, path=name, rows=frame.height) for name, frame in tables.items()
            ),
            measures={"buckets": settings.bucket_count},
        )
        return storage.commit(manifest, folder)


def with_value(tables: Tables, table: str, column: str, value: object, row: int = 0) -> Tables:
    """The tables with one cell replaced."""
    frame = tables[table]
    values = frame[column].to_list()
    values[row] = value
    return tables | {table: frame.with_columns(pl.Series(column, values, dtype=frame.schema[column]))}


def with_row_repeated(tables: Tables, table: str, **changed: object) -> Tables:
    """The tables with a copy of a table's first row added, some of its values changed."""
    frame = tables[table]
    copy = frame.head(1).with_columns(
        pl.lit(value, dtype=frame.schema[name]).alias(name) for name, value in changed.items()
    )
    return tables | {table: pl.concat([frame, copy])}


def _keys_of_children() -> list[dict[str, int]]:
    return [
        {
            CLIENT: client,
            "SK_ID_PREV": client * 10 + row,
            "SK_ID_BUREAU": client * 10 + row,
            "MONTHS_BALANCE": -1 - row,
            "NUM_INSTALMENT_NUMBER": 1 + row,
        }
        for client in (*TRAIN_CLIENTS, *TEST_CLIENTS)
        for row in range(ROWS_PER_CLIENT)
    ]


def _frame(table: Table, keys: list[dict[str, int]]) -> pl.DataFrame:
    columns = {column.name: [_possible_value(column)] * len(keys) for column in table.columns}
    known = {name: [row[name] for row in keys] for name in polars_schema(table) if name in keys[0]}
    return pl.DataFrame(columns | known, schema=polars_schema(table), strict=False)


def _possible_value(column: Column) -> object:
    if column.is_category:
        return column.categories[0]
    lowest = -1 if column.minimum is None else max(column.minimum, -1)
    return lowest if column.maximum is None else min(lowest, column.maximum)
