"""Some of the history features as one would first write them in pandas: masks, groupby and merges.

Only here to be compared with; names and values are those of the feature catalogue.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

CLIENT = "SK_ID_CURR"
Masks = Mapping[str, pd.Series]


def compute_history_features(tables: Mapping[str, pd.DataFrame], clients: pd.Index) -> pd.DataFrame:
    """Features by name, one row per client, in the order of the clients."""
    parts = (
        bureau(tables["bureau"]),
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


def bureau(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Credits with other lenders."""
    rows = rows[(rows.DAYS_CREDIT <= 0) & (rows.DAYS_CREDIT_UPDATE <= 0)]
    rows = rows.sort_values([CLIENT, "DAYS_CREDIT", "SK_ID_BUREAU"])
    end = rows.DAYS_CREDIT_ENDDATE
    rows = rows.assign(
        days_since_start=-rows.DAYS_CREDIT,
        days_since_report=-rows.DAYS_CREDIT_UPDATE,
        days_left=end.where(end > 0),
        planned_days=(end - rows.DAYS_CREDIT).where(end >= rows.DAYS_CREDIT),
        debt=rows.AMT_CREDIT_SUM_DEBT,
        credit=rows.AMT_CREDIT_SUM,
        repaid=rows.AMT_CREDIT_SUM - rows.AMT_CREDIT_SUM_DEBT,
        debt_share=(rows.AMT_CREDIT_SUM_DEBT / rows.AMT_CREDIT_SUM).where(rows.AMT_CREDIT_SUM != 0),
        worst_arrears=rows.AMT_CREDIT_MAX_OVERDUE,
        arrears=rows.AMT_CREDIT_SUM_OVERDUE,
        days_late=rows.CREDIT_DAY_OVERDUE,
        prolonged=rows.CNT_CREDIT_PROLONG,
        annuity=rows.AMT_ANNUITY,
        days_between_starts=rows.groupby(CLIENT).DAYS_CREDIT.diff(),
    )
    active = rows.CREDIT_ACTIVE == "Active"
    consumer, card_type = rows.CREDIT_TYPE == "Consumer credit", rows.CREDIT_TYPE == "Credit card"
    masks = {
        "": pd.Series(True, rows.index),
        "active": active,
        "closed": rows.CREDIT_ACTIVE == "Closed",
        "sold_or_bad": rows.CREDIT_ACTIVE.isin(["Sold", "Bad debt"]),
        "consumer": consumer,
        "card": card_type,
        "car": rows.CREDIT_TYPE == "Car loan",
        "mortgage": rows.CREDIT_TYPE == "Mortgage",
        "microloan": rows.CREDIT_TYPE == "Microloan",
        "active_consumer": active & consumer,
        "active_card": active & card_type,
        "active_mortgage": active & (rows.CREDIT_TYPE == "Mortgage"),
        **{f"last_{days}_days": rows.DAYS_CREDIT >= -days for days in (90, 180, 365, 730, 1095)},
    }
    counted = [name for name in masks if name != "active_mortgage"]
    return (
        counts("bureau", rows, masks, counted)
        | shares("bureau", rows, masks, ("active", "last_365_days", "card", "consumer"), "")
        | statistics("bureau", rows, masks, "days_since_start", ("", "active"), ("mean", "min", "max"))
        | statistics("bureau", rows, masks, "days_since_start", ("consumer", "card"), ("min",))
        | statistics("bureau", rows, masks, "days_since_report", ("", "active"), ("mean",))
        | statistics("bureau", rows, masks, "days_left", ("active",), ("min", "mean", "max"))
        | statistics("bureau", rows, masks, "days_left", ("active_consumer",), ("max",))
        | statistics("bureau", rows, masks, "planned_days", ("",), ("mean",))
        | statistics("bureau", rows, masks, "days_between_starts", ("",), ("mean",))
        | statistics("bureau", rows, masks, "credit", ("",), ("mean", "max", "sum"))
        | statistics("bureau", rows, masks, "credit", ("active",), ("mean", "sum"))
        | statistics(
            "bureau", rows, masks, "credit", ("active_consumer", "active_mortgage", "last_365_days"), ("sum",)
        )
        | statistics("bureau", rows, masks, "debt", ("active",), ("sum", "mean", "max"))
        | statistics("bureau", rows, masks, "debt", ("active_consumer", "active_card"), ("sum",))
        | statistics("bureau", rows, masks, "repaid", ("active",), ("sum",))
        | statistics("bureau", rows, masks, "debt_share", ("active",), ("mean", "max"))
        | statistics("bureau", rows, masks, "debt_share", ("active_consumer", "active_card"), ("mean",))
        | statistics("bureau", rows, masks, "worst_arrears", ("",), ("max", "sum"))
        | statistics("bureau", rows, masks, "worst_arrears", ("last_730_days",), ("max",))
        | statistics("bureau", rows, masks, "arrears", ("",), ("sum",))
        | statistics("bureau", rows, masks, "days_late", ("",), ("max",))
        | statistics("bureau", rows, masks, "prolonged", ("",), ("sum",))
        | statistics("bureau", rows, masks, "annuity", ("active",), ("sum",))
    )


def previous(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Earlier applications with us."""
    rows = rows[(rows.DAYS_DECISION <= 0) & (rows.FLAG_LAST_APPL_PER_CONTRACT == "Y")]
    rows = rows.sort_values([CLIENT, "DAYS_DECISION", "SK_ID_PREV"])
    term = rows.CNT_PAYMENT.where(rows.CNT_PAYMENT > 0)
    interest = term * rows.AMT_ANNUITY - rows.AMT_CREDIT
    rows = rows.assign(
        days_since_decision=-rows.DAYS_DECISION,
        days_between=rows.groupby(CLIENT).DAYS_DECISION.diff(),
        application=rows.AMT_APPLICATION,
        credit=rows.AMT_CREDIT,
        annuity=rows.AMT_ANNUITY,
        term=rows.CNT_PAYMENT,
        granted_share=(rows.AMT_CREDIT / rows.AMT_APPLICATION).where(rows.AMT_APPLICATION != 0),
        cut=rows.AMT_APPLICATION - rows.AMT_CREDIT,
        down_payment_share=(rows.AMT_DOWN_PAYMENT / rows.AMT_CREDIT).where(rows.AMT_CREDIT != 0),
        credit_to_annuity=(rows.AMT_CREDIT / rows.AMT_ANNUITY).where(rows.AMT_ANNUITY != 0),
        interest_rate=(24 * interest / (rows.AMT_CREDIT * (term + 1))).where(rows.AMT_CREDIT != 0),
    )
    approved, refused = rows.NAME_CONTRACT_STATUS == "Approved", rows.NAME_CONTRACT_STATUS == "Refused"
    cash, consumer = rows.NAME_CONTRACT_TYPE == "Cash loans", rows.NAME_CONTRACT_TYPE == "Consumer loans"
    place = rows.groupby(CLIENT).cumcount(ascending=False) + 1
    masks = {
        "": pd.Series(True, rows.index),
        "approved": approved,
        "refused": refused,
        "cancelled": rows.NAME_CONTRACT_STATUS == "Canceled",
        "unused": rows.NAME_CONTRACT_STATUS == "Unused offer",
        "running": approved & (rows.DAYS_TERMINATION > 0),
        "cash": cash,
        "consumer": consumer,
        "revolving": rows.NAME_CONTRACT_TYPE == "Revolving loans",
        "approved_cash": approved & cash,
        "approved_consumer": approved & consumer,
        "refused_cash": refused & cash,
        "refused_consumer": refused & consumer,
        **{f"last_{days}_days": rows.DAYS_DECISION >= -days for days in (180, 365, 730)},
        **{f"refused_last_{days}_days": refused & (rows.DAYS_DECISION >= -days) for days in (180, 365, 730)},
        **{f"refused_for_{code.lower()}": rows.CODE_REJECT_REASON == code for code in ("HC", "LIMIT", "SCO")},
        "last_3": place <= 3,
        "last_5": place <= 5,
    }
    counted = [name for name in masks if name not in ("last_3", "last_5")]
    return (
        counts("previous", rows, masks, counted)
        | shares("previous", rows, masks, ("approved", "refused", "cancelled", "cash", "revolving"), "")
        | shares("previous", rows, masks, ("approved", "refused"), "last_3")
        | shares("previous", rows, masks, ("approved", "refused"), "last_5")
        | shares("previous", rows, masks, ("approved", "refused"), "last_365_days")
        | shares("previous", rows, masks, ("approved", "refused"), "last_730_days")
        | statistics("previous", rows, masks, "days_since_decision", ("",), ("mean", "min", "max"))
        | statistics("previous", rows, masks, "days_since_decision", ("approved", "refused"), ("min",))
        | statistics("previous", rows, masks, "days_between", ("",), ("mean",))
        | statistics("previous", rows, masks, "application", ("",), ("mean", "max"))
        | statistics("previous", rows, masks, "application", ("refused",), ("max",))
        | statistics("previous", rows, masks, "credit", ("approved",), ("mean", "max", "sum"))
        | statistics("previous", rows, masks, "credit", ("refused",), ("max",))
        | statistics("previous", rows, masks, "annuity", ("approved",), ("mean", "max"))
        | statistics("previous", rows, masks, "annuity", ("refused",), ("mean",))
        | statistics("previous", rows, masks, "annuity", ("running",), ("sum",))
        | statistics("previous", rows, masks, "term", ("approved",), ("mean", "max", "sum"))
        | statistics("previous", rows, masks, "term", ("refused",), ("mean",))
        | statistics("previous", rows, masks, "granted_share", ("",), ("mean", "min"))
        | statistics("previous", rows, masks, "cut", ("",), ("min", "max"))
        | statistics("previous", rows, masks, "down_payment_share", ("approved",), ("mean", "max"))
        | statistics("previous", rows, masks, "credit_to_annuity", ("approved",), ("mean", "max"))
        | statistics("previous", rows, masks, "interest_rate", ("approved",), ("mean", "min", "max"))
        | statistics(
            "previous",
            rows,
            masks,
            "interest_rate",
            ("approved_cash", "approved_consumer", "last_365_days"),
            ("mean",),
        )
    )


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
    place = merged.groupby(CLIENT).cumcount(ascending=False) + 1
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
        **{f"last_{count}": place <= count for count in (5, 10, 25)},
        **{f"last_{days}_days": merged.DAYS_INSTALMENT >= -days for days in (90, 180, 365, 730)},
    }
    late_windows = ("last_5", "last_25", "last_180_days", "last_365_days", "last_730_days", "first_4_of_loan")
    features = counts(
        "installments", merged, masks, ("", "last_180_days", "last_365_days", "late", "late_30_days")
    )
    for window in late_windows:
        features |= shares("installments", merged, masks, ("late",), window)
    return (
        features
        | shares("installments", merged, masks, ("late", "late_7_days", "late_15_days", "late_30_days"), "")
        | shares("installments", merged, masks, ("underpaid", "overpaid", "in_parts"), "")
        | statistics("installments", merged, masks, "days_late", ("",), ("mean", "max", "sum"))
        | statistics(
            "installments",
            merged,
            masks,
            "days_late",
            ("late", "last_10", "last_25", "last_730_days"),
            ("mean",),
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
        | statistics(
            "pos", rows, masks, "delay", ("last_3_months", "last_12_months", "last_24_months"), ("max",)
        )
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


def statistics(
    prefix: str,
    rows: pd.DataFrame,
    masks: Masks,
    column: str,
    windows: tuple[str, ...],
    names: tuple[str, ...],
) -> dict[str, pd.Series]:
    """Statistics of a column over the rows of each mask, by feature name."""
    features = {}
    for window in windows:
        chosen = rows[masks[window]].groupby(CLIENT)[column].agg(list(names))
        for name in names:
            features["_".join(part for part in (prefix, column, name, window) if part)] = chosen[name]
    return features


def counts(
    prefix: str, rows: pd.DataFrame, masks: Masks, names: list[str] | tuple[str, ...]
) -> dict[str, pd.Series]:
    """Number of rows of each mask, by feature name."""
    return {
        f"{prefix}_count" + (f"_{name}" if name else ""): masks[name].groupby(rows[CLIENT]).sum()
        for name in names
    }


def shares(
    prefix: str, rows: pd.DataFrame, masks: Masks, names: tuple[str, ...], among: str
) -> dict[str, pd.Series]:
    """Share of the rows of one mask that also lie in others, by feature name."""
    chosen = rows[masks[among]]
    return {
        "_".join(part for part in (prefix, "share", name, among) if part): masks[name][masks[among]]
        .groupby(chosen[CLIENT])
        .mean()
        for name in names
    }
