"""Addresses of files in a data folder that was moved, copied, restored, or mounted elsewhere.

MLflow stores absolute addresses and offers no way to change them. The built-in registry lies in the data folder, so
its addresses are corrected there when it is opened; where it cannot be written, and in other registries, they are
corrected when files are read.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from credit_scoring.core.storage import TRACKING_ARTEFACTS

_ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
_MARK = f"/{TRACKING_ARTEFACTS}"


def relocated(uri: str, artefacts: Path) -> str:
    """The address of a file below the present folder of artefacts; other addresses are returned unchanged."""
    _, mark, rest = uri.partition(_MARK)
    return f"{artefacts.resolve().as_uri()}{rest}" if uri.startswith("file:") and mark else uri


def correct_addresses(database: Path, artefacts: Path) -> None:
    """Correct every address in the database of the built-in registry, in one transaction."""
    with closing(sqlite3.connect(database)) as connection, connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        connection.create_function("relocated", 1, lambda uri: relocated(uri, artefacts), deterministic=True)
        for table, column in _ADDRESSES:
            if table in tables:
                moved = f"{column} LIKE 'file:%{_MARK}%' AND {column} != relocated({column})"
                if connection.execute(f"SELECT 1 FROM {table} WHERE {moved} LIMIT 1").fetchone():
                    connection.execute(f"UPDATE {table} SET {column} = relocated({column}) WHERE {moved}")
