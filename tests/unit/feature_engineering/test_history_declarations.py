"""History features keep their declared range and never use the future, on any rows that satisfy the contract."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.data_contracts import Table, table_named
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.history import HISTORY_FEATURES, HISTORY_TABLES, compute_history_features
from credit_scoring.feature_engineering.promises import check_promises
from tests.support.handmade_tables import make_table, random_history, random_table

CLIENTS = range(1, 201)
IDS = pl.Series(CLIENTS, dtype=pl.Int32)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return random_history(CLIENTS)


@pytest.fixture(scope="module")
def features(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return compute_history_features(tables, IDS)


def test_values_keep_what_their_declarations_promise(features: pl.DataFrame) -> None:
    check_promises(features)


def test_every_feature_varies_somewhere(features: pl.DataFrame) -> None:
    constant = [name for name in features.columns if features[name].n_unique() < 2]
    assert constant == []


def _one_day_later(table: Table) -> pl.DataFrame:
    """Rows of every client that happen after the application."""
    rows = random_table(table.name, CLIENTS, 400, seed=99)
    events = [column.name for column in table.columns if column.past_only]
    later = rows.with_columns(pl.lit(1).cast(rows.schema[name]).alias(name) for name in events)
    keys = [key for key in table.primary_key if key.startswith("SK_ID")]
    return later.with_columns(pl.col(key) + 1_000_000 for key in keys)


@pytest.mark.parametrize("name", [table.name for table in HISTORY_TABLES])
def test_rows_from_after_the_application_change_no_feature(
    name: str, tables: dict[str, pl.DataFrame], features: pl.DataFrame
) -> None:
    injected = tables | {name: pl.concat([tables[name], _one_day_later(table_named(name))])}
    assert compute_history_features(injected, IDS).equals(features)


def test_a_credit_reported_after_the_application_changes_no_feature(
    tables: dict[str, pl.DataFrame], features: pl.DataFrame
) -> None:
    later = random_table("bureau", CLIENTS, 400, seed=99).with_columns(
        pl.lit(3, pl.Int32).alias("DAYS_CREDIT_UPDATE").cast(tables["bureau"].schema["DAYS_CREDIT_UPDATE"])
    )
    injected = tables | {"bureau": pl.concat([tables["bureau"], later])}
    assert compute_history_features(injected, IDS).equals(features)


@pytest.mark.parametrize("plan_versions_later", [0, 1])
def test_a_payment_after_the_application_changes_no_feature(
    plan_versions_later: int, tables: dict[str, pl.DataFrame], features: pl.DataFrame
) -> None:
    """One more part of instalments that were already due, under the plan of that day or under a new one."""
    rows = tables["installments_payments"]
    later = rows.filter(pl.col("DAYS_INSTALMENT") <= 0).with_columns(
        pl.lit(5).cast(rows.schema["DAYS_ENTRY_PAYMENT"]).alias("DAYS_ENTRY_PAYMENT"),
        (pl.col("NUM_INSTALMENT_VERSION") + plan_versions_later).alias("NUM_INSTALMENT_VERSION"),
        (pl.col("AMT_INSTALMENT") + plan_versions_later).alias("AMT_INSTALMENT"),
        pl.lit(77.0).alias("AMT_PAYMENT"),
    )
    injected = tables | {"installments_payments": pl.concat([rows, later])}
    assert compute_history_features(injected, IDS).equals(features)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("bureau", "DAYS_ENDDATE_FACT"),
        ("previous_application", "DAYS_LAST_DUE"),
        ("previous_application", "DAYS_TERMINATION"),
        ("installments_payments", "DAYS_ENTRY_PAYMENT"),
    ],
)
def test_the_date_of_a_future_event_changes_no_feature(
    table: str, column: str, tables: dict[str, pl.DataFrame]
) -> None:
    def with_future(days: int) -> pl.DataFrame:
        rows = tables[table]
        every_third = pl.int_range(pl.len()) % 3 == 0
        ahead = pl.when(every_third).then(pl.lit(days)).otherwise(pl.col(column)).cast(rows.schema[column])
        changed = tables | {table: rows.with_columns(ahead.alias(column))}
        return compute_history_features(changed, IDS)

    assert with_future(1).equals(with_future(400))


def test_features_do_not_depend_on_the_order_of_rows(tables: dict[str, pl.DataFrame], features: pl.DataFrame) -> None:
    shuffled = {name: rows.sample(fraction=1, shuffle=True, seed=3) for name, rows in tables.items()}
    again = compute_history_features(shuffled, IDS)
    for name in features.columns:
        # The last digit of a sum depends on the order of its terms.
        np.testing.assert_allclose(again[name].to_numpy(), features[name].to_numpy(), rtol=1e-4, err_msg=name)


def test_features_of_a_client_do_not_depend_on_other_clients_of_the_bucket(
    tables: dict[str, pl.DataFrame], features: pl.DataFrame
) -> None:
    few = pl.Series([3, 77], dtype=pl.Int32)
    own = {name: rows.filter(pl.col(CLIENT).is_in([3, 77])) for name, rows in tables.items()}
    assert compute_history_features(own, few).equals(features.filter(pl.col(CLIENT).is_in([3, 77])))


AS_OF_DAYS = {
    "bureau": ("bureau", "DAYS_CREDIT"),
    "previous": ("previous_application", "DAYS_DECISION"),
    "installments": ("installments_payments", "DAYS_INSTALMENT"),
}
AS_OF_MONTHS = {
    "bureau_balance": ("bureau_balance", "MONTHS_BALANCE"),
    "pos": ("POS_CASH_balance", "MONTHS_BALANCE"),
    "card": ("credit_card_balance", "MONTHS_BALANCE"),
}


def _as_of(prefix: str) -> list[str]:
    marks = ("_as_of_180_days", "_as_of_6_months")
    names = [feature.name for feature in HISTORY_FEATURES if feature.name.endswith(marks)]
    return [name for name in names if name.startswith(f"{prefix}_")]


@pytest.mark.parametrize("prefix", [*AS_OF_DAYS, *AS_OF_MONTHS])
def test_features_as_of_half_a_year_earlier_use_no_later_row(
    prefix: str, tables: dict[str, pl.DataFrame], features: pl.DataFrame
) -> None:
    name, event = (AS_OF_DAYS | AS_OF_MONTHS)[prefix]
    limit = -180 if prefix in AS_OF_DAYS else -6
    earlier = tables[name].filter(pl.col(event) <= limit)
    if name == "installments_payments":
        earlier = earlier.filter(pl.col("DAYS_ENTRY_PAYMENT") <= limit)
    names = [item for item in _as_of(prefix) if not (prefix == "bureau" and item.startswith("bureau_balance"))]
    assert names
    assert len(earlier) < len(tables[name])
    then = compute_history_features(tables | {name: earlier}, IDS)
    assert then.select(names).equals(features.select(names))


def test_future_schedules_count() -> None:
    """The contractual end of a running credit is known on the day of the application."""
    rows = {table.name: make_table(table.name, ()) for table in HISTORY_TABLES}
    rows["bureau"] = make_table("bureau", [{"DAYS_CREDIT_ENDDATE": 90}])
    rows["previous_application"] = make_table(
        "previous_application", [{"DAYS_LAST_DUE_1ST_VERSION": 90, "DAYS_TERMINATION": 365_243, "AMT_ANNUITY": 10.0}]
    )
    features = compute_history_features(rows, IDS.head(1))
    assert features["bureau_days_left_max_active"].to_list() == [90]
    assert features["previous_left_to_pay_sum_running"].to_list() == [40]
