"""Bulk insertion of rows: COPY on PostgreSQL, one statement with many parameter sets elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa


class PackedRow(NamedTuple):
    """One online row; the fields are the table's columns."""

    fingerprint: str
    client_id: int
    history: bytes


def packed(fingerprint: str, client_ids: np.ndarray, history: np.ndarray) -> list[PackedRow]:
    """Rows from client ids (n,) and history features (n, features), packed as float32 bytes."""
    contiguous = np.ascontiguousarray(history, dtype=np.float32)
    return [
        PackedRow(fingerprint, client_id, row.tobytes())
        for client_id, row in zip(client_ids.tolist(), contiguous, strict=True)
    ]


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[PackedRow]) -> None:
    """Insert rows within the connection's transaction."""
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    elif rows:
        connection.execute(sa.insert(table), [row._asdict() for row in rows])


def _copy(connection: sa.Connection, table: sa.Table, rows: Sequence[PackedRow]) -> None:
    columns = ", ".join(PackedRow._fields)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["varchar", "int4", "bytea"])
            for row in rows:
                copy.write_row(row)
