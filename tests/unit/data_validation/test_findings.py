"""Findings in groups of buckets are merged into the outcomes of a table."""

from collections.abc import Sequence

import polars as pl

from credit_scoring.data_contracts import Table
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.column_types import amount, category, identifier
from credit_scoring.data_validation import bucket_checks
from credit_scoring.data_validation.bucket_checks import check_buckets
from credit_scoring.data_validation.checks import Outcome
from credit_scoring.data_validation.findings import TableOutcomes, merge_findings
from credit_scoring.data_validation.plan import TablePlan, table_plan
from credit_scoring.data_validation.row_rules import Fences

TABLE = Table(
    name="previous_application",
    meaning="Test.",
    columns=(
        identifier("SK_ID_CURR", "The client."),
        identifier("SK_ID_PREV", "The loan."),
        amount("AMT_CREDIT", "Amount lent."),
        category("NAME_CONTRACT_STATUS", "How it ended.", ("Approved", "Refused")),
    ),
    primary_key=("SK_ID_PREV",),
    sort_order=("SK_ID_PREV",),
    published_rows=1,
)
Row = tuple[int, int, float, str]


def merged(*parts: list[Row], plan: TablePlan | None = None) -> TableOutcomes:
    plan = plan or table_plan(TABLE, {})
    frames = [pl.DataFrame(rows, schema=polars_schema(TABLE), orient="row") for rows in parts]

    def read(position: int, columns: Sequence[str]) -> pl.DataFrame:
        return frames[position].select(columns)

    return merge_findings(plan, [check_buckets(frame, plan, {}) for frame in frames], read)


def failed(outcomes: TableOutcomes) -> dict[str, Outcome]:
    return {outcome.check.key: outcome for outcome in outcomes.outcomes if outcome.failed}


def test_failing_rows_of_all_parts_are_counted_shown_and_kept() -> None:
    found = merged([(1, 10, -5.0, "Approved"), (1, 11, 1.0, "Approved")], [(2, 20, -6.0, "Refused")])
    (outcome,) = failed(found).values()
    assert (outcome.checked, outcome.failing, outcome.kept_rows) == (3, 2, 2)
    assert outcome.finding.startswith("2 of 3 rows (66.67%) have an impossible value; a possible one is at least 0")
    assert outcome.examples[0] == {"AMT_CREDIT": "-5.0", "SK_ID_PREV": "10", "SK_ID_CURR": "1"}
    assert outcome.failing_rows == "failing_rows/previous_application__AMT_CREDIT__impossible_value.parquet"
    assert found.failing_rows[outcome.failing_rows]["SK_ID_PREV"].to_list() == [10, 20]


def test_every_check_has_an_outcome_and_passed_ones_keep_no_rows() -> None:
    found = merged([(1, 10, 5.0, "Approved")])
    assert len(found.outcomes) == len(table_plan(TABLE, {}).checks)
    assert (failed(found), found.failing_rows) == ({}, {})


def test_up_to_the_tolerated_share_a_check_passes_and_still_counts() -> None:
    columns = [column.model_copy(update={"tolerated_outlier_share": 0.5}) for column in TABLE.columns]
    tolerant = TABLE.model_copy(update={"columns": tuple(columns)})
    plan = table_plan(tolerant, {"AMT_CREDIT": Fences(0, 100)})
    few = merged([(1, 10, 500.0, "Approved"), (1, 11, 5.0, "Approved")], plan=plan)
    many = merged([(1, 10, 500.0, "Approved"), (1, 11, 501.0, "Approved")], plan=plan)
    assert failed(few) == {}
    assert [outcome.failing for outcome in few.outcomes if outcome.check.name == "outlier"] == [1]
    assert "usual value is below 100; 50% are tolerated" in failed(many)["AMT_CREDIT__outlier"].finding


def test_unknown_categories_are_named_most_frequent_first() -> None:
    statuses = ["Maybe", "Approved", "Lost", "Maybe"]
    found = merged([(1, 10 + row, float(row), status) for row, status in enumerate(statuses)])
    assert failed(found)["NAME_CONTRACT_STATUS__unseen_category"].finding.endswith(": 'Maybe', 'Lost'")


def test_a_key_repeated_within_and_across_parts_is_counted_once_per_row_and_kept_side_by_side() -> None:
    found = merged(
        [(1, 10, 1.0, "Approved"), (1, 11, 2.0, "Approved"), (1, 11, 3.0, "Approved")], [(2, 10, 4.0, "Refused")]
    )
    outcome = failed(found)["SK_ID_PREV__duplicate_key"]
    assert outcome.failing == 4
    assert found.failing_rows[outcome.failing_rows]["SK_ID_PREV"].to_list() == [10, 10, 11, 11]


def test_no_more_rows_are_kept_than_anybody_reads() -> None:
    rows = [(1, 10 + row, -1.0 - row, "Approved") for row in range(bucket_checks.MAX_ROWS_PER_GROUP + 1)]
    outcome = failed(merged(rows))["AMT_CREDIT__impossible_value"]
    assert (outcome.failing, outcome.kept_rows) == (
        bucket_checks.MAX_ROWS_PER_GROUP + 1,
        bucket_checks.MAX_ROWS_PER_GROUP,
    )


def test_a_long_text_is_cut_in_examples_and_findings() -> None:
    outcome = failed(merged([(1, 10, 1.0, "x" * 500)]))["NAME_CONTRACT_STATUS__unseen_category"]
    assert len(outcome.examples[0]["NAME_CONTRACT_STATUS"]) < 100
    assert len(outcome.finding) < 200
