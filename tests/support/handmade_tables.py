"""Small tables written by hand: a row names the columns that matter, the rest is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.data_contracts import Column, table_named
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.history import HISTORY_TABLES, compute_history_features

Rows = Sequence[Mapping[str, Any]]

FILLED_IN: dict[str, dict[str, Any]] = {
    "bureau": {"CREDIT_ACTIVE": "Active", "DAYS_CREDIT": -1000, "DAYS_CREDIT_UPDATE": -10},
    "bureau_balance": {"SK_ID_BUREAU": 1, "STATUS": "0"},
    "previous_application": {
        "NAME_CONTRACT_TYPE": "Cash loans",
        "NAME_CONTRACT_STATUS": "Approved",
        "FLAG_LAST_APPL_PER_CONTRACT": "Y",
        "DAYS_DECISION": -1000,
    },
    "installments_payments": {"SK_ID_PREV": 1, "NUM_INSTALMENT_VERSION": 1, "AMT_INSTALMENT": 100.0},
    "POS_CASH_balance": {"SK_ID_PREV": 1, "SK_DPD": 0, "SK_DPD_DEF": 0},
    "credit_card_balance": {"SK_ID_PREV": 1, "SK_DPD": 0, "SK_DPD_DEF": 0},
}


def make_table(name: str, rows: Rows) -> pl.DataFrame:
    """A table as ingestion would store it, from rows that name only some columns."""
    table = table_named(name)
    filled = []
    for number, row in enumerate(rows, start=1):
        numbered = {key: number for key in table.primary_key if key.startswith("SK_ID")}
        filled.append({CLIENT: 1} | numbered | FILLED_IN.get(name, {}) | dict(row))
    return pl.DataFrame(filled, schema=polars_schema(table))


def history_of(**rows: Rows) -> dict[str, Any]:
    """History features of client 1, whose rows are given by table name."""
    tables = {table.name: make_table(table.name, rows.get(table.name, ())) for table in HISTORY_TABLES}
    features = compute_history_features(tables, pl.Series([1], dtype=pl.Int32))
    return features.drop(CLIENT).row(0, named=True)


def random_table(name: str, clients: Sequence[int], row_count: int, seed: int) -> pl.DataFrame:
    """Rows of any values that the contract allows: nulls, missing codes, zeros, ties; nothing from the future."""
    table, random = table_named(name), np.random.default_rng([seed, *name.encode()])
    owners = random.choice(np.array(clients), row_count)
    columns: dict[str, list[Any]] = {CLIENT: owners.tolist()}
    for column in table.columns:
        if column.name == CLIENT:
            continue
        if column.name in ("SK_ID_PREV", "SK_ID_BUREAU"):
            unique = table.primary_key == (column.name,)
            number = np.arange(row_count) if unique else random.integers(0, 3, row_count)
            columns[column.name] = (number + 1 if unique else owners * 10 + number).tolist()
        else:
            columns[column.name] = _random_values(column, row_count, random)
    return pl.DataFrame(columns, schema=polars_schema(table)).unique(
        table.primary_key or None, keep="first", maintain_order=True
    )


def _random_values(column: Column, count: int, random: np.random.Generator) -> list[Any]:
    values: list[Any]
    if column.is_category:
        values = random.choice(np.array(column.categories), count).tolist()
    else:
        high = 0 if column.past_only else min(1e5 if column.maximum is None else column.maximum, 1e5)
        low = max(column.minimum or 0, high - 3000 if high <= 0 else -3000)
        drawn = random.choice([low, 0 if low <= 0 <= high else low, high], count)
        drawn = np.where(random.random(count) < 0.8, random.uniform(low, high, count), drawn)
        whole = column.type != "Float64"
        values = drawn.round().astype(int).tolist() if whole else drawn.round(3).tolist()
    for position in np.flatnonzero(random.random(count) < 0.1):
        if column.missing_codes:
            values[position] = column.missing_codes[0]
    if not column.required:
        for position in np.flatnonzero(random.random(count) < 0.15):
            values[position] = None
    return values


def random_history(clients: Sequence[int], rows_per_client: int = 8, seed: int = 0) -> dict[str, pl.DataFrame]:
    """Rows of every history table, as `random_table` draws them."""
    count = rows_per_client * len(clients)
    return {table.name: random_table(table.name, clients, count, seed) for table in HISTORY_TABLES}
