"""Months of earlier loans and cards with us, in pandas."""

import pandas as pd
from in_pandas.aggregates import counts, shares, statistics


def pos(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Months of earlier cash and shop loans."""
    rows = rows[rows.MONTHS_BALANCE <= 0].assign(
        delay=rows.SK_DPD,
        real_delay=rows.SK_DPD_DEF,
        instalments_left=rows.CNT_INSTALMENT_FUTURE,
        term=rows.CNT_INSTALMENT,
        months_ago=-rows.MONTHS_BALANCE,
    )
    masks = {
        "": pd.Series(True, rows.index),
        "late": rows.delay > 0,
        "really_late": rows.real_delay > 0,
        **{f"last_{months}_months": rows.MONTHS_BALANCE >= -months for months in (3, 6, 12, 24, 36)},
    }
    features = counts("pos", rows, masks, ("", "late", "really_late"))
    for window in ("", "last_6_months", "last_12_months", "last_24_months"):
        features |= shares("pos", rows, masks, ("late",), window)
    return (
        features
        | statistics("pos", rows, masks, "delay", ("",), ("mean", "max"))
        | statistics("pos", rows, masks, "delay", ("last_3_months", "last_12_months", "last_24_months"), ("max",))
        | statistics("pos", rows, masks, "real_delay", ("", "last_12_months", "last_36_months"), ("max",))
        | statistics("pos", rows, masks, "months_ago", ("late", "really_late"), ("min",))
        | statistics("pos", rows, masks, "months_ago", ("",), ("min", "max"))
        | statistics("pos", rows, masks, "instalments_left", ("",), ("mean", "max"))
        | statistics("pos", rows, masks, "term", ("",), ("mean", "max"))
    )


def card(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Months of credit cards with us."""
    rows = rows[rows.MONTHS_BALANCE <= 0]
    limit, minimum = rows.AMT_CREDIT_LIMIT_ACTUAL, rows.AMT_INST_MIN_REGULARITY
    rows = rows.assign(
        utilisation=(rows.AMT_BALANCE / limit).where(limit != 0),
        balance=rows.AMT_BALANCE,
        limit=limit,
        drawn=rows.AMT_DRAWINGS_CURRENT,
        drawn_share=(rows.AMT_DRAWINGS_CURRENT / limit).where(limit != 0),
        cash_drawn=rows.AMT_DRAWINGS_ATM_CURRENT,
        paid=rows.AMT_PAYMENT_TOTAL_CURRENT,
        payment_to_minimum=(rows.AMT_PAYMENT_CURRENT / minimum).where(minimum != 0),
        delay=rows.SK_DPD,
        real_delay=rows.SK_DPD_DEF,
        months_ago=-rows.MONTHS_BALANCE,
    )
    masks = {
        "": pd.Series(True, rows.index),
        "indebted": rows.balance > 0,
        **{f"last_{months}_months": rows.MONTHS_BALANCE >= -months for months in (2, 6, 12, 24)},
    }
    return (
        counts("card", rows, masks, ("",))
        | shares("card", rows, masks, ("indebted",), "")
        | statistics("card", rows, masks, "utilisation", ("",), ("mean", "max"))
        | statistics("card", rows, masks, "utilisation", ("last_2_months", "last_6_months"), ("mean", "max"))
        | statistics("card", rows, masks, "utilisation", ("last_12_months", "last_24_months"), ("mean",))
        | statistics("card", rows, masks, "balance", ("",), ("mean", "max"))
        | statistics("card", rows, masks, "limit", ("",), ("mean",))
        | statistics("card", rows, masks, "drawn", ("", "last_6_months"), ("mean",))
        | statistics("card", rows, masks, "drawn_share", ("", "last_6_months"), ("mean",))
        | statistics("card", rows, masks, "cash_drawn", ("", "last_6_months"), ("mean",))
        | statistics("card", rows, masks, "paid", ("", "last_6_months"), ("mean",))
        | statistics("card", rows, masks, "payment_to_minimum", ("", "last_6_months"), ("mean",))
        | statistics("card", rows, masks, "delay", ("",), ("mean", "max"))
        | statistics("card", rows, masks, "real_delay", ("", "last_24_months"), ("max",))
        | statistics("card", rows, masks, "months_ago", ("indebted", ""), ("min",))
    )
