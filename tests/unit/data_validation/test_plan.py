"""Checks derived from a contract, on frames of a few rows."""

import polars as pl
import pytest

from credit_scoring.data_validation.plan import RowCheck, foreign_key_checks, key_check, row_checks
from credit_scoring.tables import ALL_TABLES, Column, Table, table_named


def table_of(column: Column) -> Table:
    return Table(name="bureau", meaning="Test.", columns=(column,), sort_order=(), published_rows=1)


def checks_of(**declared: object) -> dict[str, RowCheck]:
    column = Column.model_validate({"name": "VALUE", "type": "Float64", "meaning": "Test."} | declared)
    return {row.check.name: row for row in row_checks(table_of(column))}


def failing(row: RowCheck, values: list[object], dtype: type[pl.DataType] = pl.Float64) -> list[bool]:
    frame = pl.DataFrame({"VALUE": values}, schema={"VALUE": dtype})
    return frame.select(failing=row.failing)["failing"].to_list()


def test_bounds_themselves_are_possible_and_nulls_are_no_value() -> None:
    check = checks_of(minimum=0, maximum=10)["impossible_value"]
    assert failing(check, [-0.01, 0.0, 10.0, 10.01, None]) == [True, False, False, True, False]
    assert check.check.rule == "at least 0 and at most 10"


def test_numbers_that_are_not_finite_are_impossible_even_without_bounds() -> None:
    check = checks_of()["impossible_value"]
    assert failing(check, [float("inf"), float("-inf"), float("nan"), 1e300]) == [True, True, True, False]
    assert check.check.rule == "a finite number"


def test_missing_codes_are_exempt_from_the_range() -> None:
    check = checks_of(type="Int32", minimum=-10, maximum=0, missing_codes=(365_243,))["impossible_value"]
    assert failing(check, [365_243, 365_242, -10, None], pl.Int32) == [False, True, False, False]
    assert check.check.rule == "at least -10 and at most 0, or 365243"


def test_only_what_lies_after_the_application_is_in_the_future() -> None:
    check = checks_of(type="Int16", minimum=-100, past_only=True)["future"]
    assert failing(check, [-1, 0, 1, None], pl.Int16) == [False, False, True, False]
    assert check.check.severity == "warning"


def test_missing_codes_and_nulls_are_known_categories() -> None:
    check = checks_of(type="String", categories=("A", "B"), missing_codes=("XNA",))["unseen_category"]
    assert failing(check, ["A", "XNA", "C", "", None], pl.String) == [False, False, True, True, False]


def test_an_optional_column_without_bounds_and_categories_is_not_checked() -> None:
    assert checks_of(type="Int8") == {}


def test_nulls_fail_only_where_a_value_is_required() -> None:
    check = checks_of(required=True)["null_in_required"]
    assert failing(check, [1.0, None]) == [False, True]
    assert "null_in_required" not in checks_of()


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_check_of_a_table_has_its_own_key(table: Table) -> None:
    keys = [row.check.key for row in row_checks(table)] + [check.key for check in foreign_key_checks(table)]
    assert len(keys) == len(set(keys))


def test_a_table_without_primary_key_has_no_key_check() -> None:
    assert key_check(table_named("installments_payments")) is None
    assert key_check(table_named("bureau")) is not None


def test_the_tolerated_share_of_orphans_comes_from_the_contract() -> None:
    contract = table_named("POS_CASH_balance")
    tolerated = [key.tolerated_orphan_share for key in contract.foreign_keys]
    assert [check.tolerated_share for check in foreign_key_checks(contract)] == tolerated
