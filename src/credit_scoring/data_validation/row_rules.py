"""Rules for single rows, derived from the contract of each column."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_validation.checks import Check


class RowRule(NamedTuple):
    """A check, and an expression that is false where a row breaks it; null if it does not apply."""

    check: Check
    keeps: pl.Expr


class Fences(NamedTuple):
    """Range of a column's usual values; values beyond are outliers."""

    low: float
    high: float


def row_rules(table: Table, fences: Mapping[str, Fences]) -> tuple[RowRule, ...]:
    """All row rules of a table.

    Args:
        fences: by column; a column without fences has no outliers.
    """
    return tuple(rule for column in table.columns for rule in _rules_of(table.name, column, fences.get(column.name)))


def _rules_of(table: str, column: Column, fences: Fences | None) -> Iterator[RowRule]:
    value = pl.col(column.name)
    columns = (column.name,)
    is_code = value.is_in(list(column.missing_codes)) if column.missing_codes else pl.lit(False)
    if column.required:
        check = Check(
            table=table, name="null_in_required", columns=columns, severity="error", rule="always has a value"
        )
        yield RowRule(check, value.is_not_null())
    if not column.is_category and (possible := _possible(column)) is not None:
        check = Check(
            table=table,
            name="impossible_value",
            columns=columns,
            severity="error",
            rule=f"is {possible_values(column)}",
        )
        yield RowRule(check, possible | is_code)
    if column.past_only:
        check = Check(
            table=table, name="future", columns=columns, severity="warning", rule="is not after the application"
        )
        yield RowRule(check, (value <= 0) | is_code)
    if column.is_category:
        check = Check(
            table=table,
            name="unseen_category",
            columns=columns,
            severity="warning",
            rule=f"is one of {len(column.categories)} known categories",
        )
        yield RowRule(check, value.is_in([*column.categories, *column.missing_codes]))
    if fences is not None and not _include_all_possible_values(fences, column):
        check = Check(
            table=table,
            name="outlier",
            columns=columns,
            severity="warning",
            rule=_usual_values(column, fences),
            tolerated_share=column.tolerated_outlier_share,
        )
        yield RowRule(check, value.is_between(fences.low, fences.high) | is_code)


def _possible(column: Column) -> pl.Expr | None:
    value = pl.col(column.name)
    conditions = []
    if column.type == "Float64":
        conditions.append(value.is_finite())
    if column.minimum is not None:
        conditions.append(value >= column.minimum)
    if column.maximum is not None:
        conditions.append(value <= column.maximum)
    return pl.all_horizontal(conditions) if conditions else None


def possible_values(column: Column) -> str:
    """The range of a number as text."""
    bounds = " and ".join(
        f"at {side} {bound:,.10g}"
        for side, bound in (("least", column.minimum), ("most", column.maximum))
        if bound is not None
    )
    return " or ".join([bounds or "a finite number", *map(str, column.missing_codes)])


def _include_all_possible_values(fences: Fences, column: Column) -> bool:
    return _below_possible(fences, column) and _above_possible(fences, column)


def _below_possible(fences: Fences, column: Column) -> bool:
    return column.minimum is not None and fences.low <= column.minimum


def _above_possible(fences: Fences, column: Column) -> bool:
    return column.maximum is not None and fences.high >= column.maximum


def _usual_values(column: Column, fences: Fences) -> str:
    low, high = (f"{float(f'{fence:.3g}'):,.10g}" for fence in fences)
    if _below_possible(fences, column):
        return f"is below {high}"
    if _above_possible(fences, column):
        return f"is above {low}"
    return f"is between {low} and {high}"
