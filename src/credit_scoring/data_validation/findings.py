"""Merges the findings in groups of buckets into the outcomes of a whole table."""

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from credit_scoring.core.quoting import SHOWN_CHARACTERS
from credit_scoring.data_contracts.accepted_values import TOLERATED_UNKNOWN_SHARE, too_many_unknown
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_validation.bucket_checks import BucketFindings, FailingRows, Reader, duplicates_across_buckets
from credit_scoring.data_validation.checks import KINDS, Check, Outcome
from credit_scoring.data_validation.plan import TablePlan
from credit_scoring.data_validation.report import FAILING_ROWS

MAX_FAILING_ROWS = 50_000
"""Failing rows of one check that are written to its file."""

SHOWN_EXAMPLES = 5


class TableOutcomes(NamedTuple):
    """Outcomes of all checks on a table, and failing rows by the path of their file."""

    outcomes: tuple[Outcome, ...]
    failing_rows: dict[str, pl.DataFrame]


def merge_findings(plan: TablePlan, findings: Sequence[BucketFindings], read: Reader) -> TableOutcomes:
    """Merge the findings in all buckets of a table.

    Args:
        read: reads columns of the rows that one element of the findings describes.
    """
    rows = sum(part.rows for part in findings)
    across = {unique.check.key: unique for unique in plan.uniqueness if unique.reaches_across_buckets}
    outcomes, kept = [], {}
    for check in plan.checks:
        found = [part.found[check.key] for part in findings if check.key in part.found]
        if check.key in across:
            found.append(duplicates_across_buckets(across[check.key], findings, read))
        failing = sum(part.failing for part in found)
        if failing <= check.tolerated_share * rows:
            outcomes.append(Outcome(check=check, checked=rows, failing=failing, failed=False))
            continue
        if check.name == "unseen_category" and too_many_unknown(failing, rows):
            check = check.model_copy(update={"severity": "error", "tolerated_share": TOLERATED_UNKNOWN_SHARE})
        path = f"{FAILING_ROWS}/{check.table}__{check.key}.parquet"
        kept[path] = _failing_rows(found, plan, check)
        outcomes.append(
            Outcome(
                check=check,
                checked=rows,
                failing=failing,
                failed=True,
                finding=_finding(check, failing, rows, kept[path]),
                examples=_examples(kept[path], plan, check),
                failing_rows=path,
                kept_rows=kept[path].height,
            )
        )
    return TableOutcomes(tuple(outcomes), kept)


def _failing_rows(found: Sequence[FailingRows], plan: TablePlan, check: Check) -> pl.DataFrame:
    rows = pl.concat([part.rows for part in found if part.failing], how="diagonal").head(MAX_FAILING_ROWS)
    repeated = [unique.columns for unique in plan.uniqueness if unique.check == check]
    return rows.sort(repeated[0]) if repeated else rows  # groups rows that repeat each other


def _finding(check: Check, failing: int, rows: int, kept: pl.DataFrame) -> str:
    values = ""
    if check.name == "unseen_category":
        frequent = kept[check.columns[0]].value_counts(sort=True)[check.columns[0]].head(SHOWN_EXAMPLES)
        values = ", ".join(repr(value[:SHOWN_CHARACTERS]) for value in frequent)
    description = KINDS[check.name].finding.format(rule=check.rule, values=values)
    tolerated = f"; {check.tolerated_share:.0%} are tolerated" if check.tolerated_share else ""
    return f"{failing:,} of {rows:,} rows ({failing / rows:.2%}) {description}{tolerated}"


def _examples(kept: pl.DataFrame, plan: TablePlan, check: Check) -> tuple[dict[str, str], ...]:
    names = dict.fromkeys((*check.columns, *plan.table.primary_key, CLIENT, *plan.table.sort_order))
    return tuple(
        {name: "null" if value is None else str(value)[:SHOWN_CHARACTERS] for name, value in row.items()}
        for row in kept.select(list(names)).head(SHOWN_EXAMPLES).iter_rows(named=True)
    )
