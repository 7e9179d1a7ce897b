"""What the client did before: aggregates of the six history tables, computed for many clients at once."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import polars as pl

from credit_scoring.data_contracts.bureau import BUREAU
from credit_scoring.data_contracts.bureau_balance import BUREAU_BALANCE
from credit_scoring.data_contracts.contract import CLIENT, Table
from credit_scoring.data_contracts.credit_card_balance import CREDIT_CARD_BALANCE
from credit_scoring.data_contracts.installments_payments import INSTALLMENTS_PAYMENTS
from credit_scoring.data_contracts.pos_cash_balance import POS_CASH_BALANCE
from credit_scoring.data_contracts.previous_application import PREVIOUS_APPLICATION
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_engineering.history import (
    bureau,
    bureau_balance,
    bureau_rows,
    credit_card_balance,
    installments_payments,
    installments_payments_rows,
    pos_cash_balance,
    previous_application,
    previous_application_rows,
)
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup


class HistorySource(NamedTuple):
    """One history table: how its rows are prepared, and the features computed from them."""

    table: Table
    prepare: Callable[[pl.DataFrame], pl.DataFrame]
    groups: tuple[FeatureGroup, ...]


SOURCES = (
    HistorySource(BUREAU, bureau_rows.prepare, bureau.GROUPS),
    HistorySource(BUREAU_BALANCE, bureau_balance.prepare, bureau_balance.GROUPS),
    HistorySource(PREVIOUS_APPLICATION, previous_application_rows.prepare, previous_application.GROUPS),
    HistorySource(INSTALLMENTS_PAYMENTS, installments_payments_rows.prepare, installments_payments.GROUPS),
    HistorySource(POS_CASH_BALANCE, pos_cash_balance.prepare, pos_cash_balance.GROUPS),
    HistorySource(CREDIT_CARD_BALANCE, credit_card_balance.prepare, credit_card_balance.GROUPS),
)
"""The history tables in the order of their features."""

HISTORY_TABLES: tuple[Table, ...] = tuple(source.table for source in SOURCES)
"""Tables that history features are computed from."""

HISTORY_FEATURES: tuple[Feature, ...] = tuple(
    feature.definition for source in SOURCES for group in source.groups for feature in group.features
)
"""Every history feature, in the order in which it is stored."""

HISTORY_NAMES = [feature.name for feature in HISTORY_FEATURES]


def compute_history_features(
    tables: Mapping[str, pl.DataFrame], client_ids: pl.Series, names: Collection[str] | None = None
) -> pl.DataFrame:
    """Summarise what these clients did before their application.

    Args:
        tables: rows of every table in ``HISTORY_TABLES`` under its name, as ingested: at least those of the clients.
        client_ids: SK_ID_CURR of the wanted clients, each once.
        names: which features; all by default.

    Returns:
        SK_ID_CURR and the history features in catalogue order as Float32, one row per client, sorted by client;
        null where missing.
    """
    stored = [feature for feature in HISTORY_FEATURES if names is None or feature.name in names]
    wanted = {feature.name for feature in stored}
    clients = pl.DataFrame({CLIENT: client_ids}).sort(CLIENT)
    result = clients
    for source in SOURCES:
        groups = [
            (group.rows, expressions)
            for group in source.groups
            if (expressions := [one.expression for one in group.features if one.definition.name in wanted])
        ]
        if not groups:
            continue
        prepared = source.prepare(tables[source.table.name])
        for rows, expressions in groups:
            # Polars groups a column that it knows to be sorted by slices, three times slower than by index. Adding
            # zero makes it forget.
            by_client = rows(prepared).group_by(pl.col(CLIENT) + 0, maintain_order=True).agg(expressions)
            typed = by_client.with_columns(pl.col(CLIENT).cast(clients.schema[CLIENT]))
            result = result.join(typed, on=CLIENT, how="left", maintain_order="left")
    return result.select(CLIENT, *map(_as_stored, stored))


def _as_stored(feature: Feature) -> pl.Expr:
    value = pl.col(feature.name).cast(pl.Float64)
    known = pl.when(value.is_finite()).then(value).cast(pl.Float32)
    filled = known if feature.without_history is None else known.fill_null(feature.without_history)
    return filled.alias(feature.name)
