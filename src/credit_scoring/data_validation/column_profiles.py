"""Distribution and nulls of each column, compared with the previous version."""

from collections.abc import Mapping

import polars as pl

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_validation.distribution import (
    Distribution,
    category_distribution,
    known_values,
    null_map,
    number_distribution,
    number_values,
)
from credit_scoring.data_validation.report import ColumnReport, TableReport

SAMPLED_ROWS = 100_000


def sample_of(frame: pl.DataFrame) -> pl.DataFrame:
    """At most `SAMPLED_ROWS` rows, evenly spread over the frame."""
    return frame.gather_every(-(-frame.height // SAMPLED_ROWS)) if frame.height else frame


def column_reports(
    table: Table, sample: pl.DataFrame, rows: int, nulls: Mapping[str, int], previous: TableReport | None
) -> tuple[ColumnReport, ...]:
    """One report per declared column.

    Args:
        rows, nulls: of the whole table.
        previous: the same table in the previous version; its bins are reused.
    """
    return tuple(
        _column_report(
            column,
            sample,
            nulls[column.name] / max(rows, 1),
            previous.column(column.name) if previous is not None else None,
        )
        for column in table.columns
    )


def _column_report(
    column: Column, sample: pl.DataFrame, null_share: float, before: ColumnReport | None
) -> ColumnReport:
    previous = before.distribution if before is not None else Distribution()
    distribution = Distribution()  # an identifier has none
    if column.is_category:
        distribution = category_distribution(known_values(sample, column), previous.categories)
    elif column.unit:
        distribution = number_distribution(number_values(sample, column), previous.edges)
    return ColumnReport(
        name=column.name,
        null_share=round(null_share, 6),
        previous_null_share=before.null_share if before is not None else None,
        null_map=null_map(sample, column.name),
        distribution=distribution,
        previous=before.distribution if before is not None else None,
    )
