"""Formulas over the rows of a client, shared by several tables."""

import polars as pl


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Quotient; missing where the denominator is zero, never infinite."""
    return pl.when(denominator != 0).then(numerator / denominator)


def change(value: pl.Expr, is_recent: pl.Expr) -> pl.Expr:
    """Average of the recent rows minus average of the older ones; missing if either side has no known value."""
    return pl.when(is_recent).then(value).mean() - pl.when(~is_recent).then(value).mean()


def slope(value: pl.Expr, time: pl.Expr) -> pl.Expr:
    """Least-squares slope of the known values over time; missing if time does not vary.

    Exact for whole-number times: their mean of squares minus the square of their mean is 0 only if all are equal.
    """
    known_time = pl.when(value.is_not_null()).then(time.cast(pl.Float64))
    covariance = (value * known_time).mean() - value.mean() * known_time.mean()
    return ratio(covariance, (known_time * known_time).mean() - known_time.mean().pow(2))
