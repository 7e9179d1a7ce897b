"""Findings of single buckets become the outcomes of a whole table; pure functions."""

from collections.abc import Callable, Sequence

import polars as pl

from credit_scoring.data_validation.bucket import Found, TableFindings, repeated_key
from credit_scoring.data_validation.check import Check, Outcome
from credit_scoring.data_validation.plan import foreign_key_checks, key_check, row_checks
from credit_scoring.data_validation.report import FAILING_ROWS, TableReport
from credit_scoring.tables import Table
from credit_scoring.tables.parquet import CLIENT

KEPT_ROWS = 50_000
SHOWN_EXAMPLES = 5

KeyReader = Callable[[int, Sequence[str]], pl.DataFrame]
"""Reads some columns of a bucket of the table in question."""


def merge(
    table: Table, buckets: Sequence[TableFindings], read: KeyReader
) -> tuple[TableReport, dict[str, pl.DataFrame]]:
    """Report of a table, and the failing rows by the path they are to be written to."""
    rows = sum(bucket.rows for bucket in buckets)
    outcomes, kept = [], {}
    for check in checks_of(table):
        found = [bucket.found[check.key] for bucket in buckets if check.key in bucket.found]
        if check.name == "duplicate_key" and (elsewhere := repeated_elsewhere(table, buckets, read)).failing:
            found.append(elsewhere)
        outcome = Outcome(check=check, checked=rows, failing=sum(part.failing for part in found))
        if outcome.failed:
            frame = pl.concat([part.rows for part in found], how="diagonal").head(KEPT_ROWS)
            path = f"{FAILING_ROWS}/{table.name}__{check.key}.parquet"
            kept[path] = frame
            outcome = outcome.model_copy(update=_described(outcome, frame, table) | {"failing_rows": path})
        outcomes.append(outcome)
    report = TableReport(
        table=table.name,
        rows=rows,
        null_shares={
            column: round(sum(bucket.nulls[column] for bucket in buckets) / max(rows, 1), 6)
            for column in table.column_names
        },
        outcomes=tuple(outcomes),
    )
    return report, kept


def checks_of(table: Table) -> tuple[Check, ...]:
    """All checks of a table that look at its rows."""
    key = key_check(table)
    return (
        *((key,) if key is not None else ()),
        *foreign_key_checks(table),
        *(row.check for row in row_checks(table)),
    )


def repeated_elsewhere(table: Table, buckets: Sequence[TableFindings], read: KeyReader) -> Found:
    """Rows whose primary key stands in another bucket, but not twice in their own."""
    columns = list(dict.fromkeys((CLIENT, *table.primary_key)))
    values = [bucket.key_values for bucket in buckets]
    shared = pl.concat(values).to_frame("value").filter(pl.col("value").is_duplicated())["value"].unique()
    if shared.is_empty():
        return Found(0, pl.DataFrame())
    suspects = [
        read(bucket, columns).filter(pl.col(table.primary_key[0]).is_in(shared.implode()))
        for bucket, held in enumerate(values)
        if held.is_in(shared.implode()).any()
    ]
    alone = [rows.filter(~rows.select(table.primary_key).is_duplicated()) for rows in suspects]
    return repeated_key(pl.concat(alone), table)


def _described(outcome: Outcome, failing: pl.DataFrame, table: Table) -> dict[str, object]:
    check = outcome.check
    shown = list(dict.fromkeys((*check.column.split(" + "), CLIENT, *table.primary_key)))
    examples = [
        {name: "null" if value is None else str(value) for name, value in row.items() if name in shown}
        for row in failing.head(SHOWN_EXAMPLES).iter_rows(named=True)
    ]
    return {"finding": finding_of(outcome), "examples": tuple(examples)}


def finding_of(outcome: Outcome) -> str:
    """A failed outcome in words."""
    check = outcome.check
    share = outcome.failing / max(outcome.checked, 1)
    rows = f"{outcome.failing:,} of {outcome.checked:,} rows ({share:.2%})"
    tolerated = f"; {check.tolerated_share:.0%} are tolerated" if check.tolerated_share else ""
    says = {
        "null_in_required": "have no value where one is required",
        "impossible_value": f"hold an impossible value (possible: {check.rule})",
        "duplicate_key": "share their key with another row",
        "orphan": f"lead to no row: the rule is that it {check.rule}",
        "unseen_category": "hold a word that the contract does not know",
        "future": "lie after the application",
    }
    return f"{rows} {says[check.name]}{tolerated}"
