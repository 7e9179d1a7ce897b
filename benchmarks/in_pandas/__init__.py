"""Some of the history features in straightforward pandas, as the baseline of `bench_features.py`.

Names and values are those of the feature catalogue.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from in_pandas.bureau import bureau
from in_pandas.bureau_balance import bureau_balance
from in_pandas.installments import installments
from in_pandas.monthly_balances import card, pos
from in_pandas.previous import previous


def compute_history_features(tables: Mapping[str, pd.DataFrame], clients: pd.Index) -> pd.DataFrame:
    """Features by name, one row per client, in the order of the clients."""
    parts = (
        bureau(tables["bureau"]),
        bureau_balance(tables["bureau_balance"]),
        previous(tables["previous_application"]),
        installments(tables["installments_payments"]),
        pos(tables["POS_CASH_balance"]),
        card(tables["credit_card_balance"]),
    )
    features = pd.DataFrame(
        {name: values.reindex(clients) for part in parts for name, values in part.items()}, index=clients
    )
    totals = [name for name in features.columns if {"count", "sum"} & set(name.split("_"))]
    features[totals] = features[totals].fillna(0)
    return features.replace([np.inf, -np.inf], np.nan)
