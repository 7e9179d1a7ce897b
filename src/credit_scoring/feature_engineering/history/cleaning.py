"""Cleaning of raw rows: removes what was unknown on the day of the application, turns placeholders into nulls."""

import polars as pl

from credit_scoring.data_contracts import Table
from credit_scoring.data_contracts.contract import CLIENT


def known_at_application(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Rows of known clients whose events happened on or before the day of the application.

    A row whose required event date is in the future is dropped; an optional date is set to null instead, because its
    event has not happened yet.
    """
    events = [column for column in table.columns if column.past_only]
    dropped = [pl.col(column.name) <= 0 for column in events if column.required]
    emptied = [
        pl.when(pl.col(column.name) <= 0).then(pl.col(column.name)).alias(column.name)
        for column in events
        if not column.required
    ]
    return rows.filter(pl.col(CLIENT).is_not_null(), *dropped).with_columns(emptied)


def without_placeholders(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The same rows with null where a number is the source's code for "not known".

    Categories need no cleaning: features name the categories that they count, and `category_code` knows only real ones.
    """
    return rows.with_columns(
        pl.when(~pl.col(column.name).is_in(list(column.missing_codes))).then(pl.col(column.name)).alias(column.name)
        for column in table.columns
        if column.missing_codes and not column.is_category
    )


def recency_rank(event: str) -> pl.Expr:
    """1 for a client's latest row, 2 for the one before, and so on; rows must be sorted by client, oldest first."""
    row = pl.col(event).cum_count().cast(pl.Int32)
    is_latest = (pl.col(CLIENT) != pl.col(CLIENT).shift(-1)).fill_null(True)
    # The same as a window over the client, which takes several times as long.
    return pl.when(is_latest).then(row).backward_fill() - row + 1


def days_since_previous(event: str) -> pl.Expr:
    """Days since the client's previous row, null for the first; rows must be sorted by client, oldest first."""
    is_same_client = pl.col(CLIENT) == pl.col(CLIENT).shift()
    return pl.when(is_same_client).then(pl.col(event).cast(pl.Int32).diff())


def category_code(table: Table, column: str) -> pl.Expr:
    """Index of a category in the contract's list; null for every other value."""
    codes = {category: code for code, category in enumerate(table.column(column).categories)}
    return pl.col(column).replace_strict(codes, default=None, return_dtype=pl.Int16)
