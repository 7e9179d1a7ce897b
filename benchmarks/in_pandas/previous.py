"""Earlier applications with us, in pandas."""

import pandas as pd
from in_pandas.aggregates import CLIENT, counts, shares, statistics


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
    recency_rank = rows.groupby(CLIENT).cumcount(ascending=False) + 1
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
        "last_3": recency_rank <= 3,
        "last_5": recency_rank <= 5,
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
            "previous", rows, masks, "interest_rate", ("approved_cash", "approved_consumer", "last_365_days"), ("mean",)
        )
    )
