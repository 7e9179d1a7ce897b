"""A folder of synthetic tables measured against the published profile."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from credit_scoring.core.errors import SourceError
from credit_scoring.core.progress import progress
from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.synthetic_data import gaps as measures
from credit_scoring.synthetic_data.distributions import PROBABILITIES
from credit_scoring.synthetic_data.gaps import Gap
from credit_scoring.synthetic_data.profile import calibration
from credit_scoring.synthetic_data.writer import is_synthetic_folder, outcomes_of


@dataclass(frozen=True)
class Comparison:
    """What was measured.

    Attributes:
        gaps: all differences, the largest (as a multiple of its tolerance) first.
        quantiles: quantiles found of each numeric column (table, column), at ``distributions.PROBABILITIES``.
        rows: rows of each table.
        ceiling_auc: AUC on the train clients of a model that knows every true probability.
    """

    gaps: list[Gap]
    quantiles: dict[tuple[str, str], list[float]]
    rows: dict[str, int]
    ceiling_auc: float

    def of_table(self, table: str) -> list[Gap]:
        """The gaps of one table, the largest first."""
        return [gap for gap in self.gaps if gap.table == table]


def compare(folder: Path) -> Comparison:
    """Measure a folder of synthetic tables; one table is in memory at a time.

    Raises:
        SourceError: the folder holds no synthetic tables.
    """
    if not is_synthetic_folder(folder):
        advice = "Write some with `credit-scoring synthesize --output FOLDER`."
        raise SourceError(f"{folder} holds no synthetic tables.", advice)
    found = Comparison([], {}, {}, outcomes_of(folder)[0])
    clients: dict[str, pl.Series] = {}
    bureau = pl.DataFrame()
    for table in progress(ALL_TABLES, "Comparing tables"):
        rows = read_table(folder, table)
        found.rows[table.name] = rows.height
        found.quantiles.update(_quantiles(table.name, rows))
        found.gaps.extend(measures.column_gaps(table, rows))
        if table.name == "application_train":
            found.gaps.extend([*measures.signal_gaps(rows), measures.default_rate_gap(rows)])
        if table.is_main:
            clients[table.name.removeprefix("application_")] = rows["SK_ID_CURR"]
            continue
        if table.name == "bureau":
            bureau = rows.select("SK_ID_BUREAU", "SK_ID_CURR")
        if "SK_ID_CURR" not in rows.columns:
            rows = rows.select("SK_ID_BUREAU").join(bureau, on="SK_ID_BUREAU")
        for part, of_part in clients.items():
            found.gaps.extend(measures.rows_per_client_gaps(table.name, part, of_part, rows["SK_ID_CURR"]))
        count = sum(len(part) for part in clients.values())
        found.gaps.append(measures.row_count_gap(table, found.rows[table.name], count))
    found.gaps.sort(key=lambda gap: -gap.relative)
    return found


def read_table(folder: Path, table: Table) -> pl.DataFrame:
    """One CSV file of synthetic tables, categories as text and numbers as floats."""
    schema = {column.name: pl.String if column.is_category else pl.Float64 for column in table.columns}
    return pl.read_csv(folder / table.file_name, schema=schema)


def _quantiles(table: str, rows: pl.DataFrame) -> dict[tuple[str, str], list[float]]:
    facts = calibration()["columns"][table]["columns"]
    return {
        (table, name): [rows[name].quantile(share, interpolation="linear") or 0.0 for share in PROBABILITIES]
        for name in facts
        if "q" in facts[name]
    }
