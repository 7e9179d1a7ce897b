"""How gaps are measured."""

import polars as pl
import pytest

from credit_scoring.data_contracts import table_named
from credit_scoring.synthetic_data.profile import calibration
from scripts.calibration.comparison import Gap, column_gaps, row_count_gap, rows_per_client_gaps


def _balance(states: list[str], months: list[float]) -> pl.DataFrame:
    return pl.DataFrame({"SK_ID_BUREAU": [1.0] * len(states), "MONTHS_BALANCE": months, "STATUS": states})


def test_shares_quartiles_and_nulls_of_each_column_are_measured() -> None:
    gaps = column_gaps(table_named("bureau_balance"), _balance(["C", "C", "0", "Z"], [-46.0, -25.0, -11.0, 0.0]))
    found = {(gap.column, gap.measure): gap for gap in gaps}
    closed = found["STATUS", "share of C"]
    assert closed.found == 0.5
    assert closed.published == pytest.approx(0.499891, abs=1e-6)
    assert closed.is_within
    unknown = found["STATUS", "share of Z"]
    assert (unknown.published, unknown.found, unknown.is_within) == (0.0, 0.25, False)
    median = found["MONTHS_BALANCE", "quartile 50%"]
    assert median.size == pytest.approx(abs(-18.0 - -25.0) / 23.86451)
    assert found["MONTHS_BALANCE", "null share"].is_within
    assert not any(column == "SK_ID_BUREAU" for column, _ in found)


def test_rows_are_compared_with_what_that_many_clients_would_have() -> None:
    table = table_named("bureau")
    assert row_count_gap(table, rows=482, clients=100).is_within
    assert not row_count_gap(table, rows=600, clients=100).is_within


def test_clients_without_rows_are_counted() -> None:
    clients = pl.Series("SK_ID_CURR", [1.0, 2.0, 3.0, 4.0])
    rows = pl.Series("SK_ID_CURR", [1.0, 1.0, 2.0, 9.0])
    gaps = list(rows_per_client_gaps("bureau", "train", clients, rows))
    assert gaps[0].found == 0.5
    assert not gaps[0].is_within
    assert gaps[2].found == 1.5
    assert list(rows_per_client_gaps("installments_payments", "test", clients, clients)) == []


def test_a_gap_is_relative_to_its_tolerance() -> None:
    gap = Gap("bureau", "DAYS_CREDIT", "quartile 50%", -987.0, -900.0, tolerance=0.1, unit=870.0)
    assert gap.relative == pytest.approx(1.0)
    assert not Gap("bureau", "DAYS_CREDIT", "quartile 50%", -987.0, -890.0, 0.1, 870.0).is_within


def test_calibration_states_where_its_numbers_come_from_and_stays_small() -> None:
    assert "no rows" in calibration()["origin"]
    assert set(calibration()["columns"]["bureau"]["columns"]) == set(table_named("bureau").column_names)
