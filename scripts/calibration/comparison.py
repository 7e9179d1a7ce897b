"""Measures synthetic tables against the published profile: ``python -m scripts.calibration.comparison FOLDER``."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.core.errors import SourceError
from credit_scoring.core.progress import progress
from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_contracts.column_types import NO_DATE
from credit_scoring.evaluation.auc import auc
from credit_scoring.synthetic_data.chunks import PUBLISHED_CLIENTS
from credit_scoring.synthetic_data.profile import calibration
from credit_scoring.synthetic_data.writer import is_synthetic_folder, outcomes_of

QUARTILES = (0.25, 0.5, 0.75)
STRONGEST_COLUMNS = 10
_INDEX_OF_QUARTILES = slice(4, 7)
_EMPLOYED_ONLY = "DAYS_EMPLOYED (365243 as null)"


@dataclass(frozen=True)
class Gap:
    """One difference between the synthetic tables and the profile.

    Attributes:
        column: "" for a measure of the whole table.
        published, found: the two values.
        tolerance: largest accepted difference, as a multiple of ``unit``.
    """

    table: str
    column: str
    measure: str
    published: float
    found: float
    tolerance: float
    unit: float = 1.0

    @property
    def size(self) -> float:
        """The difference as a multiple of the unit."""
        return abs(self.found - self.published) / self.unit

    @property
    def relative(self) -> float:
        """The difference as a multiple of the tolerance."""
        return self.size / self.tolerance

    @property
    def is_within(self) -> bool:
        """Whether the difference is tolerated."""
        return self.size <= self.tolerance


@dataclass(frozen=True)
class Comparison:
    """What was measured.

    Attributes:
        gaps: all differences, the largest (as a multiple of its tolerance) first.
        rows: rows of each table.
        ceiling_auc: AUC on the train clients of a model that knows every true probability.
    """

    gaps: list[Gap]
    rows: dict[str, int]
    ceiling_auc: float


def compare(folder: Path) -> Comparison:
    """Measure a folder of synthetic tables; one table is in memory at a time.

    Raises:
        SourceError: the folder holds no synthetic tables.
    """
    if not is_synthetic_folder(folder):
        advice = "Write some with `credit-scoring synthesize --output FOLDER`."
        raise SourceError(f"{folder} holds no synthetic tables.", advice)
    found = Comparison([], {}, outcomes_of(folder)[0])
    clients: dict[str, pl.Series] = {}
    bureau = pl.DataFrame()
    for table in progress(ALL_TABLES, "Comparing tables"):
        rows = read_table(folder, table)
        found.rows[table.name] = rows.height
        found.gaps.extend(column_gaps(table, rows))
        if table.name == "application_train":
            found.gaps.extend(target_gaps(rows))
        if table.is_main:
            clients[table.name.removeprefix("application_")] = rows["SK_ID_CURR"]
            continue
        if table.name == "bureau":
            bureau = rows.select("SK_ID_BUREAU", "SK_ID_CURR")
        if "SK_ID_CURR" not in rows.columns:
            rows = rows.select("SK_ID_BUREAU").join(bureau, on="SK_ID_BUREAU")
        for part, of_part in clients.items():
            found.gaps.extend(rows_per_client_gaps(table.name, part, of_part, rows["SK_ID_CURR"]))
        count = sum(len(part) for part in clients.values())
        found.gaps.append(row_count_gap(table, found.rows[table.name], count))
    found.gaps.sort(key=lambda gap: -gap.relative)
    return found


def read_table(folder: Path, table: Table) -> pl.DataFrame:
    """One CSV file of synthetic tables, categories as text and numbers as floats."""
    schema = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
    return pl.read_csv(folder / table.file_name, schema=schema)


def column_gaps(table: Table, rows: pl.DataFrame) -> Iterator[Gap]:
    """Null shares (tolerance 1 point), quartiles (0.1 published standard deviations) and category shares (1 point).

    Identifiers are left out: they depend on the number of rows, not on the clients.
    """
    for name, facts in calibration()["columns"][table.name]["columns"].items():
        if name.startswith("SK_ID"):
            continue
        null = rows[name].null_count() / rows.height
        yield Gap(table.name, name, "null share", facts.get("null", 0.0), null, 0.01)
        yield from (_quartile_gaps if "q" in facts else _share_gaps)(table.name, rows[name], facts)


def _quartile_gaps(table: str, values: pl.Series, facts: dict[str, Any]) -> Iterator[Gap]:
    for share, published in zip(QUARTILES, facts["q"][_INDEX_OF_QUARTILES], strict=True):
        found = values.quantile(share, interpolation="linear") or 0.0
        yield Gap(table, values.name, f"quartile {share:.0%}", published, found, 0.1, facts["std"] or 1.0)


def _share_gaps(table: str, values: pl.Series, facts: dict[str, Any]) -> Iterator[Gap]:
    known = values.drop_nulls()
    found = {label: rows / len(known) for label, rows in known.value_counts(name="rows").iter_rows()}
    published = dict(zip(facts["v"], facts["w"], strict=True))
    for label in published | found:
        shares = published.get(label, 0.0), found.get(label, 0.0)
        yield Gap(table, values.name, f"share of {label}", *shares, 0.01)


def row_count_gap(table: Table, rows: int, clients: int) -> Gap:
    """Rows against the published rows for that many clients; the tolerance is 2 %."""
    expected = calibration()["columns"][table.name]["rows"] * clients / PUBLISHED_CLIENTS
    return Gap(table.name, "", "rows", expected, rows, 0.02, unit=expected)


def rows_per_client_gaps(table: str, part: str, clients: pl.Series, row_clients: pl.Series) -> Iterator[Gap]:
    """Share of the clients of a part without rows (tolerance 2 points), and quartiles of the rows of the others.

    Quartiles may differ by 0.25 standard deviations or one row: they are published of samples of clients only.

    Args:
        clients: SK_ID_CURR of the clients of the part.
        row_clients: SK_ID_CURR of each row of the table.
    """
    published = calibration()["published_rows_per_client"].get(f"{table}|{part}")
    if published is None:
        return
    counts = row_clients.filter(row_clients.is_in(clients.implode())).value_counts(name="rows")["rows"]
    none = 1.0 - len(counts) / len(clients)
    yield Gap(table, "", f"{part} clients without rows", published["none"], none, 0.02)
    deviation = published["std"]
    for share, wanted in zip(QUARTILES, published["quartiles"], strict=True):
        found = float(counts.quantile(share, interpolation="linear") or 0.0)
        measure = f"rows per {part} client, quartile {share:.0%}"
        yield Gap(table, "", measure, wanted, found, max(0.25, 1.01 / deviation), deviation)


def target_gaps(train: pl.DataFrame) -> Iterator[Gap]:
    """AUC against TARGET of the columns with the strongest published ones (tolerance 0.03); default rate (0.005)."""
    published = {name: auc for name, auc in calibration()["target"]["auc"].items() if name != "DAYS_EMPLOYED"}
    strongest = sorted(published, key=lambda name: -abs(published[name] - 0.5))[:STRONGEST_COLUMNS]
    target = train["TARGET"].to_numpy()
    for name in strongest:
        values = train["DAYS_EMPLOYED" if name == _EMPLOYED_ONLY else name].cast(pl.Float64).to_numpy()
        known = ~np.isnan(values) & ((values < NO_DATE) | (name != _EMPLOYED_ONLY))
        yield Gap("application_train", name, "AUC", published[name], auc(values[known], target[known]), 0.03)
    rate = float(target.astype(np.float64).mean())
    yield Gap("application_train", "TARGET", "default rate", calibration()["target"]["rate"], rate, 0.005)


def main(folder: Path) -> None:
    """Print the gaps that are too large, and how many are not."""
    found = compare(folder)
    outside = [gap for gap in found.gaps if not gap.is_within]
    for gap in outside:
        print(
            f"{gap.table}, {gap.column or 'the whole table'}: {gap.measure} {gap.found:,.6g} instead of "
            f"{gap.published:,.6g}, {gap.relative:.2f} times the tolerance"
        )
    print(
        f"{len(found.gaps) - len(outside)} of {len(found.gaps)} measures are within tolerance, which is meant for "
        f"20,000 clients or more; AUC of a perfect model {found.ceiling_auc:.3f} (synthetic)."
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
