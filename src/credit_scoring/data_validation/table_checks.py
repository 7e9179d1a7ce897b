"""Checks of a table as a whole: compares null shares and row counts with the published and the previous table."""

from collections.abc import Mapping

from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_validation.checks import Check, Outcome

MIN_ROWS = 1_000
"""Shares and ratios of fewer rows are not meaningful."""

MAX_LOST_SHARE = 0.5
"""Share of the values that the published table has, beyond which their absence is an error."""


def null_share_outcomes(table: Table, rows: int, nulls: Mapping[str, int]) -> tuple[Outcome, ...]:
    """Compare null shares with the published ones, for columns that may be null."""
    outcomes = []
    for column in table.columns:
        if column.required:
            continue
        published = column.null_share
        rule = f"is null in {published:.1%} of the rows, plus or minus {column.null_gap:.0%}"
        check = Check.of(table.name, "null_share", (column.name,), rule)
        if rows < MIN_ROWS:
            outcomes.append(Outcome.without_check(check, "too few rows", too_few(rows, "rows")))
            continue
        share = nulls[column.name] / rows
        failed = abs(share - published) > column.null_gap
        if share - published > MAX_LOST_SHARE * (1 - published):
            check = check.model_copy(update={"severity": "error"})
        finding = f"{share:.1%} of {rows:,} rows are null; the published table has {published:.1%}"
        outcomes.append(_outcome(check, rows, nulls[column.name], failed, finding))
    return tuple(outcomes)


def row_count_outcomes(table: Table, rows: Mapping[str, int], previous_rows: int | None) -> tuple[Outcome, ...]:
    """Compare the number of rows with the previous version, or with the published rows per application.

    Args:
        rows: number of rows of each table.
        previous_rows: rows of this table in the previous version, if there is one.
    """
    if previous_rows is not None:
        expected, source = float(previous_rows), "the previous version has"
    else:
        applications = sum(rows[main.name] for main in ALL_TABLES if main.is_main)
        if table.is_main:
            return ()
        published = sum(main.published_rows for main in ALL_TABLES if main.is_main)
        expected = table.published_rows / published * applications
        source = f"at the published rows per application, {applications:,} applications would have"
    found = rows[table.name]
    rule = f"are about {expected:,.0f}, plus or minus {table.tolerated_row_change:.0%}"
    check = Check.of(table.name, "row_count", (), rule)
    if previous_rows is None and applications < MIN_ROWS:
        return (Outcome.without_check(check, "too few rows", too_few(applications, "applications")),)
    failed = abs(found - expected) > table.tolerated_row_change * expected
    finding = f"{found:,} rows; {source} {expected:,.0f}"
    return (_outcome(check, found, 0, failed, finding),)


def too_few(found: int, noun: str) -> str:
    """What a check lacks, as text."""
    return f"{found:,} {noun}, {MIN_ROWS:,} are needed"


def _outcome(check: Check, rows: int, failing: int, failed: bool, finding: str) -> Outcome:
    return Outcome(check=check, checked=rows, failing=failing, failed=failed, finding=finding if failed else "")
