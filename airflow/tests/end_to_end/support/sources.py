"""Raw tables of synthetic clients: good ones, and some that must not lead to a model in service."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.e2e.installation import Installation

CLIENTS = 370
"""Enough women and men for the fairness gate to compare them, and few enough for a training of seconds."""
SEEDS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
"""Seeds with which a logistic regression passes every gate."""
_APPLICATIONS = "application_train.csv"


@dataclass(frozen=True)
class Sources:
    """Folders with the eight CSV files; each is made when it is first asked for.

    Args:
        folder: where they are made.
    """

    folder: Path

    @property
    def current(self) -> Path:
        """The folder that Airflow reads; `deliver` replaces what is in it."""
        return self.folder / "current"

    def deliver(self, tables: Path) -> None:
        """Put other tables into the current folder."""
        self.current.unlink(missing_ok=True)
        self.current.symlink_to(tables)

    def synthetic(self, name: str) -> Path:
        """Tables with which every gate passes."""
        return self._drawn(name, SEEDS[name])

    def with_random_outcomes(self) -> Path:
        """Tables from which nothing can be learned: the outcomes belong to other clients."""
        return self._changed("random_outcomes", pl.col("TARGET").shuffle(seed=1))

    def broken(self) -> Path:
        """Tables that no contract allows: one client appears in two rows."""
        first = pl.col("SK_ID_CURR").first()
        is_second = pl.int_range(pl.len()) == 1
        return self._changed(
            "broken", pl.when(is_second).then(first).otherwise(pl.col("SK_ID_CURR")).alias("SK_ID_CURR")
        )

    def drifted(self, number: int) -> Path:
        """A file of applications unlike those of any training: large credits of people without history."""
        applications = self._read(self.synthetic("first"))
        changed = applications.drop("TARGET").with_columns(
            pl.col("SK_ID_CURR") + 900_000_000, pl.col("AMT_CREDIT") * (10 + number), pl.col("AMT_INCOME_TOTAL") * 5
        )
        file = self.folder / f"drifted_{number}.csv"
        changed.write_csv(file)
        return file

    def _drawn(self, name: str, seed: int) -> Path:
        folder = self.folder / name
        if not folder.exists():
            program = Installation(self.folder / "unused")
            made = program.run("synthesize", "--output", str(folder), "--clients", str(CLIENTS), "--seed", str(seed))
            assert made.exit_code == 0, made.errors
        return folder

    def _changed(self, name: str, change: pl.Expr) -> Path:
        folder = self.folder / name
        if not folder.exists():
            shutil.copytree(self._drawn(f"{name}_before", 9), folder)
            os.remove(folder / _APPLICATIONS)
            self._read(self.folder / f"{name}_before").with_columns(change).write_csv(folder / _APPLICATIONS)
        return folder

    @staticmethod
    def _read(folder: Path) -> pl.DataFrame:
        return pl.read_csv(folder / _APPLICATIONS, infer_schema_length=None)
