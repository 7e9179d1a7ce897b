"""Bulk insertion of rows: COPY on PostgreSQL, one statement with many parameter sets elsewhere."""

from typing import NamedTuple

import numpy as np
import sqlalchemy as sa


class PackedRow(NamedTuple):
    """One online row; the fields are the table's columns."""

    fingerprint: str
    client_id: int
    history: bytes


def insert_rows(
    connection: sa.Connection, table: sa.Table, fingerprint: str, client_ids: np.ndarray, history: np.ndarray
) -> None:
    """Insert client ids (n,) and float32 history features (n, features) within the connection's transaction."""
    vectors = np.ascontiguousarray(history, dtype=np.float32)
    rows = [
        PackedRow(fingerprint, client_id, vector.tobytes())
        for client_id, vector in zip(client_ids.tolist(), vectors, strict=True)
    ]
    if connection.dialect.name != "postgresql":
        if rows:
            connection.execute(sa.insert(table), [row._asdict() for row in rows])
        return
    columns = ", ".join(PackedRow._fields)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["varchar", "int4", "bytea"])
            for row in rows:
                copy.write_row(row)
