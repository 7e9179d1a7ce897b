"""The published profile of the tables: the content of ``calibration.json``."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.distributions import Choices, Distributions, Floats, read_distribution


@cache
def calibration() -> dict[str, Any]:
    """The content of ``calibration.json``."""
    text = (files("credit_scoring.synthetic_data") / "calibration.json").read_text()
    content: dict[str, Any] = json.loads(text)
    return content


@cache
def distributions(table: str, column: str) -> Distributions:
    """Distributions of a column, or of a ratio behind it: by group where the calibration knows groups.

    Categories of an application are sorted by default rate, the lowest first.
    """
    entries = calibration().get(table, {}).get("given", {}).get(column)
    if entries is None:
        entries = {"": calibration()["columns"][table]["columns"][column]}
    groups = {label: read_distribution(entry) for label, entry in entries.items()}
    rates = calibration()["target"]["rate_by_category"].get(column, {})
    for label, found in groups.items():
        if table.startswith("application_") and rates and isinstance(found, Choices):
            order = np.argsort([rates.get(value, -1.0) for value in found.values], kind="stable")
            groups[label] = Choices(found.null_share, found.values[order], found.shares[order])
    return Distributions(groups)


@cache
def is_text(table: str, column: str) -> bool:
    """Whether the values of a column are text."""
    facts = calibration()["columns"].get(table, {}).get("columns", {}).get(column, {})
    return "q" not in facts and any(isinstance(value, str) for value in facts.get("v", ()))


def column_names(table: str) -> list[str]:
    """Columns of a table in the order of the source."""
    return list(calibration()["columns"][table]["columns"])


def as_printed(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of the source in their order, as the source prints them.

    NaN becomes null, whole numbers have no decimals, and no amount exceeds the largest published one.
    """
    facts = calibration()["columns"][table]["columns"]
    return rows.select(_printed(name, entry) for name, entry in facts.items())


def _printed(name: str, entry: dict[str, Any]) -> pl.Expr:
    column = pl.col(name)
    if "q" not in entry:
        return column.cast(pl.String)
    number = column.cast(pl.Float64).fill_nan(None)
    if entry.get("whole"):
        return number.cast(pl.Int64)
    # A share of an amount is drawn apart from the amount: their product can exceed anything ever published.
    # Adding zero turns -0.0 into 0.0.
    return number.clip(upper_bound=entry["q"][-1]) + 0.0


@cache
def kinds_of(table: str, status: str, from_good_to_bad: tuple[str, ...]) -> tuple[pl.DataFrame, dict[str, Floats]]:
    """Kinds of credits of a table, the riskier ones last.

    Args:
        status: the column that decides how risky a kind is.

    Returns:
        One row per kind with the values of its columns; and the share of each kind, of train and of test clients.
    """
    section = calibration()[table]["kinds"]
    labels = pl.DataFrame(section["labels"], schema=section["names"], orient="row")
    order = np.argsort([from_good_to_bad.index(label) for label in labels[status]], kind="stable")
    shares = {part: np.array(section["shares"][part])[order] for part in ("train", "test")}
    return labels[order], {part: found / found.sum() for part, found in shares.items()}
