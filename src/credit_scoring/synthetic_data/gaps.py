"""How far synthetic tables lie from the published profile: column by column, largest gap first."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.data_contracts import Table
from credit_scoring.evaluation.auc import auc
from credit_scoring.synthetic_data.chunks import PUBLISHED_CLIENTS
from credit_scoring.synthetic_data.profile import calibration, published_rows

QUARTILES = (0.25, 0.5, 0.75)
_PLACES_OF_QUARTILES = slice(4, 7)
STRONGEST_COLUMNS = 10
_NOT_EMPLOYED = 365_243
_EMPLOYED_ONLY = "DAYS_EMPLOYED (365243 as null)"


@dataclass(frozen=True)
class Gap:
    """One difference between the synthetic tables and the profile.

    Attributes:
        measure: what is compared, with its unit.
        published, found: the two values.
        size: distance in the unit of the tolerance.
        tolerance: largest distance that counts as alike.
    """

    table: str
    column: str
    measure: str
    published: float
    found: float
    size: float
    tolerance: float

    @property
    def is_within(self) -> bool:
        """Whether the gap is tolerated."""
        return self.size <= self.tolerance

    @property
    def relative(self) -> float:
        """Size as a multiple of the tolerance."""
        return self.size / self.tolerance


def column_gaps(table: Table, rows: pl.DataFrame) -> list[Gap]:
    """Null shares (tolerance 1 point), quartiles (0.1 published standard deviations) and category shares (1 point).

    Identifiers are left out: they say how many rows there are, not what a client is like.
    """
    gaps: list[Gap] = []
    for name, facts in calibration()["columns"][table.name]["columns"].items():
        if name.startswith("SK_ID"):
            continue
        values = rows[name]
        null, published_null = values.null_count() / len(values), facts.get("null", 0.0)
        gaps.append(
            Gap(table.name, name, "null share", published_null, null, abs(null - published_null), 0.01)
        )
        gaps.extend(
            _quartile_gaps(table.name, values, facts)
            if "q" in facts
            else _share_gaps(table.name, values, facts)
        )
    return gaps


def _quartile_gaps(table: str, values: pl.Series, facts: dict[str, Any]) -> list[Gap]:
    published = facts["q"][_PLACES_OF_QUARTILES]
    deviation = facts["std"] or 1.0
    found = [values.quantile(share, interpolation="linear") or 0.0 for share in QUARTILES]
    return [
        Gap(table, values.name, f"quartile {share:.0%}", wanted, got, abs(got - wanted) / deviation, 0.1)
        for share, wanted, got in zip(QUARTILES, published, found, strict=True)
    ]


def _share_gaps(table: str, values: pl.Series, facts: dict[str, Any]) -> list[Gap]:
    known = values.drop_nulls()
    counts = dict(known.value_counts(name="rows").iter_rows())
    published = dict(zip(facts["v"], facts["w"], strict=True))
    total = max(len(known), 1)
    return [
        Gap(
            table,
            values.name,
            f"share of {label}",
            share,
            found := counts.get(label, 0) / total,
            abs(found - share),
            0.01,
        )
        for label, share in (published | {label: published.get(label, 0.0) for label in counts}).items()
    ]


def row_count_gap(table: Table, rows: int, clients: int) -> Gap:
    """Rows against the published rows for that many clients; the tolerance is 2 %."""
    expected = published_rows(table.name) * clients / PUBLISHED_CLIENTS
    return Gap(table.name, "", "rows", expected, rows, abs(rows / expected - 1), 0.02)


def rows_per_client_gaps(table: str, part: str, clients: pl.Series, row_clients: pl.Series) -> list[Gap]:
    """How many clients of a part have no row (tolerance 2 points), and the quartiles of the rows of the others.

    Quartiles may differ by 0.25 standard deviations or one row: the profile knows them from samples of clients only.

    Args:
        clients: SK_ID_CURR of the clients of the part.
        row_clients: SK_ID_CURR of each row of the table.
    """
    published = calibration()["published_rows_per_client"].get(f"{table}|{part}")
    if published is None:
        return []
    of_part = row_clients.filter(row_clients.is_in(clients.implode()))
    counts = of_part.value_counts(name="rows")["rows"]
    none = 1.0 - len(counts) / len(clients)
    gaps = [
        Gap(
            table,
            "",
            f"{part} clients without rows",
            published["none"],
            none,
            abs(none - published["none"]),
            0.02,
        )
    ]
    for share, wanted in zip(QUARTILES, published["quartiles"], strict=True):
        found = float(counts.quantile(share, interpolation="linear") or 0.0)
        size = abs(found - wanted) / published["std"]
        tolerance = max(0.25, 1.01 / published["std"])
        gaps.append(
            Gap(table, "", f"rows per {part} client, quartile {share:.0%}", wanted, found, size, tolerance)
        )
    return gaps


def signal_gaps(train: pl.DataFrame) -> list[Gap]:
    """AUC of single columns against TARGET, for the strongest published columns; the tolerance is 0.03."""
    target = train["TARGET"].to_numpy()
    published = {
        name: value for name, value in calibration()["target"]["auc"].items() if name != "DAYS_EMPLOYED"
    }
    strongest = sorted(published, key=lambda name: -abs(published[name] - 0.5))[:STRONGEST_COLUMNS]
    gaps = []
    for name in strongest:
        values = train["DAYS_EMPLOYED" if name == _EMPLOYED_ONLY else name].cast(pl.Float64).to_numpy()
        known = ~np.isnan(values) & ((values < _NOT_EMPLOYED) | (name != _EMPLOYED_ONLY))
        found = auc(values[known], target[known])
        gaps.append(
            Gap("application_train", name, "AUC", published[name], found, abs(found - published[name]), 0.03)
        )
    return gaps


def default_rate_gap(train: pl.DataFrame) -> Gap:
    """Share of TARGET 1 against the published 8.07 %; the tolerance is half a point."""
    rate, found = calibration()["target"]["rate"], float(train["TARGET"].cast(pl.Float64).to_numpy().mean())
    return Gap("application_train", "TARGET", "default rate", rate, found, abs(found - rate), 0.005)
