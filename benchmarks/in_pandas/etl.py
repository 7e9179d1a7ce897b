"""The main work of ingestion, validation and features in straightforward pandas, as the baseline of `bench_etl.py`.

It does less: no sorted buckets, no histograms or failing rows, some of the history features, no version that can be
read again.
"""

from pathlib import Path

import pandas as pd
from in_pandas import compute_history_features
from in_pandas.aggregates import CLIENT

from credit_scoring.data_contracts import ALL_TABLES, Table


def convert(source: Path, folder: Path) -> None:
    """Every CSV file as Parquet in the compression of the library; months at the bureau get their client."""
    clients = pd.DataFrame()
    for table in ALL_TABLES:
        rows = pd.read_csv(source / table.file_name)
        if table.name == "bureau":
            clients = rows[["SK_ID_BUREAU", CLIENT]]
        if CLIENT not in rows:
            rows = rows.merge(clients, on="SK_ID_BUREAU", how="left")
        rows.to_parquet(_path(folder, table), index=False)


def check(folder: Path) -> int:
    """Nulls, ranges, categories, repeated keys, quantiles and orphans of every table; returns the number of checks."""
    checks = 0
    keys: dict[str, pd.DataFrame] = {}
    for table in ALL_TABLES:
        rows = pd.read_parquet(_path(folder, table))
        keys[table.name] = rows[[name for name in (CLIENT, "SK_ID_PREV", "SK_ID_BUREAU") if name in rows]]
        nulls = rows.isna().mean()
        repeated = rows.duplicated(list(table.primary_key) or None).sum()
        found = [nulls, repeated, rows.quantile((0.25, 0.5, 0.75), numeric_only=True)]
        for column in table.columns:
            values = rows[column.name]
            if column.is_category:
                found.append((~values.isin([*column.categories, *column.missing_codes])).sum())
            elif column.minimum is not None:
                found.append((values < column.minimum).sum())
            if column.maximum is not None:
                found.append((values > column.maximum).sum())
        for key in table.foreign_keys:
            known = pd.concat(keys[name][key.column] for name in key.tables)
            found.append((~rows[key.column].isin(known)).sum())
        checks += len(found)
    return checks


def build_features(folder: Path) -> int:
    """Some history features of all clients, written as Parquet; returns their number."""
    tables = {table.name: pd.read_parquet(_path(folder, table)) for table in ALL_TABLES if not table.is_main}
    mains = [pd.read_parquet(_path(folder, table), columns=[CLIENT]) for table in ALL_TABLES if table.is_main]
    clients = pd.Index(pd.concat(mains)[CLIENT].sort_values())
    features = compute_history_features(tables, clients)
    features.astype("float32").to_parquet(folder / "features.parquet")
    return len(features.columns)


def _path(folder: Path, table: Table) -> Path:
    return folder / f"{table.name}.parquet"
