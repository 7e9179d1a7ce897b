"""Random numbers, and the habits of clients, as expressions that ``source.Source.compute`` understands."""

from statistics import NormalDist

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.source import CLIENT, NORMAL, UNIFORM


def uniform(name: str) -> pl.Expr:
    """A random number in [0, 1) for each row."""
    return pl.col(f"{UNIFORM}{name}")


def normal(name: str) -> pl.Expr:
    """A standard normal random number for each row."""
    return pl.col(f"{NORMAL}{name}")


def exponential(name: str) -> pl.Expr:
    """An exponential random number with mean 1 for each row."""
    return -(1.0 - uniform(name)).log()


def of_client(name: str) -> pl.Expr:
    """A column of the client who owns the row."""
    return pl.col(f"{CLIENT}{name}")


def correlated(values: pl.Expr, strength: float, name: str) -> pl.Expr:
    """Standard normal values with this correlation to other standard normal values."""
    return strength * values + float(np.sqrt(1.0 - strength**2)) * normal(name)


def of_habit(habit: str, strength: float, name: str) -> pl.Expr:
    """Standard normal values with this correlation to a habit, or a latent column, of the client."""
    return correlated(of_client(habit), strength, name)


def evenly(values: pl.Expr, name: str) -> pl.Expr:
    """Ranks in (0, 1) in the order of the values, one in each of as many equal steps as there are rows.

    Published shares are met even by few rows. Add ``.over(group)`` for ranks within groups.
    """
    ranks: pl.Expr = (values.rank("ordinal") - 1 + uniform(f"{name}, within its step")) / pl.len()
    return ranks


def follows(habit: str, strength: float, name: str) -> pl.Expr:
    """Even ranks that are correlated with a habit of the client."""
    return evenly(of_habit(habit, strength, name), name)


def is_among_highest(values: pl.Expr, share: float) -> pl.Expr:
    """Whether standard normal values are among the highest ones, which are this share of all."""
    return values > NormalDist().inv_cdf(1.0 - share)
