"""Small tables written by hand: a row names the columns that matter, the rest is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from credit_scoring.feature_engineering.history import HISTORY_TABLES, compute_history_features
from credit_scoring.tables import table_named
from credit_scoring.tables.parquet import CLIENT, polars_schema

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
    "installments_payments": {
        "SK_ID_PREV": 1,
        "NUM_INSTALMENT_VERSION": 1,
        "AMT_INSTALMENT": 100.0,
    },
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
