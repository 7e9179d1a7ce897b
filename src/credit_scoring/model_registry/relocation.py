"""Addresses of files in a data folder that was moved, copied, restored, or mounted elsewhere.

MLflow stores absolute addresses and offers no way to change them. The built-in registry lies in the data folder, so
its addresses are corrected there when it is opened; where it cannot be written, and in other registries, they are
corrected when files are read.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

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
    engine = sa.create_engine(f"sqlite:///{database}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        driver.create_function("relocated", 1, lambda uri: relocated(uri, artefacts), deterministic=True)
        for name, column in _ADDRESSES:
            if sa.inspect(connection).has_table(name):
                table = sa.table(name, sa.column(column))
                address, corrected = table.c[column], sa.func.relocated(table.c[column])
                moved = address.like(f"file:%{_MARK}%") & (address != corrected)
                # A query first: an update takes the writers' lock even if it changes nothing.
                if connection.execute(sa.select(address).where(moved).limit(1)).first():
                    connection.execute(sa.update(table).where(moved).values({column: corrected}))
