"""A small source of raw data that keeps every rule of the contracts, for tests to break.

Cells are texts, as a CSV file prints them.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from credit_scoring.data_contracts import ALL_TABLES, Column, Table, table_named

Cells = dict[str, str]
RawTables = Mapping[str, Sequence[Cells]]

TRAIN_CLIENTS = range(100_001, 100_009)
TEST_CLIENTS = range(200_001, 200_005)
LOANS_PER_CLIENT = 2
MONTHS_PER_LOAN = 3


def raw_tables() -> dict[str, list[Cells]]:
    """All eight tables: twelve clients, each with two earlier loans and two credits elsewhere of three months."""
    loans = [
        {"SK_ID_CURR": client, "SK_ID_PREV": client * 10 + loan, "SK_ID_BUREAU": client * 10 + loan}
        for client in (*TRAIN_CLIENTS, *TEST_CLIENTS)
        for loan in range(LOANS_PER_CLIENT)
    ]
    months = [
        loan | {"MONTHS_BALANCE": -1 - month, "NUM_INSTALMENT_NUMBER": 1 + month}
        for loan in loans
        for month in range(MONTHS_PER_LOAN)
    ]
    keys = {table.name: months for table in ALL_TABLES} | {
        "application_train": [{"SK_ID_CURR": client} for client in TRAIN_CLIENTS],
        "application_test": [{"SK_ID_CURR": client} for client in TEST_CLIENTS],
        "bureau": loans,
        "previous_application": loans,
    }
    return {table.name: _rows(table, keys[table.name]) for table in ALL_TABLES}


def with_cell(tables: RawTables, table: str, column: str, text: str, row: int = 0) -> dict[str, list[Cells]]:
    """The tables with one cell printed differently; a file's line number is ``row + 2``."""
    rows = [dict(cells) for cells in tables[table]]
    rows[row][column] = text
    return {name: rows if name == table else list(others) for name, others in tables.items()}


def write_source(folder: Path, tables: RawTables) -> Path:
    """Write the tables as CSV files under Kaggle's names; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        table = table_named(name)
        with (folder / table.file_name).open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, table.column_names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _rows(table: Table, keys: Sequence[Mapping[str, int]]) -> list[Cells]:
    return [
        {column.name: str(key.get(column.name, _cell(column, row))) for column in table.columns}
        for row, key in enumerate(keys)
    ]


def _cell(column: Column, row: int) -> str:
    """A possible value; neighbouring rows differ where they can, and one in four is empty where that is allowed."""
    if column.null_share > 0 and row % 4 == 3:
        return ""
    if column.is_category:
        return column.categories[row % len(column.categories)]
    lowest = -100 if column.minimum is None else max(column.minimum, -100)
    highest = -1 if column.past_only else column.maximum
    if column.type == "Float64":
        return repr(lowest + 0.25 * (row % 4))
    value = lowest + row % 3
    return str(int(value if highest is None else min(value, highest)))
