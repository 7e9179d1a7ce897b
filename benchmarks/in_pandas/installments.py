"""Instalments of earlier loans with us, in pandas."""

import pandas as pd
from in_pandas.aggregates import CLIENT, counts, shares, statistics


def installments(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Instalments of earlier loans with us."""
    key = [CLIENT, "SK_ID_PREV", "DAYS_INSTALMENT", "NUM_INSTALMENT_NUMBER"]
    rows = rows[rows.DAYS_INSTALMENT <= 0]
    rows = rows.assign(DAYS_ENTRY_PAYMENT=rows.DAYS_ENTRY_PAYMENT.where(rows.DAYS_ENTRY_PAYMENT <= 0))
    rows["AMT_PAYMENT"] = rows.AMT_PAYMENT.where(rows.DAYS_ENTRY_PAYMENT.notna())
    payment = [*key, "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"]
    first_version = rows.groupby(payment, dropna=False).NUM_INSTALMENT_VERSION.transform("min")
    versions = rows.drop_duplicates([*key, "NUM_INSTALMENT_VERSION"]).groupby(key).AMT_INSTALMENT.sum()
    paid = rows[rows.NUM_INSTALMENT_VERSION == first_version].groupby(key).AMT_PAYMENT.sum()
    merged = rows.groupby(key).agg(paid_on=("DAYS_ENTRY_PAYMENT", "max"), parts=("AMT_INSTALMENT", "size"))
    merged = merged.assign(due=versions, paid=paid).reset_index()
    merged["paid"] = merged.paid.fillna(0)
    delay = merged.paid_on.fillna(0) - merged.DAYS_INSTALMENT
    merged = merged.assign(
        delay=delay,
        days_late=delay.clip(lower=0),
        days_early=(-delay).clip(lower=0),
        paid_share=(merged.paid / merged.due).where(merged.due != 0),
        shortfall=(merged.due - merged.paid).clip(lower=0).round(2),
        overpayment=(merged.paid - merged.due).clip(lower=0).round(2),
        days_since_due=-merged.DAYS_INSTALMENT,
    ).sort_values([CLIENT, "DAYS_INSTALMENT", "SK_ID_PREV", "NUM_INSTALMENT_NUMBER"])
    recency_rank = merged.groupby(CLIENT).cumcount(ascending=False) + 1
    masks = {
        "": pd.Series(True, merged.index),
        "late": merged.days_late > 0,
        "late_7_days": merged.days_late > 7,
        "late_15_days": merged.days_late > 15,
        "late_30_days": merged.days_late > 30,
        "underpaid": merged.shortfall > 0,
        "overpaid": merged.overpayment > 0,
        "in_parts": merged.parts > 1,
        "first_4_of_loan": merged.NUM_INSTALMENT_NUMBER <= 4,
        **{f"last_{count}": recency_rank <= count for count in (5, 10, 25)},
        **{f"last_{days}_days": merged.DAYS_INSTALMENT >= -days for days in (90, 180, 365, 730)},
    }
    late_windows = ("last_5", "last_25", "last_180_days", "last_365_days", "last_730_days", "first_4_of_loan")
    features = counts("installments", merged, masks, ("", "last_180_days", "last_365_days", "late", "late_30_days"))
    for window in late_windows:
        features |= shares("installments", merged, masks, ("late",), window)
    return (
        features
        | shares("installments", merged, masks, ("late", "late_7_days", "late_15_days", "late_30_days"), "")
        | shares("installments", merged, masks, ("underpaid", "overpaid", "in_parts"), "")
        | statistics("installments", merged, masks, "days_late", ("",), ("mean", "max", "sum"))
        | statistics(
            "installments", merged, masks, "days_late", ("late", "last_10", "last_25", "last_730_days"), ("mean",)
        )
        | statistics(
            "installments",
            merged,
            masks,
            "days_late",
            ("last_5", "last_90_days", "last_180_days", "last_365_days", "first_4_of_loan"),
            ("mean", "max"),
        )
        | statistics("installments", merged, masks, "days_early", ("",), ("mean", "max"))
        | statistics(
            "installments",
            merged,
            masks,
            "days_early",
            ("last_5", "last_25", "last_365_days", "first_4_of_loan"),
            ("mean",),
        )
        | statistics("installments", merged, masks, "delay", ("",), ("mean", "std"))
        | statistics("installments", merged, masks, "delay", ("last_365_days",), ("min", "max"))
        | statistics("installments", merged, masks, "days_since_due", ("late", "late_7_days"), ("min",))
        | statistics("installments", merged, masks, "due", ("",), ("mean", "max"))
        | statistics("installments", merged, masks, "due", ("last_365_days",), ("mean", "sum"))
        | statistics("installments", merged, masks, "paid", ("", "last_365_days"), ("sum",))
        | statistics("installments", merged, masks, "paid_share", ("",), ("mean", "min"))
        | statistics("installments", merged, masks, "shortfall", ("",), ("sum", "max"))
        | statistics("installments", merged, masks, "overpayment", ("",), ("sum",))
    )
