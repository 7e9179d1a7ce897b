"""Checks of a table as a whole: does it look like the published one, and like the version before it?"""

from collections.abc import Mapping

from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_validation.checks import Check, Outcome

ENOUGH_ROWS = 1_000
"""Shares and ratios of fewer rows say nothing."""


def null_share_outcomes(table: Table, rows: int, nulls: Mapping[str, int]) -> tuple[Outcome, ...]:
    """Null shares against the profile, for columns that may hold nulls at all."""
    if rows < ENOUGH_ROWS:
        return ()
    outcomes = []
    for column in table.columns:
        if column.required:
            continue
        share, published = nulls[column.name] / rows, column.published_null_share
        check = Check(
            table=table.name,
            name="null_share",
            columns=(column.name,),
            severity="warning",
            rule=f"is null in {published:.1%} of the rows, give or take {column.tolerated_null_gap:.0%}",
        )
        failed = abs(share - published) > column.tolerated_null_gap
        finding = f"{share:.1%} of {rows:,} rows are null; the published table has {published:.1%}"
        outcomes.append(
            Outcome(
                check=check,
                checked=rows,
                failing=nulls[column.name],
                failed=failed,
                finding=finding if failed else "",
            )
        )
    return tuple(outcomes)


def row_count_outcomes(
    table: Table, rows: Mapping[str, int], previous_rows: int | None
) -> tuple[Outcome, ...]:
    """Number of rows against the previous version; without one, against the published rows per application.

    Args:
        rows: rows of each table.
        previous_rows: rows of this table in the previous version, if there is one.
    """
    if previous_rows is not None:
        expected, source = float(previous_rows), "the previous version has"
    else:
        applications = sum(rows[main.name] for main in ALL_TABLES if main.is_main)
        if table.is_main or applications < ENOUGH_ROWS:
            return ()
        published = sum(main.published_rows for main in ALL_TABLES if main.is_main)
        expected = table.published_rows / published * applications
        source = f"at the published rows per application, {applications:,} applications would have"
    here = rows[table.name]
    check = Check(
        table=table.name,
        name="row_count",
        severity="warning",
        rule=f"are about {expected:,.0f}, give or take {table.tolerated_row_change:.0%}",
    )
    failed = abs(here - expected) > table.tolerated_row_change * expected
    finding = f"{here:,} rows; {source} {expected:,.0f}"
    return (Outcome(check=check, checked=here, failing=0, failed=failed, finding=finding if failed else ""),)
