"""Rules for single rows, derived from the contract of each column."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from credit_scoring.data_contracts import Column, Table
from credit_scoring.data_validation.checks import Check, CheckName, NotChecked, Outcome


class RowRule(NamedTuple):
    """A check, and an expression that is false where a row breaks it; null if it does not apply."""

    check: Check
    keeps: pl.Expr


class Fences(NamedTuple):
    """Range of a column's usual values; values beyond are outliers."""

    low: float
    high: float


class NoFences(NamedTuple):
    """Why the usual values of a column are not known, and what it lacks."""

    reason: NotChecked
    lacking: str


FencesByColumn = Mapping[str, Fences | NoFences]
"""Fences of every number with a unit; other columns have no outliers."""


def outliers_not_checked(table: Table, fences: FencesByColumn) -> tuple[Outcome, ...]:
    """The outlier checks that no row rule stands for."""
    outcomes = []
    for column in table.columns:
        found = fences.get(column.name)
        if isinstance(found, Fences) and not _usual_values(column, found):
            found = NoFences("every possible value is usual", f"usual values are {possible_values(column)}")
        if isinstance(found, NoFences):
            check = Check.of(table.name, "outlier", (column.name,), "is a usual value", column.tolerated_outlier_share)
            outcomes.append(Outcome.without_check(check, found.reason, found.lacking))
    return tuple(outcomes)


def row_rules(table: Table, fences: FencesByColumn) -> tuple[RowRule, ...]:
    """All row rules of a table."""
    return tuple(rule for column in table.columns for rule in _rules_of(table.name, column, fences.get(column.name)))


def _rules_of(table: str, column: Column, fences: Fences | NoFences | None) -> Iterator[RowRule]:
    value = pl.col(column.name)
    is_code = value.is_in(list(column.missing_codes)) if column.missing_codes else pl.lit(False)

    def rule(name: CheckName, text: str, keeps: pl.Expr, tolerated_share: float = 0.0) -> RowRule:
        return RowRule(Check.of(table, name, (column.name,), text, tolerated_share), keeps)

    if column.required:
        yield rule("null_in_required", "always has a value", value.is_not_null())
    if not column.is_category and (possible := _possible(column)) is not None:
        yield rule("impossible_value", f"is {possible_values(column)}", possible | is_code)
    if column.past_only:
        yield rule("future", "is not after the application", (value <= 0) | is_code)
    if column.is_category:
        known = [*column.categories, *column.missing_codes]
        yield rule("unseen_category", f"is one of {len(column.categories)} known categories", value.is_in(known))
    if isinstance(fences, Fences) and (usual := _usual_values(column, fences)):
        keeps = value.is_between(fences.low, fences.high) | is_code
        yield rule("outlier", usual, keeps, column.tolerated_outlier_share)


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


def _usual_values(column: Column, fences: Fences) -> str | None:
    """The range as text; None if it includes all possible values."""
    low, high = (f"{float(f'{fence:.3g}'):,.10g}" for fence in fences)
    from_minimum = column.minimum is not None and fences.low <= column.minimum
    to_maximum = column.maximum is not None and fences.high >= column.maximum
    if from_minimum and to_maximum:
        return None
    if from_minimum:
        return f"is below {high}"
    return f"is above {low}" if to_maximum else f"is between {low} and {high}"
