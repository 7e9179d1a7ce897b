"""Relations between the rows of synthetic tables that later steps rely on."""

import polars as pl
import pytest

pytestmark = pytest.mark.slow

_UNKNOWN_DAY = 365243
_DAYS_PER_MONTH = 30.4375
Tables = dict[str, pl.DataFrame]


def _with_previous(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Rows with the previous application that they belong to; its columns are null where there is none."""
    previous = tables["previous_application"].rename({"SK_ID_CURR": "client", "NAME_CONTRACT_STATUS": "status"})
    return rows.join(previous, on="SK_ID_PREV", how="left", suffix="_OF_PREVIOUS")


def _month(days: str) -> pl.Expr:
    return (pl.col(days) / _DAYS_PER_MONTH).ceil()


def test_keys_are_unique_and_lead_to_clients(tables: Tables) -> None:
    clients = pl.concat([tables["application_train"]["SK_ID_CURR"], tables["application_test"]["SK_ID_CURR"]])
    assert clients.is_unique().all()
    for table, key in (("bureau", "SK_ID_BUREAU"), ("previous_application", "SK_ID_PREV")):
        assert tables[table][key].is_unique().all()
        assert tables[table]["SK_ID_CURR"].is_in(clients.implode()).all()


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        ("POS_CASH_balance", {"Cash loans", "Consumer loans"}),
        ("credit_card_balance", {"Revolving loans"}),
        ("installments_payments", {"Cash loans", "Consumer loans", "Revolving loans"}),
    ],
)
def test_every_row_belongs_to_an_approved_application_of_its_client(
    table: str, kinds: set[str], tables: Tables
) -> None:
    rows = _with_previous(tables[table], tables)
    assert set(rows["NAME_CONTRACT_TYPE"].unique()) == kinds
    assert set(rows["status"].unique()) == {"Approved"}
    assert (rows["SK_ID_CURR"] == rows["client"]).all()


def test_months_of_a_loan_lie_between_its_decision_and_its_end(tables: Tables) -> None:
    rows = _with_previous(tables["POS_CASH_balance"], tables)
    assert rows.select(pl.col("MONTHS_BALANCE").is_between(-96, -1).all()).item()
    assert rows.select((pl.col("MONTHS_BALANCE") >= _month("DAYS_DECISION") - 1).all()).item()
    ended = rows.filter(pl.col("DAYS_TERMINATION") < _UNKNOWN_DAY)
    assert ended.select((pl.col("MONTHS_BALANCE") <= _month("DAYS_TERMINATION")).all()).item()
    assert rows.select(pl.struct("SK_ID_PREV", "MONTHS_BALANCE").is_unique().all()).item()
    completed = rows.filter(pl.col("NAME_CONTRACT_STATUS") == "Completed")
    assert (completed["CNT_INSTALMENT_FUTURE"].drop_nulls() == 0).all()


def test_instalments_of_a_loan_fall_due_every_thirty_days_from_the_first_due_day(tables: Tables) -> None:
    rows = _with_previous(tables["installments_payments"], tables).filter(pl.col("NUM_INSTALMENT_VERSION") > 0)
    due = pl.col("DAYS_FIRST_DUE") + 30 * (pl.col("NUM_INSTALMENT_NUMBER") - 1)
    assert rows.select((pl.col("DAYS_INSTALMENT") == due).all()).item()
    known_end = rows.filter(pl.col("DAYS_LAST_DUE") < _UNKNOWN_DAY)
    assert known_end.select((pl.col("DAYS_INSTALMENT") <= pl.col("DAYS_LAST_DUE")).all()).item()


def test_schedules_add_up_to_the_annuity_times_the_number_of_instalments(tables: Tables) -> None:
    as_planned = tables["previous_application"].filter(
        (pl.col("DAYS_LAST_DUE") == pl.col("DAYS_LAST_DUE_1ST_VERSION"))
        & (pl.col("DAYS_LAST_DUE") < _UNKNOWN_DAY)
        & (pl.col("DAYS_FIRST_DUE") >= -2922)
    )
    paid = (
        tables["installments_payments"]
        .unique(["SK_ID_PREV", "NUM_INSTALMENT_NUMBER"])
        .group_by("SK_ID_PREV")
        .agg(pl.col("AMT_INSTALMENT").sum(), pl.len().alias("instalments"))
        .join(as_planned, on="SK_ID_PREV")
        .filter(pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
    )
    assert paid.height > 10_000
    assert (paid["instalments"] == paid["CNT_PAYMENT"]).all()
    total = paid["AMT_ANNUITY"] * paid["CNT_PAYMENT"]
    assert ((paid["AMT_INSTALMENT"] - total).abs() < 0.1).all()


def test_payments_follow_schedules(tables: Tables) -> None:
    rows = tables["installments_payments"]
    known = rows.drop_nulls("AMT_PAYMENT")
    assert known.select((pl.col("DAYS_ENTRY_PAYMENT") <= -1).all()).item()
    per_instalment = (
        known.filter(pl.col("NUM_INSTALMENT_VERSION") > 0)
        .group_by("SK_ID_PREV", "NUM_INSTALMENT_NUMBER")
        .agg(pl.col("AMT_PAYMENT").sum(), pl.col("AMT_INSTALMENT").first(), pl.len())
    )
    exact = (per_instalment["AMT_PAYMENT"] - per_instalment["AMT_INSTALMENT"]).abs() < 0.01
    assert exact.sum() > 0.985 * len(exact)
    late = (known["DAYS_ENTRY_PAYMENT"] > known["DAYS_INSTALMENT"]).mean()
    assert 0.07 < late < 0.13  # type: ignore[operator] # the mean of booleans is a number


def test_payments_of_a_card_are_those_of_its_monthly_state(tables: Tables) -> None:
    of_months = tables["credit_card_balance"].group_by("SK_ID_PREV").agg(pl.col("AMT_PAYMENT_TOTAL_CURRENT").sum())
    rows = tables["installments_payments"].filter(pl.col("NUM_INSTALMENT_VERSION") == 0)
    joined = rows.group_by("SK_ID_PREV").agg(pl.col("AMT_PAYMENT").sum()).join(of_months, on="SK_ID_PREV", how="left")
    assert joined["AMT_PAYMENT_TOTAL_CURRENT"].null_count() == 0
    alike = (joined["AMT_PAYMENT"] / joined["AMT_PAYMENT_TOTAL_CURRENT"]).is_between(0.99, 1.01)
    assert alike.mean() > 0.97  # type: ignore[operator] # the mean of booleans is a number


def test_a_card_balance_moves_by_drawings_payments_and_interest(tables: Tables) -> None:
    before = pl.col("AMT_BALANCE").shift(1).over("SK_ID_PREV")
    rows = (
        tables["credit_card_balance"]
        .sort("SK_ID_PREV", "MONTHS_BALANCE")
        .with_columns(owed=before - pl.col("AMT_PAYMENT_TOTAL_CURRENT"))
        .filter(pl.col("owed") > 1000)
    )
    rates = (rows["AMT_BALANCE"] - rows["AMT_DRAWINGS_CURRENT"]) / rows["owed"] - 1
    assert rows.height > 10_000
    assert rates.is_between(0.02, 0.04).all()
    closed = tables["credit_card_balance"].filter(pl.col("AMT_CREDIT_LIMIT_ACTUAL") == 0)
    assert (closed["AMT_DRAWINGS_CURRENT"] == 0).all()


def test_bureau_balance_follows_its_credit(tables: Tables) -> None:
    per_credit = (
        tables["bureau_balance"]
        .group_by("SK_ID_BUREAU")
        .agg(
            pl.col("MONTHS_BALANCE").min().alias("first"),
            pl.col("MONTHS_BALANCE").max().alias("last"),
            pl.len().alias("months"),
            pl.col("MONTHS_BALANCE").filter(pl.col("STATUS") == "C").min().alias("closed"),
            pl.col("MONTHS_BALANCE").filter(pl.col("STATUS") != "C").max().alias("open"),
        )
        .join(tables["bureau"], on="SK_ID_BUREAU", how="left")
    )
    assert (per_credit["last"] - per_credit["first"] + 1 == per_credit["months"]).all()
    assert (per_credit["last"] <= 0).all()
    assert per_credit.filter(pl.col("closed") < pl.col("open")).height == 0
    known = per_credit.drop_nulls("SK_ID_CURR")
    assert 0.05 < 1 - known.height / per_credit.height < 0.12
    assert known.select((pl.col("first") == pl.max_horizontal(_month("DAYS_CREDIT"), -96)).all()).item()
    closed = known.filter(CREDIT_ACTIVE="Closed").drop_nulls("closed")
    assert closed.select((pl.col("closed") >= _month("DAYS_ENDDATE_FACT")).all()).item()


def test_days_of_a_client_are_consistent(tables: Tables) -> None:
    clients = pl.concat([tables["application_train"].drop("TARGET"), tables["application_test"]])
    working = clients.filter(pl.col("DAYS_EMPLOYED") < _UNKNOWN_DAY)
    assert working.select((pl.col("DAYS_EMPLOYED") >= pl.col("DAYS_BIRTH") + 16 * 365).all()).item()
    for column in ("DAYS_REGISTRATION", "DAYS_ID_PUBLISH"):
        assert clients.select(pl.col(column).is_between(pl.col("DAYS_BIRTH"), 0).all()).item()
    bureau = tables["bureau"]
    assert bureau.select((pl.col("DAYS_ENDDATE_FACT") >= pl.col("DAYS_CREDIT")).all()).item()
    assert bureau.select((pl.col("DAYS_CREDIT") <= 0).all()).item()
