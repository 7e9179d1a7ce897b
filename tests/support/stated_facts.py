"""What sentences to clients state, recomputed from the raw rows with pandas, independently of the feature code."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]
CLIENT, LOAN = "SK_ID_CURR", "SK_ID_PREV"
HISTORY = ("bureau", "bureau_balance", "previous_application", "installments_payments", "POS_CASH_balance")
HISTORY_TABLES = (*HISTORY, "credit_card_balance")
ENQUIRIES = [f"AMT_REQ_CREDIT_BUREAU_{period}" for period in ("HOUR", "DAY", "WEEK", "MON", "QRT", "YEAR")]
SCORES = ["EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"]


def known_rows(raw: Tables) -> dict[str, pd.DataFrame]:
    """The rows that were known on the day of the application, without codes for "not known"."""
    tables = {name: frame.copy() for name, frame in raw.items()}
    # A loan whose end is not known yet still runs, so its DAYS_TERMINATION stays.
    for table, name in (("previous_application", "DAYS_LAST_DUE_1ST_VERSION"), ("application", "DAYS_EMPLOYED")):
        tables[table][name] = tables[table][name].replace(365243, np.nan)
    bureau = tables["bureau"]
    tables["bureau"] = bureau[(bureau["DAYS_CREDIT"] <= 0) & (bureau["DAYS_CREDIT_UPDATE"] <= 0)]
    previous = tables["previous_application"]
    tables["previous_application"] = previous[
        (previous["DAYS_DECISION"] <= 0) & (previous["FLAG_LAST_APPL_PER_CONTRACT"] == "Y")
    ]
    if CLIENT not in tables["bureau_balance"]:
        owners = bureau[["SK_ID_BUREAU", CLIENT]]
        tables["bureau_balance"] = tables["bureau_balance"].merge(owners, on="SK_ID_BUREAU")
    tables["instalments"] = _instalments(tables["installments_payments"])
    return tables


def _instalments(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per instalment that was due: what was due, what was paid, and when the last part was paid."""
    rows = rows[rows["DAYS_INSTALMENT"] <= 0].copy()
    rows.loc[rows["DAYS_ENTRY_PAYMENT"] > 0, ["DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"]] = np.nan
    rows.loc[rows["DAYS_ENTRY_PAYMENT"].isna(), "AMT_PAYMENT"] = np.nan
    key = [CLIENT, LOAN, "DAYS_INSTALMENT", "NUM_INSTALMENT_NUMBER"]
    # An instalment paid in parts repeats the amount due; one of several plan versions repeats the payments.
    due = rows.drop_duplicates([*key, "NUM_INSTALMENT_VERSION"]).groupby(key)["AMT_INSTALMENT"].sum()
    payments = rows.drop_duplicates([*key, "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"]).groupby(key)["AMT_PAYMENT"].sum()
    paid_on = rows.groupby(key)["DAYS_ENTRY_PAYMENT"].max()
    merged = pd.DataFrame({"due": due, "paid": payments, "paid_on": paid_on}).reset_index()
    merged["delay"] = merged["paid_on"].fillna(0) - merged["DAYS_INSTALMENT"]
    merged["late"] = merged["delay"].clip(lower=0)
    merged["early"] = (-merged["delay"]).clip(lower=0)
    merged["shortfall"] = (merged["due"] - merged["paid"]).clip(lower=0).round(2)
    return merged


def _by(rows: pd.DataFrame, values: "pd.Series[float]") -> "pd.core.groupby.SeriesGroupBy[float, int]":
    return values.groupby(rows[CLIENT])


def _count(rows: pd.DataFrame, condition: "pd.Series[bool]") -> "pd.Series[float]":
    return _by(rows, condition.astype(float)).sum()


def _share(rows: pd.DataFrame, condition: "pd.Series[bool]") -> "pd.Series[float]":
    return _by(rows, condition.astype(float)).mean()


def _latest(rows: pd.DataFrame, column: str, *order: str) -> "pd.Series[float]":
    return rows.sort_values([CLIENT, *order]).dropna(subset=[column]).groupby(CLIENT)[column].last()


def _ratio(part: "pd.Series[float]", whole: "pd.Series[float]") -> "pd.Series[float]":
    return part / whole.where(whole != 0)


def _bureau(bureau: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    active, since = bureau["CREDIT_ACTIVE"] == "Active", -bureau["DAYS_CREDIT"]
    debt, lent, worst = bureau["AMT_CREDIT_SUM_DEBT"], bureau["AMT_CREDIT_SUM"], bureau["AMT_CREDIT_MAX_OVERDUE"]
    known_debt = lent.where(debt.notna())
    running, reported = bureau[active], bureau[worst.notna()]
    limited = running[
        (running["CREDIT_TYPE"] == "Credit card")
        & running["AMT_CREDIT_SUM_DEBT"].notna()
        & (running["AMT_CREDIT_SUM_LIMIT"] > 0)
    ]
    card_debt = limited["AMT_CREDIT_SUM_DEBT"]
    return {
        "bureau_count_active": _count(bureau, active),
        "bureau_count_closed": _count(bureau, bureau["CREDIT_ACTIVE"] == "Closed"),
        "bureau_count_sold_or_bad": _count(bureau, bureau["CREDIT_ACTIVE"].isin(["Sold", "Bad debt"])),
        "bureau_count_last_365_days": _count(bureau, since <= 365),
        "bureau_count_microloan": _count(bureau, bureau["CREDIT_TYPE"] == "Microloan"),
        "bureau_share_active": _share(bureau, active),
        "bureau_days_since_start_mean": _by(bureau, since).mean(),
        "bureau_days_since_start_min": _by(bureau, since).min(),
        "bureau_days_since_start_max": _by(bureau, since).max(),
        "bureau_debt_sum_active": _by(bureau, debt.where(active, 0.0)).sum(),
        "bureau_debt_share_mean_active": _by(running, _ratio(debt[active], lent[active])).mean(),
        "bureau_debt_to_credit": _ratio(_by(bureau, debt).sum(), _by(bureau, known_debt).sum()),
        "bureau_debt_to_credit_active": _ratio(
            _by(running, debt[active]).sum(), _by(running, known_debt[active]).sum()
        ),
        "bureau_card_limit_used": _ratio(
            _by(limited, card_debt).sum(), _by(limited, card_debt + limited["AMT_CREDIT_SUM_LIMIT"]).sum()
        ),
        "bureau_worst_arrears_max": _by(bureau, worst).max(),
        "bureau_count_ever_in_arrears": _count(bureau, worst > 0),
        "bureau_share_ever_in_arrears": _share(reported, reported["AMT_CREDIT_MAX_OVERDUE"] > 0),
        "bureau_arrears_sum": _by(bureau, bureau["AMT_CREDIT_SUM_OVERDUE"]).sum(),
        "bureau_days_late_max": _by(bureau, bureau["CREDIT_DAY_OVERDUE"]).max(),
        "bureau_prolonged_sum": _by(bureau, bureau["CNT_CREDIT_PROLONG"]).sum(),
    }


def _bureau_balance(months: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    months = months[months["MONTHS_BALANCE"] <= 0]
    late = months["STATUS"].isin(list("12345"))
    graded = months[months["STATUS"].isin(list("012345"))]
    return {
        "bureau_balance_count_late": _count(months, late),
        "bureau_balance_count_late_last_12_months": _count(months, late & (months["MONTHS_BALANCE"] > -12)),
        "bureau_balance_share_late": _share(graded, graded["STATUS"] != "0"),
    }


def _previous(previous: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    status, since = previous["NAME_CONTRACT_STATUS"], -previous["DAYS_DECISION"]
    refused, approved = status == "Refused", previous[status == "Approved"]
    running = approved[approved["DAYS_TERMINATION"] > 0]
    last_due = running["DAYS_LAST_DUE_1ST_VERSION"]
    left = (last_due // 30 + 1).where(last_due > 0) * running["AMT_ANNUITY"]
    term = approved["CNT_PAYMENT"].where(approved["CNT_PAYMENT"] > 0)
    granted, annuity = approved["AMT_CREDIT"], approved["AMT_ANNUITY"]
    rate = _ratio(24 * (term * annuity - granted), granted * (term + 1))
    return {
        "previous_count_refused": _count(previous, refused),
        "previous_count_last_365_days": _count(previous, since <= 365),
        "previous_count_refused_last_365_days": _count(previous, refused & (since <= 365)),
        "previous_share_approved": _share(previous, status == "Approved"),
        "previous_share_refused": _share(previous, refused),
        "previous_days_since_decision_max": _by(previous, since).max(),
        "previous_days_since_decision_min_refused": _by(previous[refused], since[refused]).min(),
        "previous_annuity_sum_running": _by(running, running["AMT_ANNUITY"]).sum(),
        "previous_down_payment_share_mean_approved": _by(
            approved, _ratio(approved["AMT_DOWN_PAYMENT"], granted)
        ).mean(),
        "previous_interest_rate_mean_approved": _by(approved, rate).mean(),
        "previous_left_to_pay_sum_running": _by(running, left).sum(),
        "annuity_mean": _by(approved, annuity).mean(),
        "credit_mean": _by(approved, granted).mean(),
    }


def _payments(rows: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    year, two_years = rows[rows["DAYS_INSTALMENT"] >= -365], rows[rows["DAYS_INSTALMENT"] >= -730]
    loans = rows.groupby([CLIENT, LOAN]).agg(
        late=("late", "max"), early=("early", "mean"), last=("DAYS_INSTALMENT", "max"), first=("DAYS_INSTALMENT", "min")
    )
    loans = loans.reset_index()
    return {
        "installments_count": _by(rows, rows["due"]).size().astype(float),
        "installments_share_late": _share(rows, rows["late"] > 0),
        "installments_share_late_last_365_days": _share(year, year["late"] > 0),
        "installments_share_late_last_730_days": _share(two_years, two_years["late"] > 0),
        "installments_days_late_mean": _by(rows, rows["late"]).mean(),
        "installments_days_late_max": _by(rows, rows["late"]).max(),
        "installments_days_late_max_last_365_days": _by(year, year["late"]).max(),
        "installments_days_early_mean": _by(rows, rows["early"]).mean(),
        "installments_shortfall_sum": _by(rows, rows["shortfall"]).sum(),
        "installments_share_underpaid": _share(rows, rows["shortfall"] > 0),
        "installments_count_loans": _by(loans, loans["late"]).size().astype(float),
        "installments_share_loans_never_late": _share(loans, loans["late"] == 0),
        "installments_loan_early_days_mean_latest": _latest(loans, "early", "last", "first", LOAN),
    }


def _loan_months(months: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    months = months[months["MONTHS_BALANCE"] <= 0].sort_values([CLIENT, "MONTHS_BALANCE", LOAN])
    late, recent = months["SK_DPD"] > 0, months["MONTHS_BALANCE"] >= -24
    completed = (months["NAME_CONTRACT_STATUS"] == "Completed").groupby([months[CLIENT], months[LOAN]]).any()
    last = months.groupby([CLIENT, LOAN])["MONTHS_BALANCE"].max()
    left = months.dropna(subset=["CNT_INSTALMENT_FUTURE"]).groupby([CLIENT, LOAN])["CNT_INSTALMENT_FUTURE"].last()
    loans = pd.DataFrame({"completed": completed, "last": last, "left": left}).reset_index()
    current = loans[(loans["last"] >= -2) & ~loans["completed"]]
    return {
        "pos_share_late": _share(months, late),
        "pos_share_late_last_24_months": _share(months[recent], late[recent]),
        "pos_delay_max": _by(months, months["SK_DPD"]).max(),
        "pos_instalments_left_latest": _latest(months, "CNT_INSTALMENT_FUTURE", "MONTHS_BALANCE", LOAN),
        "pos_count_loans_completed": _count(loans, loans["completed"]),
        "pos_share_loans_completed": _share(loans, loans["completed"]),
        "pos_loan_instalments_left_sum_loans_current": _by(current, current["left"]).sum(),
    }


def _card_months(months: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    months = months[months["MONTHS_BALANCE"] <= 0].copy()
    months["use"] = _ratio(months["AMT_BALANCE"], months["AMT_CREDIT_LIMIT_ACTUAL"])
    half, year = months[months["MONTHS_BALANCE"] >= -6], months[months["MONTHS_BALANCE"] >= -12]
    cash, missed = months["AMT_DRAWINGS_ATM_CURRENT"], months["AMT_INST_MIN_REGULARITY"]
    return {
        "card_share_with_cash": _share(months, cash > 0),
        "card_utilisation_mean": _by(months, months["use"]).mean(),
        "card_utilisation_max": _by(months, months["use"]).max(),
        "card_utilisation_latest": _latest(months, "use", "MONTHS_BALANCE", LOAN),
        "card_utilisation_mean_last_6_months": _by(half, half["use"]).mean(),
        "card_utilisation_mean_last_12_months": _by(year, year["use"]).mean(),
        "card_balance_latest": _latest(months, "AMT_BALANCE", "MONTHS_BALANCE", LOAN),
        "card_cash_drawings_mean": _by(months, months["CNT_DRAWINGS_ATM_CURRENT"]).mean(),
        "card_cash_share_of_drawn": _ratio(_by(months, cash).sum(), _by(months, months["AMT_DRAWINGS_CURRENT"]).sum()),
        "card_share_below_minimum": _share(months, missed > months["AMT_PAYMENT_TOTAL_CURRENT"]),
        "card_delay_max": _by(months, months["SK_DPD"]).max(),
    }


def lowest_rate(credit: float, instalment: float) -> float:
    """The lowest plausible simple yearly rate over a usual loan term; NaN if none is plausible."""
    rates = [24 * (n * instalment - credit) / (credit * (n + 1)) for n in range(6, 61, 6)] if credit else []
    return min((rate for rate in rates if 0.08 <= rate <= 0.50), default=np.nan)


def _application(own: pd.DataFrame, history: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    credit, annuity = own["AMT_CREDIT"], own["AMT_ANNUITY"]
    price, income = own["AMT_GOODS_PRICE"], own["AMT_INCOME_TOTAL"]
    left, running = history["previous_left_to_pay_sum_running"], history["previous_annuity_sum_running"]
    owed = history["bureau_debt_sum_active"]
    debt = owed + left + history["card_balance_latest"].fillna(0.0)
    rates = [lowest_rate(*pair) for pair in zip(credit, annuity, strict=True)]
    return {
        **{f"app_{name.lower()}": own[name] for name in (*SCORES, *ENQUIRIES[-2:], "OWN_CAR_AGE", "DAYS_EMPLOYED")},
        **{f"app_{name.lower()}": own[name] for name in ("AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY")},
        "app_amt_goods_price": price,
        "app_ext_source_mean": own[SCORES].mean(axis=1),
        "app_ext_source_min": own[SCORES].min(axis=1),
        "app_credit_to_annuity": _ratio(credit, annuity),
        "app_credit_to_goods_price": _ratio(credit, price),
        "app_annuity_to_income": _ratio(annuity, income),
        "app_credit_to_income": _ratio(credit, income),
        "app_goods_price_to_income": _ratio(price, income),
        "app_goods_price_minus_credit": price - credit,
        "app_income_minus_annuity": income - annuity,
        "app_implied_rate_min": pd.Series(rates, own.index),
        "app_enquiry_count": own[ENQUIRIES].sum(axis=1),
        "app_enquiry_count_last_3_months": own[ENQUIRIES[:-1]].sum(axis=1),
        "cross_bureau_debt_to_income": _ratio(owed, income),
        "cross_annuity_to_previous_mean": _ratio(annuity, history["annuity_mean"]),
        "cross_credit_to_previous_mean": _ratio(credit, history["credit_mean"]),
        "cross_left_to_pay_to_income": _ratio(left, income),
        "cross_all_annuities_to_income": _ratio(annuity + running, income),
        "cross_debt": debt,
        "cross_debt_to_income": _ratio(debt, income),
        "cross_debt_with_loan_to_income": _ratio(debt + credit, income),
    }


def stated_facts(raw: Tables) -> pd.DataFrame:
    """Every number that a sentence may state, one row per client; NaN where the rows give none.

    Args:
        raw: the raw tables by name, both application tables as one called "application".
    """
    tables = known_rows(raw)
    own = tables["application"].set_index(CLIENT)
    history = pd.DataFrame(
        {
            **_bureau(tables["bureau"]),
            **_bureau_balance(tables["bureau_balance"]),
            **_previous(tables["previous_application"]),
            **_payments(tables["instalments"]),
            **_loan_months(tables["POS_CASH_balance"]),
            **_card_months(tables["credit_card_balance"]),
        }
    ).reindex(own.index)
    # Without a row, a number or a total is zero; an average or a share does not exist.
    totals = [name for name in history if "_count" in name or "_sum" in name]
    history[totals] = history[totals].fillna(0.0)
    return pd.DataFrame({**history, **_application(own, history)})


def _without_rows(table: str) -> Callable[[Tables], "pd.Series[bool]"]:
    return lambda tables: ~tables["application"][CLIENT].isin(tables[table][CLIENT])


NOTHING_KNOWN: Mapping[str, Callable[[Tables], "pd.Series[bool]"]] = {
    **{table: _without_rows(table) for table in HISTORY_TABLES},
    "external_scores": lambda tables: tables["application"][SCORES].isna().any(axis=1),
    "enquiries": lambda tables: tables["application"][ENQUIRIES].isna().any(axis=1),
}
"""By what a sentence says to be unknown: whether it is, from `known_rows`; one value per row of the application."""
