"""Checks among the rows of a table and between tables."""

import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES, Table, table_named
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_validation.pandera_backend import broken_rules, pandera_schema
from credit_scoring.data_validation.plan import Parents, columns_linked_to, table_plan


def rows(table: Table, **columns: list[int | None]) -> pl.DataFrame:
    """Rows with nothing but these columns."""
    schema = polars_schema(table)
    known = pl.DataFrame(columns, schema={name: schema[name] for name in columns})
    empty = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in columns]
    return known.with_columns(empty).select(list(schema))


def failing(table: Table, frame: pl.DataFrame, key: str, parents: Parents) -> list[bool]:
    rules = [rule for rule in table_plan(table, {}).rules(parents) if rule.check.key == key]
    assert rules
    found = broken_rules(frame, pandera_schema(table, rules))
    return found[key].to_list() if found else [False] * frame.height


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_check_of_a_table_has_its_own_key(table: Table) -> None:
    keys = [check.key for check in table_plan(table, {}).checks]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_check_of_the_plan_is_evaluated(table: Table) -> None:
    plan = table_plan(table, {})
    parents = {name: rows(table_named(name)) for link in plan.links for name in link.tables}
    assert [rule.check for rule in plan.rules(parents)] == list(plan.checks)


def test_rows_that_share_a_whole_key_are_found_and_nulls_are_left_to_another_check() -> None:
    balance = table_named("bureau_balance")
    frame = rows(balance, SK_ID_BUREAU=[1, 1, 1, None, None], MONTHS_BALANCE=[-1, -1, -2, -1, -1])
    assert failing(
        balance, frame, "SK_ID_BUREAU_MONTHS_BALANCE__duplicate_key", {"bureau": rows(table_named("bureau"))}
    ) == [True, True, False, False, False]


def test_rows_that_differ_in_their_number_only_are_duplicates() -> None:
    bureau = table_named("bureau")
    frame = rows(bureau, SK_ID_CURR=[7, 7, 7], SK_ID_BUREAU=[1, 2, 3], DAYS_CREDIT=[-5, -5, -6])
    mains = {name: rows(table_named(name)) for name in ("application_train", "application_test")}
    assert failing(bureau, frame, "duplicate_row", mains) == [True, True, False]


def test_a_table_with_a_key_of_several_columns_is_not_searched_for_duplicates_twice() -> None:
    names = [check.name for check in table_plan(table_named("POS_CASH_balance"), {}).checks]
    assert "duplicate_key" in names and "duplicate_row" not in names


def test_a_key_matches_a_row_of_the_same_client_in_any_of_the_tables() -> None:
    bureau = table_named("bureau")
    frame = rows(bureau, SK_ID_CURR=[1, 2, 3, None])
    parents = {
        "application_train": rows(table_named("application_train"), SK_ID_CURR=[1]),
        "application_test": rows(table_named("application_test"), SK_ID_CURR=[2]),
    }
    assert failing(bureau, frame, "SK_ID_CURR__orphan", parents) == [False, False, True, True]


def test_a_loan_of_another_client_is_an_orphan() -> None:
    balance = table_named("POS_CASH_balance")
    parents = {name: rows(table_named(name)) for name in ("application_train", "application_test")}
    parents["previous_application"] = rows(table_named("previous_application"), SK_ID_CURR=[1, 2], SK_ID_PREV=[10, 20])
    frame = rows(balance, SK_ID_CURR=[1, 1, 2], SK_ID_PREV=[10, 20, 20])
    assert failing(balance, frame, "SK_ID_PREV__orphan", parents) == [False, True, False]


def test_a_client_cannot_be_in_both_application_tables() -> None:
    test = table_named("application_test")
    parents = {"application_train": rows(table_named("application_train"), SK_ID_CURR=[1])}
    frame = rows(test, SK_ID_CURR=[1, 2])
    assert failing(test, frame, "SK_ID_CURR__in_both_applications", parents) == [True, False]


def test_tolerated_shares_come_from_the_contract() -> None:
    previous = table_named("previous_application")
    shares = {check.name: check.tolerated_share for check in table_plan(previous, {}).checks}
    assert shares["duplicate_row"] == previous.tolerated_duplicate_share
    assert shares["orphan"] == previous.foreign_keys[0].tolerated_orphan_share


def test_links_need_the_keys_and_the_client_of_their_tables() -> None:
    assert columns_linked_to("previous_application") == ["SK_ID_CURR", "SK_ID_PREV"]
    assert columns_linked_to("bureau_balance") == []
