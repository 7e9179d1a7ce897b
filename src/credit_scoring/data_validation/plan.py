"""The checks of a table, derived from its contract."""

from typing import NamedTuple

import polars as pl

from credit_scoring.data_validation.check import Check
from credit_scoring.tables import Column, Table


class RowCheck(NamedTuple):
    """A check of single rows: the rule, and an expression that is true where a row breaks it (never null)."""

    check: Check
    failing: pl.Expr


def row_checks(table: Table) -> tuple[RowCheck, ...]:
    """Everything that can be said of one row without knowing another."""
    return tuple(check for column in table.columns for check in _checks_of(table, column))


def key_check(table: Table) -> Check | None:
    """No two rows share a primary key; None when the table has no key."""
    if not table.primary_key:
        return None
    return Check(
        table=table.name,
        name="duplicate_key",
        column=" + ".join(table.primary_key),
        severity="error",
        rule="identifies a row",
    )


def foreign_key_checks(table: Table) -> tuple[Check, ...]:
    """Each foreign key leads to a row of the same client, in the order of the contract."""
    return tuple(
        Check(
            table=table.name,
            name="orphan",
            column=key.column,
            severity="error",
            rule=f"leads to a row of the same client in {' or '.join(key.tables)}",
            tolerated_share=key.tolerated_orphan_share,
        )
        for key in table.foreign_keys
    )


def _checks_of(table: Table, column: Column) -> list[RowCheck]:
    value = pl.col(column.name)
    checks = []
    if column.required:
        check = Check(
            table=table.name,
            name="null_in_required",
            column=column.name,
            severity="error",
            rule="always has a value",
        )
        checks.append(RowCheck(check, value.is_null()))
    if (possible := _impossible(column)) is not None:
        checks.append(RowCheck(_impossible_check(table, column), possible))
    if column.past_only:
        check = Check(
            table=table.name,
            name="future",
            column=column.name,
            severity="warning",
            rule="does not lie after the application",
        )
        checks.append(RowCheck(check, (value > 0).fill_null(False)))
    if column.is_category:
        check = Check(
            table=table.name,
            name="unseen_category",
            column=column.name,
            severity="warning",
            rule=f"is one of {len(column.categories)} known values",
        )
        known = [*column.categories, *column.missing_codes]
        checks.append(RowCheck(check, ~value.is_in(known).fill_null(True)))
    return checks


def _impossible(column: Column) -> pl.Expr | None:
    value = pl.col(column.name)
    broken = []
    if column.type == "Float64":
        broken.append(~value.is_finite())
    if column.minimum is not None:
        broken.append(value < column.minimum)
    if column.maximum is not None:
        broken.append(value > column.maximum)
    if not broken:
        return None
    beyond = pl.any_horizontal(broken).fill_null(False)
    return beyond & ~value.is_in(list(column.missing_codes)) if column.missing_codes else beyond


def _impossible_check(table: Table, column: Column) -> Check:
    bounds = [
        f"at least {column.minimum:,.10g}" if column.minimum is not None else "",
        f"at most {column.maximum:,.10g}" if column.maximum is not None else "",
    ]
    codes = f", or {' or '.join(map(str, column.missing_codes))}" if column.missing_codes else ""
    return Check(
        table=table.name,
        name="impossible_value",
        column=column.name,
        severity="error",
        rule=(" and ".join(filter(None, bounds)) or "a finite number") + codes,
    )
