"""Runs all checks on all tables of one ingested version, a group of buckets at a time."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import polars as pl

from credit_scoring.core.buckets import map_buckets
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts import ALL_TABLES, Table, table_named
from credit_scoring.data_validation.bucket_checks import BucketFindings, check_buckets
from credit_scoring.data_validation.checks import Outcome
from credit_scoring.data_validation.column_profiles import SAMPLED_ROWS, column_reports, fences_of, sample_of
from credit_scoring.data_validation.findings import merge_findings
from credit_scoring.data_validation.plan import TablePlan, columns_linked_to, table_plan
from credit_scoring.data_validation.report import QualityReport, TableReport
from credit_scoring.data_validation.row_rules import FencesByColumn, outliers_not_checked
from credit_scoring.data_validation.table_checks import null_share_outcomes, row_count_outcomes

TableReader = Callable[[Table, range, Sequence[str] | None], pl.DataFrame]
"""Reads some buckets of a table, all columns or some; a client is in the same bucket of every table."""

MAX_ROWS_AT_ONCE = 2_000_000
MAX_CELLS_AT_ONCE = 30_000_000
"""Maximum rows, and rows times columns, that are checked together; bounds the memory to 240 MB of numbers.

Smaller groups cost more, half a millisecond per group and check; larger ones slow down grouping.
"""


class CheckedTables(NamedTuple):
    """Reports of all tables, and failing rows by the path of their file."""

    tables: tuple[TableReport, ...]
    failing_rows: dict[str, pl.DataFrame]


def run_checks(
    read: TableReader, rows: Mapping[str, int], bucket_count: int, settings: Settings, previous: QualityReport | None
) -> CheckedTables:
    """Check every table.

    Args:
        read: must be picklable for Spark.
        rows: number of rows of each table.
        previous: report on the previous version, for comparison.
    """
    groups: list[tuple[TablePlan, range]] = []
    samples: dict[str, pl.DataFrame] = {}
    fences: dict[str, FencesByColumn] = {}
    empty = [name for name, count in rows.items() if count == 0]
    for table in ALL_TABLES:
        samples[table.name] = sample_of(read(table, sampled_buckets(bucket_count, rows[table.name]), None))
        fences[table.name] = fences_of(samples[table.name], table)
        plan = table_plan(table, fences[table.name], empty)
        groups += [(plan, buckets) for buckets in bucket_groups(bucket_count, rows[table.name], len(table.columns))]
    check_group = partial(_check_group, read, groups)
    checked = list(map_buckets(check_group, range(len(groups)), "Checking tables", settings))
    counted: Counter[str] = Counter()
    for (plan, _), found in zip(groups, checked, strict=True):
        counted[plan.table.name] += found.rows
    reports: list[TableReport] = []
    failing_rows: dict[str, pl.DataFrame] = {}
    for table in ALL_TABLES:
        of_table = [index for index, (plan, _) in enumerate(groups) if plan.table == table]
        plan, buckets = groups[of_table[0]][0], [groups[index][1] for index in of_table]
        findings = [checked[index] for index in of_table]
        merged = merge_findings(plan, findings, partial(_read_group, read, table, buckets))
        failing_rows |= merged.failing_rows
        before = previous.table(table.name) if previous is not None else None
        outcomes = (*merged.outcomes, *outliers_not_checked(table, fences[table.name]))
        reports.append(_report(table, outcomes, findings, samples[table.name], counted, before))
    return CheckedTables(tuple(reports), failing_rows)


def bucket_groups(bucket_count: int, rows: int, columns: int) -> list[range]:
    """Groups of a table's buckets that are checked together, in the order of the buckets."""
    size = max(1, bucket_count * min(MAX_ROWS_AT_ONCE, MAX_CELLS_AT_ONCE // columns) // max(1, rows))
    return [range(first, min(first + size, bucket_count)) for first in range(0, bucket_count, size)]


def sampled_buckets(bucket_count: int, rows: int) -> range:
    """Enough buckets for a sample; the last ones, because rows without a client are in the first."""
    needed = -(-bucket_count * SAMPLED_ROWS // max(1, rows))
    return range(max(0, bucket_count - needed), bucket_count)


def _check_group(read: TableReader, groups: Sequence[tuple[TablePlan, range]], index: int) -> BucketFindings:
    plan, buckets = groups[index]
    linked = {name for link in plan.links for name in link.tables}
    parents = {name: read(table_named(name), buckets, columns_linked_to(name)) for name in linked}
    return check_buckets(read(plan.table, buckets, None), plan, parents)


def _read_group(
    read: TableReader, table: Table, buckets: Sequence[range], index: int, columns: Sequence[str]
) -> pl.DataFrame:
    return read(table, buckets[index], columns)


def _report(
    table: Table,
    outcomes: Sequence[Outcome],
    findings: Sequence[BucketFindings],
    sample: pl.DataFrame,
    rows: Mapping[str, int],
    before: TableReport | None,
) -> TableReport:
    nulls = {column: sum(found.nulls[column] for found in findings) for column in table.column_names}
    previous_rows = before.rows if before is not None else None
    return TableReport(
        table=table.name,
        rows=rows[table.name],
        previous_rows=previous_rows,
        sampled_rows=sample.height,
        columns=column_reports(table, sample, rows[table.name], nulls, before),
        outcomes=(
            *outcomes,
            *null_share_outcomes(table, rows[table.name], nulls),
            *row_count_outcomes(table, rows, previous_rows),
        ),
    )
