"""What the client did before: summaries of the six history tables, computed for many clients at once."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.feature_engineering.definition import STORED_TYPE, Feature
from credit_scoring.feature_engineering.history import (
    bureau,
    bureau_balance,
    credit_card_balance,
    installments_payments,
    pos_cash_balance,
    previous_application,
)
from credit_scoring.feature_engineering.history.family import Summary
from credit_scoring.tables.bureau import BUREAU
from credit_scoring.tables.bureau_balance import BUREAU_BALANCE
from credit_scoring.tables.contract import Table
from credit_scoring.tables.credit_card_balance import CREDIT_CARD_BALANCE
from credit_scoring.tables.installments_payments import INSTALLMENTS_PAYMENTS
from credit_scoring.tables.parquet import CLIENT
from credit_scoring.tables.pos_cash_balance import POS_CASH_BALANCE
from credit_scoring.tables.previous_application import PREVIOUS_APPLICATION


class _Source(NamedTuple):
    """One history table: how it is made ready, and what is summarised from it."""

    table: Table
    prepare: Callable[[pl.DataFrame], pl.DataFrame]
    summaries: tuple[Summary, ...]


_SOURCES = (
    _Source(BUREAU, bureau.prepare, bureau.SUMMARIES),
    _Source(BUREAU_BALANCE, bureau_balance.prepare, bureau_balance.SUMMARIES),
    _Source(PREVIOUS_APPLICATION, previous_application.prepare, previous_application.SUMMARIES),
    _Source(INSTALLMENTS_PAYMENTS, installments_payments.prepare, installments_payments.SUMMARIES),
    _Source(POS_CASH_BALANCE, pos_cash_balance.prepare, pos_cash_balance.SUMMARIES),
    _Source(CREDIT_CARD_BALANCE, credit_card_balance.prepare, credit_card_balance.SUMMARIES),
)

_SUMMARIES = tuple(summary for source in _SOURCES for summary in source.summaries)

HISTORY_TABLES: tuple[Table, ...] = tuple(source.table for source in _SOURCES)
"""Tables that history features are computed from."""

HISTORY_FEATURES: tuple[Feature, ...] = tuple(
    feature.definition for summary in _SUMMARIES for feature in summary.features
)
"""Every history feature, in the order in which it is stored."""


def compute_history_features(tables: Mapping[str, pl.DataFrame], client_ids: pl.Series) -> pl.DataFrame:
    """Summarise what these clients did before their application.

    Args:
        tables: rows of every table in ``HISTORY_TABLES`` under its name, as ingested: at least those of the clients.
        client_ids: SK_ID_CURR of the wanted clients, each once.

    Returns:
        SK_ID_CURR and every history feature as Float32, one row per client, sorted by client; null where missing.
    """
    clients = pl.DataFrame({CLIENT: client_ids}).sort(CLIENT)
    result = clients
    prepared = {source.table.name: source.prepare(tables[source.table.name]) for source in _SOURCES}
    for summary in _SUMMARIES:
        features = (
            summary.rows(prepared)
            .group_by(CLIENT, maintain_order=True)
            .agg(feature.expression for feature in summary.features)
            .with_columns(pl.col(CLIENT).cast(clients.schema[CLIENT]))
        )
        result = result.join(features, on=CLIENT, how="left", maintain_order="left")
    return result.select(CLIENT, *(_as_stored(feature) for feature in HISTORY_FEATURES))


def history_of_nobody() -> NDArray[np.float32]:
    """History features of a client without any history: shape (number of history features,)."""
    values = [
        np.nan if feature.without_history is None else feature.without_history for feature in HISTORY_FEATURES
    ]
    return np.array(values, dtype=STORED_TYPE)


def _as_stored(feature: Feature) -> pl.Expr:
    value = pl.col(feature.name).cast(pl.Float64)
    known = pl.when(value.is_finite()).then(value).cast(pl.Float32)
    filled = known if feature.without_history is None else known.fill_null(feature.without_history)
    return filled.alias(feature.name)
