"""A table is compared with the published one and the previous version."""

import pytest

from credit_scoring.data_contracts import ALL_TABLES, Column, Table, table_named
from credit_scoring.data_validation.table_checks import MIN_ROWS, null_share_outcomes, row_count_outcomes


def table_with(null_share: float, required: bool = False) -> Table:
    column = Column(
        name="AMT_CREDIT", type="Float64", meaning="Test.", required=required, null_share=null_share, null_gap=0.1
    )
    return Table(name="bureau", meaning="Test.", columns=(column,), sort_order=(), published_rows=1)


def published_rows(applications: int) -> dict[str, int]:
    """As many rows in each table as the published ones would have for so many applications."""
    mains = sum(table.published_rows for table in ALL_TABLES if table.is_main)
    return {table.name: round(table.published_rows / mains * applications) for table in ALL_TABLES}


@pytest.mark.parametrize(("nulls", "failed"), [(199, True), (201, False), (399, False), (401, True)])
def test_null_shares_are_held_against_the_profile_on_both_sides(nulls: int, failed: bool) -> None:
    (outcome,) = null_share_outcomes(table_with(0.3), MIN_ROWS, {"AMT_CREDIT": nulls})
    assert outcome.failed == failed
    assert outcome.check.severity == "warning"
    assert bool(outcome.finding) == failed


def test_null_shares_of_few_rows_are_said_not_to_be_checked() -> None:
    (outcome,) = null_share_outcomes(table_with(0.3), MIN_ROWS - 1, {"AMT_CREDIT": 0})
    assert (outcome.check.name, outcome.not_checked, outcome.failed) == ("null_share", "too few rows", False)
    assert outcome.finding == "999 rows, 1,000 are needed"


def test_nulls_of_required_columns_are_the_matter_of_another_check() -> None:
    assert null_share_outcomes(table_with(0.0, required=True), MIN_ROWS, {"AMT_CREDIT": 900}) == ()


@pytest.mark.parametrize(("here", "failed"), [(700, True), (760, False), (1_240, False), (1_300, True)])
def test_the_number_of_rows_is_held_against_the_previous_version(here: int, failed: bool) -> None:
    (outcome,) = row_count_outcomes(table_named("bureau"), published_rows(5) | {"bureau": here}, 1_000)
    assert outcome.failed == failed
    assert not failed or outcome.finding == f"{here:,} rows; the previous version has 1,000"


def test_rows_in_a_table_that_was_empty_before_are_unusual() -> None:
    (outcome,) = row_count_outcomes(table_named("bureau"), published_rows(5), 0)
    assert outcome.failed


def test_the_first_version_is_held_against_the_published_rows_per_application() -> None:
    rows = published_rows(10_000)
    assert not any(outcome.failed for table in ALL_TABLES for outcome in row_count_outcomes(table, rows, None))
    (outcome,) = row_count_outcomes(table_named("bureau"), rows | {"bureau": 100}, None)
    assert outcome.failed
    assert outcome.finding.startswith("100 rows; at the published rows per application, 10,000 applications")


def test_row_counts_of_few_applications_are_said_not_to_be_checked() -> None:
    (outcome,) = row_count_outcomes(table_named("bureau"), published_rows(MIN_ROWS - 10), None)
    assert (outcome.not_checked, outcome.finding) == ("too few rows", "990 applications, 1,000 are needed")


def test_the_first_number_of_applications_has_nothing_to_be_held_against() -> None:
    assert row_count_outcomes(table_named("application_train"), published_rows(10_000), None) == ()
