"""Credits with other lenders, in pandas."""

import pandas as pd
from in_pandas.aggregates import CLIENT, counts, shares, statistics


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
        | statistics("bureau", rows, masks, "credit", ("active_consumer", "active_mortgage", "last_365_days"), ("sum",))
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
